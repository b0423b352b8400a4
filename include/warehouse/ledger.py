"""What the ledger says before anything is built: which months are complete, and whether anything is new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from include import runs
from include.identity.decisions import Decision
from include.ingest.landing import read_ledger
from include.periods import SHANGHAI, Month
from include.privacy import DoudiError
from include.settings import Settings

#: A period is complete when each of these has an accepted delivery for it.
COMPLETE_PERIOD = (
    "civil_affairs.assistance_household",
    "civil_affairs.assistance_member",
    "civil_affairs.extreme_poverty",
    "civil_affairs.disability_subsidy",
    "civil_affairs.elder_allowance",
    "civil_affairs.child_welfare",
    "civil_affairs.payment",
)


END_OF_TIME = "9999-12-31T00:00:00+00:00"


class NoCompletePeriodError(DoudiError):
    """There is no month that could be monitored."""


def newest_complete_period(deliveries: Iterable[Mapping[str, Any]]) -> Month:
    """The newest month for which all rosters and the payments have come."""
    periods: dict[str, set[str]] = {dataset: set() for dataset in COMPLETE_PERIOD}
    for delivery in deliveries:
        if delivery["status"] == "accepted" and delivery["dataset"] in periods:
            periods[delivery["dataset"]].add(delivery["period"])
    complete = set.intersection(*periods.values())
    if not complete:
        missing = "、".join(dataset for dataset, found in periods.items() if not found)
        raise NoCompletePeriodError(
            "没有完整的月份，无法监测" + (f"；从未报送：{missing}" if missing else ""),
            "there is no complete month to monitor" + (f"; never delivered: {missing}" if missing else ""),
        )
    return Month.parse(max(complete))


def known_deliveries(settings: Settings) -> list[dict[str, Any]]:
    """Every line of the ledger that had been received by ``settings.known_at``."""
    return read_ledger(settings, known_moment(settings.known_at) if settings.known_at else None)


def month_to_monitor(settings: Settings, deliveries: Iterable[Mapping[str, Any]]) -> Month:
    """``AS_OF``, or else the newest complete period."""
    return Month.parse(settings.as_of) if settings.as_of else newest_complete_period(deliveries)


def fingerprint(
    deliveries: Iterable[Mapping[str, Any]],
    decisions: Iterable[Decision],
    people_steps: int,
    as_of: Month,
    known_moment: str,
) -> str:
    """A hash of all a build is a function of.

    Deliveries, decisions on numbers, how many steps people took of alerts, month, known time, code and seeds.
    """
    facts = [
        sorted([delivery["delivery_id"], delivery["status"]] for delivery in deliveries),
        [decision.decision_id for decision in decisions],
        people_steps,
        str(as_of),
        known_moment,
        runs.code_version(),
        runs.parameter_version(),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def known_moment(known_at: str | None) -> str:
    """The last instant of what is known, in UTC; a bare date counts to its end, a time without zone is Shanghai's."""
    if not known_at:
        return END_OF_TIME
    try:
        moment = datetime.fromisoformat(known_at)
    except ValueError:
        raise DoudiError(
            "已知时间应写作日期或时间，如 2021-07-31",
            "the known time is written as a date or a time, such as 2021-07-31",
        ) from None
    if len(known_at) <= len("2021-07-31"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC).isoformat()
