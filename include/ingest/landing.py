"""Where deliveries lie once they are taken in, and the ledger that their ``delivery.json`` files are.

A delivery exists when its ``delivery.json`` does: it is written last, under a temporary name, and renamed.
Whatever lies beside a missing ledger entry was left by a run that died, and is swept by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from include.contracts import Contract, load_contracts
from include.ingest.schema import data_columns, quarantined_columns, quoted
from include.privacy import guarded
from include.settings import Settings, private_folder

LEDGER_FILE = "delivery.json"
SCHEMA_PERIOD = "000000"
SCHEMA_DELIVERY = "contract"


def delivery_folder(settings: Settings, dataset: str, period: str, delivery_id: str) -> Path:
    """Where one accepted delivery lies."""
    return settings.landing / dataset / f"period={period}" / f"delivery={delivery_id}"


def refused_folder(settings: Settings, delivery_id: str) -> Path:
    """Where a file that was refused whole, or the note of a duplicate, lies."""
    return settings.quarantine / f"delivery={delivery_id}"


def write_ledger_entry(folder: Path, entry: dict[str, Any]) -> None:
    """Write ``delivery.json`` beside its place, flush it to the disk and rename it: the moment a delivery exists."""
    temporary = folder / f".{LEDGER_FILE}.tmp"
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(entry, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.rename(folder / LEDGER_FILE)


def read_entry(folder: Path) -> dict[str, Any] | None:
    """The ledger entry of a delivery's folder, or None when the delivery does not exist."""
    try:
        return json.loads((folder / LEDGER_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def read_ledger(settings: Settings, known_at: str | None = None) -> list[dict[str, Any]]:
    """Every delivery ever taken in or refused, by (received_at, delivery_id); ``known_at`` leaves out later ones."""
    moment = _moment(known_at) if known_at else None
    entries = [entry for folder in _ledger_folders(settings) if (entry := read_entry(folder)) is not None]
    known = [entry for entry in entries if moment is None or _moment(entry["received_at"]) <= moment]
    return sorted(known, key=lambda entry: (entry["received_at"], entry["delivery_id"]))


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
