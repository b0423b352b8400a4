"""A department's monthly scorecard: what it owed, what came and when, what was refused and why, whom we know of it.

Read from the publication alone, so that a page and the marts can never disagree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from include.ingest.reasons import ROW_REASONS
from include.periods import Month

MONTHS = 12
MOST_REASONS = 3

_LINES = """
    with files as (
        select
            dataset,
            period,
            count(*) filter (status = 'quarantined') as refused,
            count(*) filter (status = 'held') as held
        from quality.fct_delivery
        group by dataset, period
    )
    select
        state.dataset, state.month, state.title_zh, state.due_on, cast(state.received_at + interval 8 hour as date),
        state.days_late, state.is_late, state.is_missing, state.is_stale, coalesce(state.towns_behind_zh, ''),
        coalesce(came.files + came.files_repeated, 0), coalesce(files.refused, 0), coalesce(files.held, 0),
        coalesce(came.files_repeated, 0), coalesce(came.rows_read, 0), coalesce(came.rows_quarantined, 0),
        coalesce(came.rows_duplicate, 0), came.rows_with_number, came.rows_registered,
        coalesce(came.columns_drifted, 0)
    from quality.fct_dataset_freshness as state
    left join quality.fct_dataset_scorecard as came on state.dataset = came.dataset and state.month = came.period
    left join files on state.dataset = files.dataset and state.month = files.period
    where state.month between $first and $last
    order by state.dataset, state.month
"""
_REASONS = """
    select delivery.dataset, delivery.period, refused.reason, count(*)
    from quality.fct_quarantined_row as refused
    inner join quality.fct_delivery as delivery on refused.delivery_id = delivery.delivery_id
    where delivery.period between $first and $last
    group by all
    order by delivery.dataset, delivery.period, count(*) desc, refused.reason
"""


@dataclass(frozen=True)
class Line:
    """One dataset in one month."""

    dataset: str
    month: date
    title: str
    due_on: date | None
    received_on: date | None
    days_late: int | None
    is_late: bool
    is_missing: bool
    is_stale: bool
    towns_behind: str
    files: int
    files_refused: int
    files_held: int
    files_repeated: int
    rows_read: int
    rows_refused: int
    rows_repeated: int
    rows_with_number: int | None
    rows_registered: int | None
    columns_drifted: int
    reasons: str

    @property
    def refused_share(self) -> float | None:
        """Refused rows of those read, in per cent; None where nothing was read."""
        return 100 * self.rows_refused / self.rows_read if self.rows_read else None

    @property
    def match_rate(self) -> float | None:
        """Rows whose person the register knows of those with a number, in per cent; None where there are none."""
        if not self.rows_with_number or self.rows_registered is None:
            return None
        return 100 * self.rows_registered / self.rows_with_number

    @property
    def punctuality(self) -> str:
        """What is to be said about the day it came."""
        if self.is_late:
            return f"迟 {self.days_late} 天" if self.received_on else f"未收到，已迟 {self.days_late} 天"
        if self.received_on:
            return "按时" if self.days_late is not None else "补录"
        return "—" if self.due_on is None else "未收到"

    @property
    def standing(self) -> str:
        """Whether the rules may rely on it."""
        return "从未报送" if self.is_missing else "已过期" if self.is_stale else "可用"


@dataclass
class Scorecard:
    """What one department hears about its deliveries of a month."""

    department: str
    month: Month
    datasets: dict[str, list[Line]] = field(default_factory=dict)

    @property
    def now(self) -> list[Line]:
        """The lines of the month itself."""
        return [lines[-1] for lines in self.datasets.values()]

    @property
    def totals(self) -> dict[str, int]:
        """The month in figures."""
        now = self.now
        return {
            "数据集": len(now),
            "迟报或未收到": sum(line.is_late for line in now),
            "拒收文件": sum(line.files_refused for line in now),
            "暂扣文件": sum(line.files_held for line in now),
            "读入行": sum(line.rows_read for line in now),
            "退回行": sum(line.rows_refused for line in now),
            "重复行": sum(line.rows_repeated for line in now),
            "约定外列": sum(line.columns_drifted for line in now),
        }

    def change(self, dataset: str) -> float | None:
        """By how many points the match rate moved since the month before that has one; None where there is none."""
        *before, now = [line.match_rate for line in self.datasets[dataset]]
        earlier = [rate for rate in before if rate is not None]
        return now - earlier[-1] if now is not None and earlier else None


def read_scorecards(connection: duckdb.DuckDBPyConnection, month: Month) -> list[Scorecard]:
    """The scorecards of a month, one a department, from the marts of a publication."""
    window = {"first": month.plus(1 - MONTHS).first, "last": month.first}
    reasons = _main_reasons(connection, window)
    cards: dict[str, Scorecard] = {}
    for row in connection.execute(_LINES, window).fetchall():
        line = Line(*(*row, reasons.get((row[0], row[1]), "")))
        department = line.dataset.partition(".")[0]
        card = cards.setdefault(department, Scorecard(department, month))
        card.datasets.setdefault(line.dataset, []).append(line)
    return [cards[department] for department in sorted(cards)]


def _main_reasons(connection: duckdb.DuckDBPyConnection, window: dict[str, Any]) -> dict[tuple[str, date], str]:
    found: dict[tuple[str, date], list[str]] = defaultdict(list)
    for dataset, month, code, count in connection.execute(_REASONS, window).fetchall():
        words = ROW_REASONS[code].chinese if code in ROW_REASONS else code
        found[dataset, month].append(f"{words} {count:,}")
    return {place: "；".join(texts[:MOST_REASONS]) for place, texts in found.items()}
