"""A person's word on a held delivery: released or refused, written once beside its ledger line.

``decision.json`` is linked into its place, which fails where one lies already: of two people who decide at the same
moment one is told so. The delivery keeps its place in the order of arrival; only its status changes, from the
moment of the decision on.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.ingest import landing
from include.ingest.reasons import reason_record
from include.journal.entries import PERSON, Entry, write
from include.privacy import DoudiError, guarded
from include.privacy.masking import mask
from include.settings import Settings

RELEASED, REFUSED = landing.DECIDED_STATUS
LONGEST_NAME, LONGEST_WORDS = 60, 400
_HOLD = "hold"


class DecisionError(DoudiError):
    """A decision that cannot be taken; the message says why."""


def open_holds(settings: Settings) -> list[dict[str, Any]]:
    """The held deliveries on which nobody has decided, in the order in which they came."""
    return [entry for entry in landing.read_ledger(settings) if entry["status"] == "held"]


@guarded("decide")
def decide(settings: Settings, delivery_id: str, decision: str, by: str, words: str) -> dict[str, Any]:
    """Release or refuse a held delivery; returns its ledger line as it stands from now on.

    ``by`` is who decided, as this system knows that person (a role or a user's name), ``words`` why. Both are kept
    with the ledger; the words are nobody's free text in a publication, so they never leave it. The journal tells who
    decided what, without the words.
    """
    if decision not in landing.DECIDED_STATUS:
        raise DecisionError("决定只能是 released 或 refused", "a decision is released or refused")
    by, words = _told(by, LONGEST_NAME, "决定人", "who decides"), _told(words, LONGEST_WORDS, "理由", "why")
    entry = find(settings, delivery_id)
    if entry["status"] != "held":
        raise DecisionError(
            f"该份报送现为 {entry['status']}，不在暂扣中，不能再作决定",
            f"the delivery is {entry['status']}, not held; nothing is left to decide",
        )
    record = {
        "delivery_id": entry["delivery_id"],
        "decision": decision,
        "decided_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "decided_by": by,
        "words": words,
        "reason": reason_record("refused_by_decision", entry["reason"]["text"]) if decision == REFUSED else None,
    }
    folder = landing.delivery_folder(settings, entry["dataset"], entry["period"], entry["delivery_id"])
    _write_once(folder, record)
    told = {name: entry[name] for name in ("delivery_id", "dataset", "period")}
    write(settings, Entry(f"{_HOLD}|{entry['delivery_id']}", _HOLD, decision, by, PERSON, detail=told))
    return landing.decided(entry, record)


def find(settings: Settings, delivery_id: str) -> dict[str, Any]:
    """The one delivery whose identifier begins so; eight characters are enough to type."""
    wanted = delivery_id.strip().lower()
    found = [entry for entry in landing.read_ledger(settings) if entry["delivery_id"].startswith(wanted)]
    if len(wanted) < 8 or len(found) != 1:
        raise DecisionError(
            "找不到这份报送：请写出交付编号（至少前八位，且只对应一份）",
            "no such delivery: give its identifier, at least the first eight characters, fitting one delivery only",
        )
    return found[0]


def _told(text: str, longest: int, chinese: str, english: str) -> str:
    told = mask(" ".join(text.split()))
    if not told or len(told) > longest:
        raise DecisionError(f"必须写明{chinese}，至多 {longest} 字", f"say {english}, in at most {longest} characters")
    return told


def _write_once(folder: Path, record: dict[str, Any]) -> None:
    temporary = folder / f".{landing.DECISION_FILE}.{secrets.token_hex(4)}"
    try:
        landing.write_whole(temporary, record)
        os.link(temporary, folder / landing.DECISION_FILE)
    except FileExistsError:
        raise DecisionError("这份报送刚刚已有决定", "somebody has just decided on this delivery") from None
    finally:
        temporary.unlink(missing_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
