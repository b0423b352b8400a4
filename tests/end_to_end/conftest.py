"""The home of a newcomer's first run, which every test of this folder may look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from include import runs
from tests.end_to_end.homes import at_work, finish, newest_run, settings_of


@dataclass
class Ended:
    """A finished command in its home."""

    home: Path
    code: int
    said: str
    left: list[str]

    def record(self, step: str) -> Any:
        run_id = newest_run(self.home)
        assert run_id
        return runs.read(settings_of(self.home), run_id, step)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """The first run in an empty home."""
    home = tmp_path_factory.mktemp("home")
    code, said = finish(home, "run")
    return Ended(home, code, said, at_work(home))
