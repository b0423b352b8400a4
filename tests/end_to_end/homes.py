"""A home of its own for a command of the project, and who is still at work in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from include import runs
from include.settings import REPOSITORY, Settings

SCALE = 0.01


def command(home: Path, *arguments: str) -> list[str]:
    """``python -m include …`` of this repository."""
    return [sys.executable, "-m", "include", *arguments]


def settings_of(home: Path) -> Settings:
    """The settings of a home, as the commands below it see them."""
    return Settings(home=home, scale=SCALE)


def start(home: Path, *arguments: str, scale: float = SCALE) -> subprocess.Popen[str]:
    """Start a command in a home; its output can be read from the pipe."""
    environment = settings_of(home).child_environment(SCALE=str(scale), AS_OF="", KNOWN_AT="")
    return subprocess.Popen(
        command(home, *arguments), cwd=REPOSITORY, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(home: Path, *arguments: str, scale: float = SCALE) -> tuple[int, str]:
    """Run a command to its end; its exit code and what it said."""
    process = start(home, *arguments, scale=scale)
    said, _ = process.communicate()
    return process.returncode, said


def at_work(home: Path) -> list[str]:
    """The command lines of all processes that work in a home."""
    mark = f"WAREHOUSE_HOME={home}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def newest_run(home: Path) -> str | None:
    """The run begun last, if any."""
    begun = runs.all_runs(settings_of(home))
    return begun[-1] if begun else None
