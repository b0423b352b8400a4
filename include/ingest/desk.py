"""The desk where files are received: each becomes one delivery, landed, refused, or known already."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from include.contracts import Contract, load_contracts
from include.ingest import inbox, landing, pulls
from include.ingest.archives import BROKEN
from include.ingest.engine import open_engine
from include.ingest.formats import detect_format
from include.ingest.holds import Standing, why_held
from include.ingest.inbox import InboxFile
from include.ingest.judging import judge, release, write_rows
from include.ingest.reading import RawRows, read_rows
from include.ingest.reasons import RefusedFileError, reason_record
from include.ingest.regions import REGION_DATASET, Regions, load_regions
from include.periods import SHANGHAI
from include.settings import Settings, private_folder

MOST_FILES_TOGETHER = 40
MOST_BYTES_TOGETHER = 4 << 20
# What leaves the process unfit to go on: whoever watches over it tries the files that were open one by one.
ENGINE_LOST = (MemoryError, duckdb.OutOfMemoryException, duckdb.FatalException)
# What says that this machine cannot work now, not that a file is bad: the run stops and the file stays taken.
_NOT_THE_FILE = (*ENGINE_LOST, OSError, duckdb.IOException)
# What the part of a file's name is where a list came in several: 1, 三星镇_2, 第3批.
_NUMBERED = re.compile(r"(?:(?P<place>.+?)[-_－—])?(?:第|part|p)?(?P<number>\d{1,3})(?:批|份|部分)?", re.IGNORECASE)
Tell = Callable[[str, InboxFile, dict[str, Any]], None]


def _tell_nobody(what: str, file: InboxFile, record: dict[str, Any]) -> None:
    """Nobody watches over this desk."""


@dataclass
class _Opened:
    """A file whose cells are staged and that waits to be judged."""

    file: InboxFile
    contract: Contract
    entry: dict[str, Any]
    rows: RawRows

    @property
    def day(self) -> str:
        """The day on which it was received, by which future dates are told."""
        return _day(self.file)


class Desk:
    """Receives files with one engine and one view of the regions; ``deliveries`` and ``waiting`` say what came of it.

    Small files of one dataset are opened one by one and judged together. Whatever goes wrong with one stays with
    it: if judging together fails, each is judged by itself. ``tell`` hears of a file when it is ``opened``, and of
    its entry when it is ``delivered`` or why it goes on ``waiting``.
    """

    def __init__(self, settings: Settings, run_id: str, tell: Tell = _tell_nobody) -> None:
        self.settings = settings
        self.run_id = run_id
        self._tell = tell
        self.deliveries: list[dict[str, Any]] = []
        self.waiting: list[dict[str, str]] = []
        self._scratch = settings.scratch / f"ingest_{os.getpid()}_{secrets.token_hex(3)}"
        self._contracts = {
            (contract.department, contract.short_name): contract for contract in load_contracts().values()
        }
        self._key = settings.identity_key()
        self._regions = Regions({}, {})
        self._standing = Standing(settings)
        self._opened: dict[int, _Opened] = {}
        self._next_number = 0

    def __enter__(self) -> Desk:
        private_folder(self._scratch)
        self._connection = open_engine(self._scratch)
        self._refresh_regions()
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _refresh_regions(self) -> None:
        self._regions = load_regions(self.settings)
        self._regions.lay_into(self._connection)

    def receive(self, files: Iterable[InboxFile]) -> None:
        """Make every file a delivery, or leave it waiting."""
        for file in files:
            contract = self._contracts.get((file.department, file.folder))
            entry = self._new_entry(file, contract)
            self._tell("opened", file, {})
            try:
                self._open(file, contract, entry)
            except RefusedFileError as refusal:
                self._refuse(file, entry, refusal)
                self._connection.execute("SELECT 1")  # a damaged workbook may have cost the engine, which says so here
            if self._is_full():
                self._judge_opened()
        self._judge_opened()

    def _note(self, file: InboxFile, entry: dict[str, Any]) -> None:
        self.deliveries.append(entry)
        self._tell("delivered", file, entry)

    def _wait(self, file: InboxFile, reason: str) -> None:
        self.waiting.append({"file": file.name, "reason": reason})
        self._tell("waiting", file, self.waiting[-1])

    def _is_full(self) -> bool:
        size = sum(opened.entry["bytes"] for opened in self._opened.values())
        return len(self._opened) >= MOST_FILES_TOGETHER or size >= MOST_BYTES_TOGETHER

    def condemn(self, file: InboxFile, detail: str) -> None:
        """Refuse a file that nobody could read to its end; what was begun of it is swept."""
        contract = self._contracts.get((file.department, file.folder))
        entry = self._new_entry(file, contract)
        entry |= {"bytes": file.path.stat().st_size, "sha256": _digest(file.path)}
        if contract is not None:
            landing.sweep(self.settings, contract.dataset)
        self._refuse(file, entry, RefusedFileError("crashed_reader", detail))

    def _open(self, file: InboxFile, contract: Contract | None, entry: dict[str, Any]) -> None:
        """Read a file as far as its cells; what is left to do with it waits among the opened ones."""
        if not inbox.is_regular(file.path):
            raise RefusedFileError("not_a_regular_file")
        entry["bytes"] = file.path.stat().st_size
        entry["sha256"] = _digest(file.path)
        if file.is_pulled:
            entry |= pulls.ledger_facts(file.path)
        if contract is None:
            raise RefusedFileError("unknown_dataset", inbox.shown(file.folder)[:60])
        name = inbox.read_name(inbox.delivered_name(file.path), contract, file.received_at)
        if contract.has_regions and not self._regions:
            self._wait(file, "等待行政区划 / waiting for regions")
            return
        part_code, sequence = self._place_of(contract, name.part)
        entry |= {"period": str(name.period), "part": name.part, "part_code": part_code, "sequence": sequence}
        entry["delivery_id"] = _identity(entry["sha256"], contract.dataset, entry["period"], entry["part_code"])
        self._judge_if_apart(file, contract, entry)
        if self._finish_if_known(file, contract, entry):
            return
        entry["format"] = entry["format"] or detect_format(file.path, name.extension)
        self._next_number += 1
        self._opened[self._next_number] = _Opened(file, contract, entry, self._staged(file, contract, entry))

    def _judge_if_apart(self, file: InboxFile, contract: Contract, entry: dict[str, Any]) -> None:
        """Judge what is open before a file of another dataset or day, or one with the same bytes as an open one."""
        for opened in self._opened.values():
            is_alike = opened.contract is contract and opened.day == _day(file)
            if not is_alike or opened.entry["sha256"] == entry["sha256"]:
                self._judge_opened()
                return

    def _staged(self, file: InboxFile, contract: Contract, entry: dict[str, Any]) -> RawRows:
        number = self._next_number
        work = private_folder(self._scratch / f"file_{number}")
        try:
            rows = read_rows(self._connection, contract, file.path, entry["format"], work, number)
        except (RefusedFileError, *_NOT_THE_FILE):
            raise
        except (duckdb.Error, LookupError, *BROKEN) as error:
            raise RefusedFileError("unreadable", type(error).__name__) from None
        entry |= {"encoding": rows.encoding, "drift": rows.drift, "notes": rows.notes, "file_ids": rows.file_ids}
        return rows

    def _judge_opened(self) -> None:
        """Judge and land every opened file."""
        opened, self._opened = self._opened, {}
        try:
            try:
                self._judge_together(opened)
            except _NOT_THE_FILE:
                raise
            except (duckdb.Error, LookupError, *BROKEN):
                for number, one in opened.items():
                    self._judge_alone(number, one)
        finally:
            release(self._connection)
            for number in opened:
                shutil.rmtree(self._scratch / f"file_{number}", ignore_errors=True)
        if any(one.contract.dataset == REGION_DATASET for one in opened.values()):
            self._refresh_regions()

    def _judge_alone(self, number: int, opened: _Opened) -> None:
        if any(entry is opened.entry for entry in self.deliveries):
            return  # it was landed before another one failed
        try:
            self._judge_together({number: opened})
        except _NOT_THE_FILE:
            raise
        except (duckdb.Error, LookupError, *BROKEN) as error:
            self._refuse(opened.file, opened.entry, RefusedFileError("unreadable", type(error).__name__))

    def _judge_together(self, opened: dict[int, _Opened]) -> None:
        if not opened:
            return
        first = next(iter(opened.values()))
        files = {number: one.rows for number, one in opened.items()}
        judge(self._connection, first.contract, files, f"DATE '{first.day}'")
        for number, one in opened.items():
            self._land(number, one)

    def _land(self, number: int, opened: _Opened) -> None:
        entry, dataset = opened.entry, opened.contract.dataset
        folder = landing.delivery_folder(self.settings, dataset, entry["period"], entry["delivery_id"])
        if folder.exists():
            shutil.rmtree(folder)  # a run died while it wrote here; without a ledger entry it is no delivery
        private_folder(folder)
        counts = write_rows(self._connection, opened.contract, number, folder, self._key)
        if counts.read == 0 and opened.contract.empty == "refused":
            shutil.rmtree(folder)
            self._refuse(opened.file, entry, RefusedFileError("no_rows"))
            return
        entry |= {
            "rows_read": counts.read,
            "rows_accepted": counts.accepted,
            "rows_quarantined": counts.quarantined,
            "rows_duplicate": counts.duplicate,
        }
        held = why_held(opened.contract, entry, counts, self._standing)
        entry |= {"status": "held" if held else "accepted", "reason": held}
        landing.write_ledger_entry(folder, entry)
        self._standing.note(entry)
        self._note(opened.file, entry)
        self._put_away(opened.file, entry["delivery_id"])

    def _new_entry(self, file: InboxFile, contract: Contract | None) -> dict[str, Any]:
        return {
            "delivery_id": "",
            "dataset": contract.dataset if contract else file.dataset,
            "period": "",
            "part": "",
            "part_code": "",
            "sequence": "",
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
            "file_ids": {},
            "pulled": None,
            "run_id": self.run_id,
            "contract_version": contract.version if contract else None,
        }

    def _place_of(self, contract: Contract, part: str) -> tuple[str, str]:
        """Which place a part speaks for, empty for all of it, and its number where that came in several files."""
        if contract.parts != "town" or not part:
            return part, ""
        town = self._regions.town(part)
        numbered = None if town else _NUMBERED.fullmatch(part)
        if numbered is None:
            return town or part, ""
        place = numbered["place"] or ""
        return self._regions.town(place) or place, str(int(numbered["number"]))

    def _finish_if_known(self, file: InboxFile, contract: Contract, entry: dict[str, Any]) -> bool:
        """Same bytes for the same dataset, period and town: finish what a dead run began, or note a duplicate."""
        period_folder = landing.delivery_folder(self.settings, contract.dataset, entry["period"], "x").parent
        for folder in sorted(period_folder.glob("delivery=*")):
            known = landing.read_entry(folder)
            if known is None or known["sha256"] != entry["sha256"]:
                continue
            if known["received_at"] == entry["received_at"]:
                self._note(file, known)  # landed by a run that died before it could put the file away
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
        self._note(file, entry)
        self._put_away(file, entry["delivery_id"])

    def _refuse(self, file: InboxFile, entry: dict[str, Any], refusal: RefusedFileError) -> None:
        """Keep the file whole in quarantine beside its ledger entry."""
        version = entry["contract_version"] or ""
        entry["delivery_id"] = _identity(
            entry["sha256"], entry["dataset"], entry["source_name"], version, entry["received_at"]
        )
        entry |= {"status": "quarantined", "reason": refusal.as_record(), "rows_read": refusal.rows_read}
        folder = private_folder(landing.refused_folder(self.settings, entry["delivery_id"]))
        kept = folder / file.name.replace("/", "\ufffd")[:80]
        if inbox.is_regular(file.path):
            kept.unlink(missing_ok=True)
            os.link(file.path, kept)
        landing.write_ledger_entry(folder, entry)
        self._note(file, entry)
        file.path.unlink()

    def _put_away(self, file: InboxFile, delivery_id: str) -> None:
        place = private_folder(self.settings.received / file.department / file.folder)
        file.path.replace(place / f"{delivery_id[:12]}_{file.name[:60]}")


def _day(file: InboxFile) -> str:
    return file.received_at.astimezone(SHANGHAI).date().isoformat()


def _identity(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
