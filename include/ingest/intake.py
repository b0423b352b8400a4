"""Taking in what a department left in the inbox, file by file, each a delivery of its own."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from include import runs
from include.contracts import Contract, load_contracts
from include.ingest import inbox, landing
from include.ingest.engine import open_engine
from include.ingest.inbox import InboxFile
from include.ingest.judging import Counts, judge, release, write_rows
from include.ingest.keys import padded_blocks
from include.ingest.reading import detect_format, read_rows
from include.ingest.reasons import RefusedFileError, reason_record
from include.ingest.regions import REGION_DATASET, Regions, load_regions
from include.periods import SHANGHAI
from include.privacy import guarded
from include.settings import Settings, private_folder

HOME_DEPARTMENT = "civil_affairs"
_OURS_TO_REPORT = (MemoryError, OSError, duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException)


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
    os.umask(0o077)
    landing.write_schemas(settings)
    intake = Intake(department, run_id)
    with _lock(settings, "regions"):
        _take_department(settings, HOME_DEPARTMENT, intake, only_folder="region")
    with _lock(settings, department):
        _take_department(settings, department, intake, only_folder=None)
    if department == HOME_DEPARTMENT:
        for stranger in _strangers(settings):
            with _lock(settings, stranger or "loose"):
                _take_department(settings, stranger, intake, only_folder=None)
    runs.write(settings, run_id, f"ingest_{department}", intake.as_record())
    return intake


def _strangers(settings: Settings) -> list[str]:
    """Folders of the inbox that belong to no department, and ``""`` for files that lie in no folder."""
    return ["", *sorted(set(inbox.departments_present(settings)) - set(departments()))]


@contextmanager
def _lock(settings: Settings, name: str) -> Iterator[None]:
    """One process at a time; the lock falls with the process, however it ends."""
    path = private_folder(settings.state / "locks") / f"ingest_{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock"
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _take_department(settings: Settings, department: str, intake: Intake, only_folder: str | None) -> None:
    folder_of_department = department or "_"
    files = inbox.left_behind(settings, folder_of_department)
    for path in inbox.settled_files(_candidates(settings, department, only_folder)):
        below = path.relative_to(settings.inbox / department).parts
        folder = below[0] if len(below) > 1 else "_"
        taken = inbox.take(settings, path, folder_of_department, folder)
        if taken is not None:
            files.append(taken)
    if only_folder is not None:
        files = [file for file in files if file.folder == only_folder]
    elif department == HOME_DEPARTMENT:
        files = [file for file in files if file.folder != "region"]
    if files:
        with _Desk(settings, intake) as desk:
            for file in sorted(files, key=_order):
                desk.receive(file)


def _candidates(settings: Settings, department: str, only_folder: str | None) -> list[Path]:
    root = settings.inbox / department
    if not department:
        return [path for path in inbox.files_below(root) if path.parent == root] if root.is_dir() else []
    if only_folder is not None:
        return inbox.files_below(root / only_folder)
    paths = inbox.files_below(root)
    is_home = department == HOME_DEPARTMENT
    return [path for path in paths if not (is_home and path.is_relative_to(root / "region"))]


def _order(file: InboxFile) -> tuple[str, str, str]:
    name = inbox.delivered_name(file.path)
    digits = "".join(char if char.isdigit() else " " for char in name).split()
    period = next((digit for digit in digits if len(digit) == 6), "")
    return period, file.folder, name


class _Desk:
    """Where files are received one after the other, with one engine and one view of the regions."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self.settings = settings
        self.intake = intake
        self.scratch = settings.scratch / f"ingest_{os.getpid()}_{secrets.token_hex(3)}"
        self.contracts = {
            (contract.department, contract.short_name): contract for contract in load_contracts().values()
        }
        self.regions: Regions | None = None
        self.keys = padded_blocks(settings.identity_key())

    def __enter__(self) -> _Desk:
        private_folder(self.scratch)
        self.connection = open_engine(self.settings, self.scratch)
        self.refresh_regions()
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def refresh_regions(self) -> None:
        """Read the regions anew, as after a delivery of them."""
        self.regions = load_regions(self.settings)
        self.regions.create_tables(self.connection)

    def receive(self, file: InboxFile) -> None:
        """Make one file a delivery: landed, refused or found to be a duplicate; or leave it waiting."""
        contract = self.contracts.get((file.department, file.folder))
        entry = self._new_entry(file, contract)
        try:
            if not inbox.is_regular(file.path):
                raise RefusedFileError("not_a_regular_file")
            entry["bytes"] = file.path.stat().st_size
            entry["sha256"] = _digest(file.path)
            if contract is None:
                raise RefusedFileError("unknown_dataset", file.folder[:60])
            name = inbox.read_name(inbox.delivered_name(file.path), contract, file.received_at)
            if contract.has_regions and not self.regions:
                self.intake.waiting.append({"file": file.name, "reason": "等待行政区划 / waiting for regions"})
                return
            entry |= {"period": str(name.period), "part": name.part, "part_code": self._part_code(contract, name.part)}
            entry["delivery_id"] = _identity(entry["sha256"], contract.dataset, entry["period"], entry["part_code"])
            if self._finish_if_known(file, contract, entry):
                return
            self._land(file, contract, entry, name.extension)
        except RefusedFileError as refusal:
            self._refuse(file, entry, refusal)
        finally:
            release(self.connection)

    def _new_entry(self, file: InboxFile, contract: Contract | None) -> dict[str, Any]:
        return {
            "delivery_id": "",
            "dataset": contract.dataset if contract else f"{file.department}.{file.folder}"[:100],
            "period": "",
            "part": "",
            "part_code": "",
            "source_name": file.name,
            "sha256": "",
            "bytes": 0,
            "received_at": file.received_at.isoformat(timespec="microseconds"),
            "encoding": None,
            "format": None,
            "rows_read": 0,
            "rows_accepted": 0,
            "rows_quarantined": 0,
            "rows_duplicate": 0,
            "status": "quarantined",
            "reason": None,
            "drift": [],
            "notes": [],
            "run_id": self.intake.run_id,
            "contract_version": contract.version if contract else None,
        }

    def _part_code(self, contract: Contract, part: str) -> str:
        if contract.parts != "town" or not part or not self.regions:
            return part
        return self.regions.town(part) or part

    def _finish_if_known(self, file: InboxFile, contract: Contract, entry: dict[str, Any]) -> bool:
        """Same bytes for the same dataset, period and town: finish what a dead run began, or note a duplicate."""
        period_folder = landing.delivery_folder(self.settings, contract.dataset, entry["period"], "x").parent
        for folder in sorted(period_folder.glob("delivery=*")):
            known = landing.read_entry(folder)
            if known is None or known["sha256"] != entry["sha256"]:
                continue
            if known["received_at"] == entry["received_at"]:
                self.intake.deliveries.append(known)  # landed by a run that died before it could put the file away
                self._put_away(file, known["delivery_id"])
                return True
            if contract.parts is None or known["part_code"] == entry["part_code"]:
                self._note_duplicate(file, entry, known["delivery_id"])
                return True
        return False

    def _note_duplicate(self, file: InboxFile, entry: dict[str, Any], first: str) -> None:
        entry["delivery_id"] = _identity(entry["delivery_id"], entry["received_at"])
        entry |= {"status": "duplicate", "reason": reason_record("duplicate", first)}
        folder = private_folder(landing.refused_folder(self.settings, entry["delivery_id"]))
        landing.write_ledger_entry(folder, entry)
        self.intake.deliveries.append(entry)
        self._put_away(file, entry["delivery_id"])

    def _land(self, file: InboxFile, contract: Contract, entry: dict[str, Any], extension: str) -> None:
        entry["format"] = detect_format(file.path, extension)
        counts = self._judged(file, contract, entry)
        if counts.read == 0 and contract.empty == "refused":
            raise RefusedFileError("no_rows")
        folder = landing.delivery_folder(self.settings, contract.dataset, entry["period"], entry["delivery_id"])
        if folder.exists():
            shutil.rmtree(folder)  # a run died while it wrote here; without a ledger entry it is no delivery
        private_folder(folder)
        write_rows(self.connection, contract, counts, folder)
        entry |= {
            "rows_read": counts.read,
            "rows_accepted": counts.accepted,
            "rows_quarantined": counts.quarantined,
            "rows_duplicate": counts.duplicate,
            "status": "held" if counts.too_many_bad else "accepted",
            "reason": reason_record("too_many_bad_rows") if counts.too_many_bad else None,
        }
        landing.write_ledger_entry(folder, entry)
        self.intake.deliveries.append(entry)
        self._put_away(file, entry["delivery_id"])
        if contract.dataset == REGION_DATASET:
            self.refresh_regions()

    def _judged(self, file: InboxFile, contract: Contract, entry: dict[str, Any]) -> Counts:
        work = private_folder(self.scratch / entry["delivery_id"])
        today = f"DATE '{file.received_at.astimezone(SHANGHAI).date().isoformat()}'"
        try:
            rows = read_rows(self.connection, contract, file.path, entry["format"], work)
            entry |= {"encoding": rows.encoding, "drift": rows.drift, "notes": rows.notes}
            return judge(self.connection, contract, rows, today, self.keys)
        except (RefusedFileError, *_OURS_TO_REPORT):
            raise
        except (duckdb.Error, ValueError, LookupError) as error:
            raise RefusedFileError("unreadable", type(error).__name__) from None
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _refuse(self, file: InboxFile, entry: dict[str, Any], refusal: RefusedFileError) -> None:
        """Keep the file whole in quarantine beside its ledger entry."""
        version = entry["contract_version"] or ""
        entry["delivery_id"] = _identity(
            entry["sha256"], entry["dataset"], entry["source_name"], version, entry["received_at"]
        )
        entry |= {"status": "quarantined", "reason": refusal.as_record(), "rows_read": refusal.rows_read}
        folder = private_folder(landing.refused_folder(self.settings, entry["delivery_id"]))
        kept = folder / file.name.replace("/", "\ufffd")[:80]
        if not kept.exists() and inbox.is_regular(file.path):
            os.link(file.path, kept)
        landing.write_ledger_entry(folder, entry)
        self.intake.deliveries.append(entry)
        file.path.unlink()

    def _put_away(self, file: InboxFile, delivery_id: str) -> None:
        place = private_folder(self.settings.received / file.department / file.folder)
        file.path.replace(place / f"{delivery_id[:12]}_{file.name[:60]}")


def _identity(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def received_moment(entry: dict[str, Any]) -> datetime:
    """The moment a ledger entry was received."""
    return datetime.fromisoformat(entry["received_at"])
