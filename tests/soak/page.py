"""The page that `make soak` writes, ``docs/soak.md``: a line for everything that was repeated."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from datetime import datetime

import psutil
import pytest

from include.periods import SHANGHAI
from include.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "soak.md"
Note = Callable[[str, str], None]


@pytest.fixture(scope="session")
def note(request: pytest.FixtureRequest) -> Note:
    """Note one line of the page: what was done, and what was seen; a run that is stopped leaves what it had noted."""
    lines: dict[str, str] = {}

    def add(what: str, seen: str) -> None:
        lines[what] = seen
        if request.config.getoption("--soak"):
            PAGE.write_text(_page(lines), encoding="utf-8")

    return add


def _page(lines: dict[str, str]) -> str:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    machine = f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB of memory"
    table = "".join(f"| {what} | {seen} |\n" for what, seen in lines.items())
    return (
        "# What many repetitions showed\n\n"
        "Written by `make soak`; nobody edits it.\n\n"
        f"{datetime.now(SHANGHAI):%Y-%m-%d}, on {machine}; largest process started: {peak:.0f} MiB.\n\n"
        f"| what | seen |\n| --- | --- |\n{table}"
    )
