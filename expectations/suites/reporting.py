"""Reports: their figures are those of the facts they add up."""

from __future__ import annotations

from expectations.suites.core import within_window
from expectations.vocabulary import Suite, not_null, rows_at_least, table_suite


def suites() -> list[Suite]:
    """The suites of schema ``reporting``."""
    return [
        table_suite(
            "reporting.rpt_elder_allowance_monthly",
            rows_at_least(1),
            not_null("month"),
            within_window("month"),
        ),
    ]
