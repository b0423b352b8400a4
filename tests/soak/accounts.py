"""Whether every file is accounted for, and every row of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from include.ingest import inbox, landing
from include.privacy import mask
from include.settings import Settings
from tests.soak.mutations import Delivery

STATUSES = {"accepted", "held", "quarantined", "duplicate"}


def faults(settings: Settings, delivered: list[Delivery], entries: list[dict[str, Any]]) -> list[str]:
    """What does not add up after a run: an empty list when every file and row is accounted for."""
    found = [f"in the inbox: {path.name}" for path in settings.inbox.rglob("*") if path.is_file()]
    found += [f"still taken: {path.name}" for path in inbox.taking_folder(settings).rglob("*") if path.is_file()]
    known = {entry["delivery_id"] for entry in landing.read_ledger(settings)}
    names = sorted(entry["source_name"] for entry in entries)
    wanted = sorted(inbox.shown(each.name) for each in delivered)
    if names != wanted:
        found.append(f"files and entries differ: {sorted(set(names) ^ set(wanted))[:5]}, {len(names)} of {len(wanted)}")
    contents = {inbox.shown(each.name): each.content for each in delivered}
    for entry in entries:
        wrong = _faults_of(settings, entry, contents.get(entry["source_name"], b""), known)
        found += [f"{entry['dataset']} {entry['source_name']}: {fault}" for fault in wrong]
    return found


def _faults_of(settings: Settings, entry: dict[str, Any], content: bytes, known: set[str]) -> list[str]:
    found = []
    if entry["status"] not in STATUSES or entry["delivery_id"] not in known:
        found.append("not in the ledger")
    if entry["rows_read"] != entry["rows_accepted"] + entry["rows_quarantined"] + entry["rows_duplicate"]:
        found.append("rows do not add up")
    said = json.dumps([entry["reason"], entry["notes"]], ensure_ascii=False)
    if mask(said) != said:
        found.append("its reason quotes data")
    if entry["reason"] and entry["reason"]["code"] == "crashed_reader":
        found.append("it brought its reader down")
    if entry["status"] in ("accepted", "held"):
        found += _faults_of_rows(settings, entry)
    if not any(path.read_bytes() == content for path in _kept(settings, entry)):
        found.append("its bytes are not kept")
    return found


def _faults_of_rows(settings: Settings, entry: dict[str, Any]) -> list[str]:
    folder = landing.delivery_folder(settings, entry["dataset"], entry["period"], entry["delivery_id"])
    counts = {
        "rows_accepted": _rows(folder / "data.parquet"),
        "rows_quarantined": _rows(folder / "quarantined.parquet"),
    }
    return [
        f"{name}: {entry[name]} in the ledger, {count} landed" for name, count in counts.items() if entry[name] != count
    ]


def _rows(path: Path) -> int:
    if not path.exists():
        return 0
    (count,) = duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}', hive_partitioning = false)").fetchall()[0]
    return int(count)


def _kept(settings: Settings, entry: dict[str, Any]) -> list[Path]:
    refused = landing.refused_folder(settings, entry["delivery_id"])
    if entry["status"] == "quarantined":
        return [path for path in refused.iterdir() if path.name != landing.LEDGER_FILE]
    return list(settings.received.rglob(f"{entry['delivery_id'][:12]}_*"))
