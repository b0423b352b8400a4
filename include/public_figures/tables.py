"""The tables that are made public: what each counts, read from a publication, with small groups left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from include.alerts.open_alerts import PROGRAMMES
from include.periods import Month
from include.public_figures.small_cells import Counts, Mask, hidden_cells, with_totals

TOTAL = "合计"
OUTSIDE = "未在保"
LOW_INCOME = ("extreme_poverty", "dibao", "dibao_single", "dibao_edge", "rigid_expenditure")
BENEFITS = (
    "disability_living", "disability_nursing", "elder_allowance", "orphan", "unattended_child", "child_in_difficulty",
)  # fmt: skip
#: A person on several lists of the ladder is counted on the highest.
_LADDER = "list_position(['" + "', '".join(LOW_INCOME) + "'], programme)"


@dataclass(frozen=True)
class Question:
    """A table: its key and titles, what its rows are called, and SQL that gives (row, column, count)."""

    key: str
    title: str
    english: str
    row_title: str
    has_row_totals: bool
    sql: str


@dataclass(frozen=True)
class Table:
    """A table with its totals: ``counts`` and ``hidden`` have one row more than the data, and one column more where
    rows have a total.
    """

    question: Question
    rows: list[str]
    columns: list[str]
    counts: Counts
    hidden: Mask

    def shown(self, row: str, column: str) -> int | None:
        """A cell by its labels; None where it is left out."""
        place = self.rows.index(row), self.columns.index(column)
        return None if self.hidden[place] else int(self.counts[place])

    @property
    def lines(self) -> list[tuple[str, list[int | None]]]:
        """Every row with its cells in the columns' order; None where one is left out."""
        return [(row, [self.shown(row, column) for column in self.columns]) for row in self.rows]


def _by_town(programmes: tuple[str, ...]) -> str:
    listed = "', '".join(programmes)
    return f"""
        select town_name, programme, sum(closing) from reporting.rpt_programme_flow_monthly
        where month = $month and unit = 'person' and programme in ('{listed}') group by all"""


QUESTIONS = (
    Question("low_income", "各镇低收入人口（人）", "low-income people by town", "镇街", True, _by_town(LOW_INCOME)),
    Question("benefits", "各镇福利补贴对象（人）", "allowances by town", "镇街", False, _by_town(BENEFITS)),
    Question(
        "changes", "年内层级变动（人）", "moves between tiers this year", "年初", True,
        f"""
        with tier as (
            select person_key, month, arg_min(programme, {_LADDER}) as tier from core.fct_enrolment_month
            where holds and month in ($begin, $month) and {_LADDER} > 0 group by person_key, month
        )
        select coalesce(before.tier, '{OUTSIDE}'), coalesce(now.tier, '{OUTSIDE}'), count(*)
        from (select * from tier where month = $begin) as before
        full join (select * from tier where month = $month) as now using (person_key) group by all""",
    ),
    Question(
        "ages", "享受待遇人员年龄与性别（人）", "recipients by age and sex", "年龄", True,
        """
        with recipient as (select distinct person_key from core.fct_enrolment_month where holds and month = $month)
        select case when age >= 100 then '100岁以上' else printf('%d～%d岁', age // 10 * 10, age // 10 * 10 + 9) end,
            sex, count(*)
        from (
            select year(cast($month as date)) - birth_year as age, sex from core.dim_person
            where person_key in (select person_key from recipient) and birth_year is not null and sex in ('男', '女')
        ) group by all""",
    ),
    Question(
        "take_up", "应享已享与可能漏享（人）", "take-up: holds, and may be owed", "镇街", False,
        """
        with held as (
            select person_key, programme, town_code from core.fct_enrolment_month
            where holds and month = $month and programme in ('elder_allowance', 'disability_nursing')
        ), told as (
            select town_code, case programme when 'elder_allowance' then '尊老金已享' else '护理补贴已享' end as what,
                count(distinct person_key) as people from held group by all
            union all
            select town_code, '尊老金可能漏享', count(*) from monitoring.mart_uncovered_monitoring
            where month = $month and has_elder_allowance_missed group by all
            union all
            select town_code, '护理补贴可能漏享', count(*) from monitoring.mart_uncovered_monitoring
            where month = $month and has_nursing_missed group by all
        )
        select town.name, told.what, told.people from told inner join core.dim_region as town
            on town.region_code = told.town_code""",
    ),
    Question(
        "alerts", "年内预警与核查结果（条）", "alerts and what visits found this year", "规则", True,
        """
        with outcome as (
            select rule_id, sum("true") as is_true, sum("false") as is_false, sum(detected) as detected
            from reporting.rpt_alert_performance where month between $begin and $month group by all
        )
        select rule.rule_id || ' ' || rule.title_zh, told.what, told.alerts from (
            select rule_id, '属实' as what, is_true as alerts from outcome
            union all select rule_id, '不属实', is_false from outcome
            union all select rule_id, '待核查', detected - is_true - is_false from outcome
        ) as told inner join monitoring.dim_rule as rule using (rule_id) where told.alerts <> 0""",
    ),
)  # fmt: skip

_ORDERS = {
    "low_income": [PROGRAMMES[name] for name in LOW_INCOME],
    "benefits": [PROGRAMMES[name] for name in BENEFITS],
    "changes": [*(PROGRAMMES[name] for name in LOW_INCOME), OUTSIDE],
    "ages": ["男", "女"],
    "take_up": ["尊老金已享", "尊老金可能漏享", "护理补贴已享", "护理补贴可能漏享"],
    "alerts": ["属实", "不属实", "待核查"],
}
_MONEY = """
    select benefit_month, programme,
        sum(case kind when '扣回' then -abs(amount) else amount end), count(distinct person_key)
    from core.fct_payment where result = '成功' and benefit_month between $begin and $month group by all
    order by benefit_month, programme
"""

Earlier = dict[str, dict[str, dict[str, int | None]]]


def read_tables(marts: duckdb.DuckDBPyConnection, month: Month, earlier: Earlier) -> list[Table]:
    """Every table of a month; ``earlier`` is what was published for the same month before, as ``as_record`` gave it."""
    return [_read(marts, question, month, earlier.get(question.key, {})) for question in QUESTIONS]


def as_record(tables: list[Table]) -> Earlier:
    """What is shown of every table, to be compared with when the month is published again."""
    return {
        table.question.key: {row: dict(zip(table.columns, cells, strict=True)) for row, cells in table.lines}
        for table in tables
    }


def money_by_month(
    marts: duckdb.DuckDBPyConnection, month: Month, smallest: int
) -> list[tuple[date, dict[str, float | None]]]:
    """Yuan paid for each month of the year by programme; None where fewer than ``smallest`` people were paid.

    No sum over programmes is given, so that none tells what is left out.
    """
    found: dict[date, dict[str, float | None]] = {}
    for paid_for, programme, amount, people in marts.execute(_MONEY, _span(month)).fetchall():
        found.setdefault(paid_for, {})[programme] = float(amount) if people >= smallest else None
    return list(found.items())


def _span(month: Month) -> dict[str, date]:
    return {"month": month.first, "begin": date(month.year, 1, 1)}


def _read(
    marts: duckdb.DuckDBPyConnection, question: Question, month: Month, earlier: dict[str, dict[str, int | None]]
) -> Table:
    span = _span(month)
    wanted = {name: value for name, value in span.items() if f"${name}" in question.sql}
    cells: dict[tuple[str, str], int] = {}
    for row, column, count in marts.execute(question.sql, wanted).fetchall():
        cells[PROGRAMMES.get(row, row), PROGRAMMES.get(column, column)] = int(count)
    columns = _ORDERS[question.key]
    rows = _row_order(question, {row for row, _ in cells})
    counts = np.array([[cells.get((row, column), 0) for column in columns] for row in rows], dtype=np.int64)
    counts = with_totals(counts.reshape(len(rows), len(columns)), question.has_row_totals)
    rows, columns = [*rows, TOTAL], [*columns, TOTAL] if question.has_row_totals else columns
    before, before_hidden = _earlier_cells(rows, columns, counts, earlier)
    hidden = hidden_cells(counts, question.has_row_totals, before, before_hidden)
    return Table(question, rows, columns, counts, hidden)


def _row_order(question: Question, found: set[str]) -> list[str]:
    if question.key == "changes":
        return [name for name in _ORDERS["changes"] if name in found]
    if question.key == "ages":
        return sorted(found, key=lambda band: int(band.split("～")[0].removesuffix("岁以上")))
    return sorted(found)


def _earlier_cells(
    rows: list[str], columns: list[str], counts: Counts, earlier: dict[str, dict[str, int | None]]
) -> tuple[Counts, Mask]:
    """What was published before in this table's shape; a cell that was not there counts as shown as it is now."""
    before, hidden = counts.copy(), np.zeros(counts.shape, dtype=bool)
    for row_number, row in enumerate(rows):
        for column_number, column in enumerate(columns):
            if column in earlier.get(row, {}):
                value = earlier[row][column]
                hidden[row_number, column_number] = value is None
                before[row_number, column_number] = counts[row_number, column_number] if value is None else value
    return before, hidden
