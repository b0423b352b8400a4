"""Filled-in lists that came back: each row is taken as a town's answer, or refused with a reason that its sender reads.

The rows are those of ``civil_affairs.verification_result`` that landing accepted. An answer is about an alert of the
standing publication: that is what the village had in its hands.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import duckdb

from include.cases.case import Wanted, take
from include.cases.list_id import read_signed
from include.cases.refusals import Refusal, write_refusals
from include.cases.states import ANSWERS, ForbiddenStepError, Found
from include.ingest.landing import data_file, literal
from include.journal.entries import ALERT_STEP, SYSTEM, Entry, read, write
from include.journal.schema import engine
from include.settings import Settings
from include.warehouse.ledger import known_deliveries
from include.warehouse.publication import NoPublicationError, open_publication, standing
from include.warehouse.workbench import rows

_COLUMNS = "alert_no, finding, action, verified_on, effective_month, amount_recovered, member, sheet, row_number"
_REFUSED = "answer_refused"


@dataclass(frozen=True)
class Known:
    """What the standing publication says of an alert."""

    state: str
    episode: int
    town_name: str
    town_code: str
    village_code: str


def take_answers(settings: Settings) -> dict[str, int]:
    """Take every answer that is not in the journal yet; returns how many were taken and how many refused.

    Each refused row is told of once, in ``outbox/replies/civil_affairs/answers_<delivery>.xlsx``.
    """
    deliveries = [
        one for one in known_deliveries(settings) if one["dataset"] == ANSWERS and one["status"] == "accepted"
    ]
    counts = {"taken": 0, "refused": 0}
    if not deliveries:
        return counts
    try:
        known, towns = _known_alerts(settings)
    except NoPublicationError:
        return counts
    with engine(settings).connect() as connection:
        told = {one.entry.entry_id for one in read(connection)}
    for delivery in sorted(deliveries, key=lambda one: str(one["received_at"])):
        refusals = []
        for row in _rows(settings, delivery):
            entry_id = _entry_id(row)
            refused_id = f"{entry_id}|{delivery['delivery_id']}"
            if entry_id in told or refused_id in told:
                continue
            why = _take(settings, known.get(row["alert_no"]), towns, row, entry_id, delivery)
            counts["refused" if why else "taken"] += 1
            told.add(refused_id if why else entry_id)
            if why:
                refusals.append(Refusal(row["alert_no"], row["sheet"] or "", row["row_number"], why))
                write(settings, Entry(refused_id, _REFUSED, "refuse", "system", SYSTEM, detail={"reason": why}))
        if refusals:
            write_refusals(settings, delivery, refusals)
    return counts


def _take(
    settings: Settings,
    known: Known | None,
    towns: set[str],
    row: dict[str, Any],
    entry_id: str,
    delivery: dict[str, Any],
) -> str | None:
    """Take one row as an answer; returns why it is refused, in Chinese, or nothing."""
    if known is None:
        return "没有这个预警编号，请核对清单上的编号"
    if known.town_name not in delivery["part"] and any(town in delivery["part"] for town in towns):
        return "这条预警不属于报送的镇街"
    if why := _why_from_another_list(settings, known, row, delivery):
        return why
    told = ("finding", "action", "verified_on", "effective_month", "amount_recovered")
    detail = {name: str(row[name]) for name in told if row[name] is not None}
    wanted = Wanted(
        row["alert_no"], Found(known.state, known.episode), "answer", "returned list", SYSTEM, entry_id,
        {**detail, "delivery": delivery["delivery_id"], "row": row["row_number"]},
    )  # fmt: skip
    try:
        take(settings, wanted)
    except ForbiddenStepError as refused:
        hint = "；如需更正，请先请区级退回" if known.state == "open" else ""
        return refused.chinese + hint
    return None


def _why_from_another_list(
    settings: Settings, known: Known, row: dict[str, Any], delivery: dict[str, Any]
) -> str | None:
    """Why the id in the row's file does not vouch for the row; nothing where it does, or where the file bears none."""
    text = delivery.get("file_ids", {}).get(row["member"] or "")
    if not text:
        return None
    listed = read_signed(settings.identity_key(), text)
    if listed is None:
        return "清单编号不是本系统签发的，或已被改动；请在系统派发的清单上填写"
    if not listed.covers(known.town_code, known.village_code):
        return "这条预警不在这份清单所属的镇街或村居；请填在派发给该村居的清单上"
    return None


def _known_alerts(settings: Settings) -> tuple[dict[str, Known], set[str]]:
    """The alerts and visits of the standing publication by number, and the names of all towns."""
    marts = open_publication(settings, standing(settings))
    try:
        towns = {name for (name,) in marts.execute("select name from core.dim_region where level = 'town'").fetchall()}
        rows = marts.execute(
            "select alert.alert_no, alert.state, alert.episode_count, coalesce(town.name, ''), "
            "coalesce(alert.town_code, ''), coalesce(alert.village_code, '') "
            "from (select alert_no, state, episode_count, town_code, village_code from monitoring.fct_alert union all "
            "select visit_no, 'open', 1, town_code, village_code from monitoring.fct_sample_visit) as alert "
            "left join core.dim_region as town on alert.town_code = town.region_code"
        ).fetchall()
    finally:
        marts.close()
    return {alert_no: Known(*rest) for alert_no, *rest in rows}, towns


def _rows(settings: Settings, delivery: dict[str, Any]) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        return rows(connection, f"select {_COLUMNS} from read_parquet({literal(data_file(settings, delivery))})")


def _entry_id(row: dict[str, Any]) -> str:
    """The same answer in a file that is sent again is the same answer; a changed one is another."""
    told = "|".join(str(row[name]) for name in ("alert_no", "verified_on", "finding", "action"))
    return f"{ALERT_STEP}|answer|{sha256(told.encode()).hexdigest()[:40]}"
