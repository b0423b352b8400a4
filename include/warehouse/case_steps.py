"""Hands what people did to the models: one file, a line a step or decision, without a free text or an account.

What the system sends out by itself follows from a publication; it is not told to the next one, so that a warehouse
that is built again is the same.
"""

from __future__ import annotations

import json
from datetime import datetime

from include.journal.entries import ALERT_STEP, EXEMPTION, RELEASE, SILENCE, SYSTEM, Entry, Written, read
from include.journal.schema import engine
from include.periods import Month
from include.settings import Settings, private_folder, put_in_place

_DECIDED = (SILENCE, RELEASE, EXEMPTION)
_TOLD = ("finding", "action", "effective_month", "amount_recovered", "verified_on")


def write_steps(settings: Settings, known_at: str) -> str:
    """Leave what people had done by a moment (ISO 8601, UTC) for the models; returns the path, empty for nothing."""
    lines = [_line(one) for one in _known_steps(settings, known_at)]
    if not lines:
        return ""
    path = private_folder(settings.state / "dbt") / "case_steps.json"
    with put_in_place(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def steps_by_people(settings: Settings, known_at: str) -> int:
    """How many steps and decisions of people there were by a moment; what the system sends out by itself is none."""
    return sum(one.entry.role != SYSTEM for one in _known_steps(settings, known_at))


def _known_steps(settings: Settings, known_at: str) -> list[Written]:
    moment = datetime.fromisoformat(known_at)
    with engine(settings).connect() as connection:
        return [one for one in read(connection) if _is_told(one.entry) and _taken_at(one) <= moment]


def _is_told(entry: Entry) -> bool:
    is_step = entry.kind == ALERT_STEP and not (entry.role == SYSTEM and entry.event == "dispatch")
    return is_step or entry.kind in _DECIDED


def _taken_at(one: Written) -> datetime:
    return datetime.fromisoformat(one.entry.at)


def _line(one: Written) -> str:
    entry = one.entry
    told = {name: str(entry.detail[name]) for name in _TOLD if entry.detail.get(name)}
    if entry.kind in _DECIDED:
        told = {name: entry.detail[name] for name in ("rule_id", "town_code") if name in entry.detail}
        if entry.detail["until"]:
            told["until_month"] = Month.parse(entry.detail["until"]).first.isoformat()
    elif entry.event == "suspend":
        told["suspended_until"] = entry.detail["until"]
    step = {
        "kind": entry.kind,
        "alert_no": entry.alert_no,
        "sequence": one.sequence,
        "event": entry.event,
        "case_state": entry.state,
        "taken_at": entry.at[:19],
        "by_role": entry.role,
        "episode": int(entry.detail.get("episode", 0)),
    }
    return json.dumps({**step, **told}, ensure_ascii=False)
