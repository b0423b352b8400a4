"""Taking in what a department left in the inbox, file by file, each a delivery of its own."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from include import runs
from include.contracts import load_contracts
from include.ingest import inbox, landing
from include.ingest.gathering import HOME_DEPARTMENT
from include.ingest.supervisor import Supervisor
from include.privacy import guarded
from include.settings import Settings, private_folder

SECONDS_OF_A_DAY = 86_400


@dataclass
class Intake:
    """What one run took in for a department: a ledger entry a file, and what still waits and why."""

    department: str
    run_id: str
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Files by status, and rows as they were accounted for."""
        statuses = [entry["status"] for entry in self.deliveries]
        names = ("rows_read", "rows_accepted", "rows_quarantined", "rows_duplicate")
        return {
            "files": len(self.deliveries),
            **{status: statuses.count(status) for status in ("accepted", "held", "quarantined", "duplicate")},
            **{name: sum(entry[name] for entry in self.deliveries) for name in names},
            "waiting": len(self.waiting),
        }

    def as_record(self) -> dict[str, Any]:
        """The intake as the run keeps it."""
        return {
            "department": self.department,
            "counts": self.counts(),
            "deliveries": self.deliveries,
            "waiting": self.waiting,
        }


def departments() -> list[str]:
    """The departments that owe anything, in alphabetical order."""
    return sorted({contract.department for contract in load_contracts().values()})


@guarded("ingest")
def take_in(settings: Settings, department: str, run_id: str) -> Intake:
    """Take in every settled file of a department; regions come first, whoever runs first.

    A file that cannot be taken in yet stays where it is; one that never can is kept in quarantine with its
    reason; neither stops the others. The record lies in ``state/runs/<run_id>/ingest_<department>.json``.
    """
    intake = Intake(department, run_id)
    earlier = os.umask(0o077)
    try:
        _sweep_scratch(settings)
        landing.write_schemas(settings)
        _take_all(settings, department, intake)
    finally:
        os.umask(earlier)
    runs.write(settings, run_id, f"ingest_{department}", intake.as_record())
    return intake


def _sweep_scratch(settings: Settings) -> None:
    """Delete what a desk left that was killed together with whoever started it; none works for a day on one file."""
    for folder in settings.scratch.glob("ingest_*"):
        with suppress(FileNotFoundError):  # its own desk may be leaving it at this moment
            if time.time() - folder.stat().st_mtime > SECONDS_OF_A_DAY:
                shutil.rmtree(folder)


def _take_all(settings: Settings, department: str, intake: Intake) -> None:
    with _lock(settings, "regions"):
        _take_department(settings, HOME_DEPARTMENT, intake, only_folder="region")
    with _lock(settings, department):
        _take_department(settings, department, intake, only_folder=None)
    if department == HOME_DEPARTMENT:
        for stranger in _strangers(settings):
            with _lock(settings, stranger or "loose"):
                _take_department(settings, stranger, intake, only_folder=None)


def _strangers(settings: Settings) -> list[str]:
    """Folders of the inbox that belong to no department, and ``""`` for files that lie in no folder."""
    return ["", *sorted(set(inbox.departments_present(settings)) - set(departments()))]


@contextmanager
def _lock(settings: Settings, name: str) -> Iterator[None]:
    """One process at a time; the lock falls with the process, however it ends."""
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
    path = private_folder(settings.state / "locks") / f"ingest_{digest}.lock"
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _take_department(settings: Settings, department: str, intake: Intake, only_folder: str | None) -> None:
    supervisor = Supervisor(settings, intake.run_id)
    supervisor.receive(supervisor.gather(department, only_folder))
    intake.deliveries += supervisor.deliveries.values()
    intake.waiting += supervisor.waiting
