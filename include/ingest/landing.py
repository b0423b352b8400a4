"""Where deliveries lie once they are taken in, and the ledger that their ``delivery.json`` files are.

A delivery exists when its ``delivery.json`` does: it is written last, under a temporary name, and renamed.
Whatever lies beside a missing ledger entry was left by a run that died, and is swept by the next one.
A ledger line never changes. What a person decides on a held delivery is a second file beside it, ``decision.json``,
written once (:mod:`include.ingest.decisions`); whoever reads the ledger sees the two together.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from include.contracts import Contract, load_contracts
from include.ingest.schema import data_columns, quarantined_columns, quoted
from include.privacy import guarded
from include.settings import Settings, private_folder

LEDGER_FILE = "delivery.json"
DECISION_FILE = "decision.json"
DECIDED_STATUS = {"released": "accepted", "refused": "quarantined"}
SCHEMA_PERIOD = "000000"
SCHEMA_DELIVERY = "contract"


def delivery_folder(settings: Settings, dataset: str, period: str, delivery_id: str) -> Path:
    """Where one accepted delivery lies."""
    return settings.landing / dataset / f"period={period}" / f"delivery={delivery_id}"


def data_file(settings: Settings, entry: Mapping[str, Any]) -> Path:
    """The accepted rows of a landed delivery."""
    return delivery_folder(settings, entry["dataset"], entry["period"], entry["delivery_id"]) / "data.parquet"


def refused_folder(settings: Settings, delivery_id: str) -> Path:
    """Where a file that was refused whole, or the note of a duplicate, lies."""
    return settings.quarantine / f"delivery={delivery_id}"


def write_ledger_entry(folder: Path, entry: dict[str, Any]) -> None:
    """Write ``delivery.json`` beside its place, flush it to the disk and rename it: the moment a delivery exists."""
    temporary = folder / f".{LEDGER_FILE}.tmp"
    write_whole(temporary, entry)
    temporary.rename(folder / LEDGER_FILE)


def write_whole(path: Path, record: dict[str, Any]) -> None:
    """Write a record as JSON and flush it to the disk; whoever calls gives it its real name afterwards."""
    with path.open("w", encoding="utf-8") as stream:
        json.dump(record, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_entry(folder: Path) -> dict[str, Any] | None:
    """The line that was written when a delivery was taken in, or None when the delivery does not exist."""
    return _read_json(folder / LEDGER_FILE)


def read_decision(folder: Path) -> dict[str, Any] | None:
    """What a person decided on a held delivery, or None while nobody has."""
    return _read_json(folder / DECISION_FILE)


def read_ledger(settings: Settings, known_at: str | None = None) -> list[dict[str, Any]]:
    """Every delivery ever taken in or refused, by (received_at, delivery_id), as its decision left it.

    ``known_at`` leaves out what came later: deliveries, and decisions on deliveries that were held by then.
    """
    return _known(_ledger_folders(settings), known_at)


def dataset_ledger(settings: Settings, dataset: str) -> list[dict[str, Any]]:
    """The landed deliveries of one dataset, accepted, held or decided on."""
    return _known(path.parent for path in (settings.landing / dataset).glob(f"period=*/delivery=*/{LEDGER_FILE}"))


def _known(folders: Iterable[Path], known_at: str | None = None) -> list[dict[str, Any]]:
    moment = _moment(known_at) if known_at else None
    lines = [(folder, entry) for folder in folders if (entry := read_entry(folder)) is not None]
    known = [
        decided(entry, read_decision(folder) if entry["status"] == "held" else None, moment)
        for folder, entry in lines
        if moment is None or _moment(entry["received_at"]) <= moment
    ]
    return sorted(known, key=lambda entry: (entry["received_at"], entry["delivery_id"]))


def decided(entry: dict[str, Any], decision: dict[str, Any] | None, moment: datetime | None = None) -> dict[str, Any]:
    """A ledger line with what a decision that was known by ``moment`` makes of it; place and time of arrival stay."""
    if decision is None or (moment is not None and _moment(decision["decided_at"]) > moment):
        return entry
    return entry | {
        "status": DECIDED_STATUS[decision["decision"]],
        "reason": decision["reason"] or entry["reason"],
        **{name: decision[name] for name in ("decision", "decided_at", "decided_by")},
    }


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _ledger_folders(settings: Settings) -> Iterator[Path]:
    for path in settings.landing.glob(f"*/period=*/delivery=*/{LEDGER_FILE}"):
        yield path.parent
    for path in settings.quarantine.glob(f"delivery=*/{LEDGER_FILE}"):
        yield path.parent


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.astimezone()


def sweep(settings: Settings, dataset: str) -> None:
    """Delete what runs that died left of a dataset: folders that never got their ledger entry."""
    for folder in (settings.landing / dataset).glob("period=*/delivery=*"):
        is_schema = folder.name == f"delivery={SCHEMA_DELIVERY}"
        if not is_schema and not (folder / LEDGER_FILE).exists():
            shutil.rmtree(folder)


@guarded("write_schemas")
def write_schemas(settings: Settings) -> None:
    """Write an empty delivery with each contract's schema, so that every query over landing finds its columns.

    They lie under the period ``000000`` without a ledger entry and are replaced whenever the contract changed.
    """
    connection: duckdb.DuckDBPyConnection | None = None
    for contract in load_contracts().values():
        folder = private_folder(delivery_folder(settings, contract.dataset, SCHEMA_PERIOD, SCHEMA_DELIVERY))
        stamp = folder / "contract_version"
        if stamp.exists() and stamp.read_text(encoding="ascii") == contract.version:
            continue
        connection = connection or duckdb.connect()
        _write_empty(connection, folder, contract)
        stamp.write_text(contract.version, encoding="ascii")
    if connection is not None:
        connection.close()


def _write_empty(connection: duckdb.DuckDBPyConnection, folder: Path, contract: Contract) -> None:
    for file_name, columns in (
        ("data.parquet", data_columns(contract)),
        ("quarantined.parquet", quarantined_columns(contract)),
    ):
        values = ", ".join(f"CAST(NULL AS {sql_type}) AS {quoted(name)}" for name, sql_type in columns)
        temporary = folder / f".{os.getpid()}.{file_name}"
        connection.execute(f"COPY (SELECT {values} WHERE false) TO {literal(temporary)} (FORMAT parquet)")
        temporary.rename(folder / file_name)


def literal(value: Path | str) -> str:
    """A text or a path as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"
