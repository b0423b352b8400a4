"""A source that floods is the district's: thrice the most of six months, and thirty."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from include.alerts.flood import flooded, floods_of
from include.periods import Month

MONTHS = [date(2021, month, 1) for month in range(1, 8)]
REGISTER, HOSPITAL = '{"来源": "火化登记"}', '{"来源": "死亡医学证明"}'


def _marts(counts: list[int], quiet: int = 0) -> duckdb.DuckDBPyConnection:
    """Alerts of E01 by one source that are new in each month from January on; ``quiet`` more are spoken for."""
    marts = duckdb.connect()
    marts.execute("create schema monitoring")
    marts.execute(
        "create table monitoring.fct_alert"
        " (alert_no text, rule_id text, first_month date, quiet_reason text, evidence text)"
    )
    marts.execute("create table monitoring.fct_rule_evaluation (rule_id text, month date, status text)")
    marts.execute("create table monitoring.fct_rule_standing as select 'E01' as rule_id, null::date as released_until")
    for month, count in zip(MONTHS, counts, strict=False):
        marts.execute("insert into monitoring.fct_rule_evaluation values ('E01', ?, 'evaluated')", [month])
        _raise(marts, "A", month, count, REGISTER)
    _raise(marts, "Q", MONTHS[len(counts) - 1], quiet, REGISTER, "death")
    return marts


def _raise(
    marts: duckdb.DuckDBPyConnection, name: str, month: date, count: int, evidence: str, quiet: str | None = None
) -> None:
    marts.execute(
        "insert into monitoring.fct_alert select ? || range, 'E01', ?, ?, ? from range(?)",
        [f"{name}{month:%m}-", month, quiet, evidence, count],
    )


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
    month = Month.of(MONTHS[len(counts) - 1])
    with _marts(counts, quiet) as marts:
        found = floods_of(marts, month)
        assert [(flood.name, flood.month) for flood in found] == ([("E01 火化登记", month)] if floods else [])
        assert len(flooded(found)) == (counts[-1] if floods else 0)


def test_what_another_source_says_of_the_same_rule_is_not_held() -> None:
    month = MONTHS[4]
    with _marts([500, 9, 10, 11, 40]) as marts:
        _raise(marts, "H", month, 20, HOSPITAL)
        _raise(marts, "B", month, 1, '{"来源": "死亡医学证明、火化登记"}')
        held = flooded(floods_of(marts, Month.of(month)))
    assert len(held) == 41
    assert not any(alert_no.startswith("H") for alert_no in held)


def test_it_stays_held_in_later_months_until_the_rule_is_let_go() -> None:
    with _marts([500, 9, 10, 11, 40, 8]) as marts:
        assert len(flooded(floods_of(marts, Month.of(MONTHS[5])))) == 40
        marts.execute("update monitoring.fct_rule_standing set released_until = date '2021-12-01'")
        assert floods_of(marts, Month.of(MONTHS[5])) == []
