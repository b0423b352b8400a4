"""The replies of a department, each written once, beside the ledger and after it.

They are written right after the intake, so that a sender need not wait for a build or a gate. Whatever a run that
died did not write, the next one does; a reply that lies there is never written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from include.contracts import load_contracts
from include.ingest import landing
from include.ingest.intake import HOME_DEPARTMENT
from include.privacy import guarded
from include.replies.book import write_book
from include.replies.reply import compose, is_owed, shown
from include.settings import Settings, private_folder, put_in_place
from include.warehouse import engine

_FORBIDDEN_IN_FILE_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|\ufffd', "_"))


@guarded("reply")
def write_missing(settings: Settings, department: str) -> int:
    """Write every reply that a department's deliveries still lack; returns how many were written."""
    owed = [entry for entry in _entries(settings, department) if is_owed(entry)]
    missing = [(entry, path) for entry in owed if not (path := reply_path(settings, entry)).exists()]
    if not missing:
        return 0
    contracts = load_contracts()
    with engine.connect(settings, extensions=()) as connection:
        for entry, path in missing:
            private_folder(path.parent)
            with put_in_place(path) as temporary:
                write_book(temporary, compose(connection, settings, entry, contracts.get(entry["dataset"])))
    return len(missing)


def reply_path(settings: Settings, entry: dict[str, Any]) -> Path:
    """``outbox/replies/<department>/<dataset>_<YYYYMM>[_<part>]_<first 8 of delivery_id>[_refused].xlsx``."""
    department, _, dataset = entry["dataset"].partition(".")
    parts = (dataset, entry["period"], entry["part"][:40], entry["delivery_id"][:8], entry.get("decision", ""))
    name = "_".join(_plain(part) for part in parts if part)
    return settings.outbox / "replies" / (_plain(department) or "_") / f"{name}.xlsx"


def _plain(text: str) -> str:
    return shown(text).translate(_FORBIDDEN_IN_FILE_NAMES).strip(" .")


def _entries(settings: Settings, department: str) -> Iterator[dict[str, Any]]:
    """The ledger's lines of one department; what lies in nobody's folder is answered by the one that took it in."""
    known = {contract.department for contract in load_contracts().values()}
    accepted = settings.landing.glob(f"{department}.*/period=*/delivery=*")
    refused = settings.quarantine.glob("delivery=*")
    for folder in sorted([*accepted, *refused]):
        entry = landing.read_entry(folder)
        owner = entry["dataset"].partition(".")[0] if entry else None
        if entry and (owner == department or (department == HOME_DEPARTMENT and owner not in known)):
            yield entry
            decision = landing.read_decision(folder)
            if decision and decision["decision"] == "refused":  # whoever heard of the hold hears how it ended
                yield landing.decided(entry, decision)
