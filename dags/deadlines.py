"""The deadlines of what departments owe, and the month that a run watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from include.contracts import load_contracts
from include.periods import Month
from include.replies.lateness import due_days, missed_deadline, month_before

# One for each number of days that contracts grant, counted from the first moment after the month.
DUE_DEADLINES = [
    DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=timedelta(days=days),
        callback=SyncCallback(missed_deadline, {"due_days": days}),
        name=f"due_{days}_days_after_the_month",
    )
    for days in due_days(load_contracts().values())
]


def month_watched(context: dict[str, Any]) -> Month:
    """The month whose deliveries a run waits for: the one asked for, else the one before the run's own in Shanghai."""
    asked = context["params"].get("month")
    return Month.parse(asked) if asked else month_before(context["dag_run"].run_after.isoformat())
