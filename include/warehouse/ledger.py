"""What the ledger says before anything is built: which months are complete, and whether anything is new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from include.ingest.landing import read_ledger
from include.periods import Month
from include.settings import DBT_PROJECT, Settings

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
_CODE = ("*.sql", "*.yml", "*.csv")


class NoCompletePeriod(RuntimeError):
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
        raise NoCompletePeriod(
            "没有完整的月份，无法监测 / no complete month to monitor"
            + (f"：缺少数据集 / datasets without any delivery: {missing}" if missing else "")
        )
    return Month.parse(max(complete))


def known_deliveries(settings: Settings) -> list[dict[str, Any]]:
    """Every line of the ledger that had been received by ``settings.known_at``."""
    return read_ledger(settings, settings.known_at)


def month_to_monitor(settings: Settings, deliveries: Iterable[Mapping[str, Any]]) -> Month:
    """``AS_OF``, or else the newest complete period."""
    return Month.parse(settings.as_of) if settings.as_of else newest_complete_period(deliveries)


def fingerprint(deliveries: Iterable[Mapping[str, Any]], as_of: Month, known_at: str | None) -> str:
    """A hash of everything a build is a function of: deliveries, month, known time, code and seeds."""
    digest = hashlib.sha256()
    for line in sorted(f"{delivery['delivery_id']} {delivery['status']}" for delivery in deliveries):
        digest.update(line.encode())
    digest.update(json.dumps([str(as_of), known_at]).encode())
    for path in project_files():
        digest.update(path.relative_to(DBT_PROJECT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def project_files() -> list[Path]:
    """The files that decide what a build gives: models, macros, tests, seeds."""
    folders = ("models", "macros", "seeds", "tests")
    return sorted(path for folder in folders for form in _CODE for path in (DBT_PROJECT / folder).rglob(form))
