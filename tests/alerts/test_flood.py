"""A rule that floods is the district's: the band is thrice the most of six months, and thirty."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from include.alerts.flood import flooding_rules
from include.periods import Month

MONTHS = [date(2021, month, 1) for month in range(1, 8)]


def _marts(counts: list[int], quiet: int = 0) -> duckdb.DuckDBPyConnection:
    """Alerts of E03 that are new in each month from January on; ``quiet`` more in the last are spoken for."""
    marts = duckdb.connect()
    marts.execute("create schema monitoring")
    marts.execute("create table monitoring.fct_alert (rule_id text, first_month date, quiet_reason text)")
    marts.execute("create table monitoring.fct_rule_evaluation (rule_id text, month date, status text)")
    for month, count in zip(MONTHS, counts, strict=False):
        marts.execute("insert into monitoring.fct_rule_evaluation values ('E03', ?, 'evaluated')", [month])
        marts.execute("insert into monitoring.fct_alert select 'E03', ?, null from range(?)", [month, count])
    marts.execute(
        "insert into monitoring.fct_alert select 'E03', ?, 'death' from range(?)", [MONTHS[len(counts) - 1], quiet]
    )
    return marts


@pytest.mark.parametrize(
    ("counts", "quiet", "floods"),
    [
        ([500, 9, 10, 11, 34], 0, True),
        ([500, 9, 10, 11, 33], 0, False),
        ([500, 0, 0, 0, 31], 0, True),
        ([500, 0, 0, 0, 30], 0, False),
        ([500, 0, 0, 0, 30], 5, False),
        ([500, 0, 0, 400], 0, False),
        ([500], 0, False),
    ],
    ids=["above thrice", "thrice", "above thirty", "thirty", "quiet ones do not count", "too little history", "first"],
)
def test_the_band(counts: list[int], quiet: int, floods: bool) -> None:
    month = MONTHS[len(counts) - 1]
    with _marts(counts, quiet) as marts:
        assert flooding_rules(marts, Month(month.year, month.month)) == (frozenset({"E03"}) if floods else frozenset())
