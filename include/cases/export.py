"""Hands the steps of all alerts to the models: one file, one line a step, without a free text or an account."""

from __future__ import annotations

import json
import os

from include.cases.case import KIND
from include.journal.entries import Written, read
from include.journal.schema import engine
from include.settings import Settings, private_folder

_TOLD = ("finding", "action", "effective_month", "amount_recovered", "verified_on")


def write_steps(settings: Settings, known_at: str) -> str:
    """Leave what people had done by a moment (ISO 8601, UTC) for the models; returns the path, empty for nothing."""
    moment = known_at.replace("T", " ")[:19]
    with engine(settings).connect() as connection:
        steps = (one for one in read(connection) if one.entry.kind == KIND)
        lines = [_line(one) for one in steps if one.entry.at.replace("T", " ")[:19] <= moment]
    if not lines:
        return ""
    path = private_folder(settings.state / "dbt") / "case_steps.json"
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(path)
    return str(path)


def _line(one: Written) -> str:
    entry = one.entry
    told = {name: str(entry.detail[name]) for name in _TOLD if entry.detail.get(name)}
    step = {
        "alert_no": entry.alert_no,
        "sequence": one.sequence,
        "event": entry.event,
        "case_state": entry.state,
        "taken_at": entry.at[:19],
        "by_role": entry.role,
        "episode": int(entry.detail.get("episode", 0)),
    }
    return json.dumps({**step, **told}, ensure_ascii=False)
