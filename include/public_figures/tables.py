"""The tables that are made public: what each counts, read from a publication, with small groups left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np

from include.alerts.open_alerts import PROGRAMMES
from include.periods import Month
from include.public_figures.small_cells import SMALLEST_SHOWN, Counts, Mask, hidden_cells, with_totals

TOTAL = "合计"
OUTSIDE = "未在保"
NO_TOWN = "未定镇街"
LOW_INCOME = ("extreme_poverty", "dibao", "dibao_single", "dibao_edge", "rigid_expenditure")
BENEFITS = (
    "disability_living", "disability_nursing", "elder_allowance", "orphan", "unattended_child", "child_in_difficulty",
)  # fmt: skip
#: A person on several lists of the ladder is counted on the highest, in every table.
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


def _tiers(months: str) -> str:
    """SQL that gives everybody's highest tier and its town in some months, one row a person and month."""
    return f"""
        select distinct on (person_key, month) person_key, month, programme as tier, town_code
        from core.fct_enrolment_month
        where holds and month in ({months}) and {_LADDER} > 0 and person_key is not null
        order by person_key, month, {_LADDER}, town_code"""


QUESTIONS = (
    Question(
        "low_income", "各镇低收入人口（人）", "low-income people by town", "镇街", True,
        f"""
        select coalesce(town.name, '{NO_TOWN}'), tier.tier, count(*) from ({_tiers("$month")}) as tier
        left join core.dim_region as town on town.region_code = tier.town_code group by all""",
    ),
    Question(
        "benefits", "各镇福利补贴对象（人）", "allowances by town", "镇街", False,
        f"""
        select coalesce(town_name, '{NO_TOWN}'), programme, sum(closing) from reporting.rpt_programme_flow_monthly
        where month = $month and unit = 'person' and programme in ('{"', '".join(BENEFITS)}') group by all""",
    ),
    Question(
        "changes", "年内层级变动（人）", "moves between tiers this year", "年初", True,
        f"""
        with tier as ({_tiers("$begin, $month")})
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
        "missed", "可能漏享（人）", "may be owed an allowance", "镇街", False,
        f"""
        select coalesce(town.name, '{NO_TOWN}'), told.what, told.people from (
            select town_code, 'elder_allowance' as what, count(*) as people
            from monitoring.mart_uncovered_monitoring where month = $month and has_elder_allowance_missed group by all
            union all
            select town_code, 'disability_nursing', count(*)
            from monitoring.mart_uncovered_monitoring where month = $month and has_nursing_missed group by all
        ) as told left join core.dim_region as town on town.region_code = told.town_code""",
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
    "missed": [PROGRAMMES["elder_allowance"], PROGRAMMES["disability_nursing"]],
    "alerts": ["属实", "不属实", "待核查"],
}
#: What one payee had of a programme, the largest: no payee's correction can move a sum by more.
_MONEY = """
    with payee as (
        select benefit_month, programme, person_key,
            sum(case kind when '扣回' then -abs(amount) else amount end) as amount, sum(abs(amount)) as moved
        from core.fct_payment where result = '成功' and benefit_month between $begin and $month group by all
    )
    select benefit_month, programme, sum(amount), count(distinct person_key), max(moved)
    from payee group by all order by all
"""

Earlier = dict[str, dict[str, dict[str, int | None]]]
Money = dict[date, dict[str, float | None]]


def read_tables(marts: duckdb.DuckDBPyConnection, month: Month, earlier: Earlier) -> list[Table]:
    """Every table of a month; ``earlier`` is what was published for the same month before, as ``as_record`` gave it."""
    tables = {question.key: _read(marts, question, month, earlier.get(question.key, {})) for question in QUESTIONS}
    towns, changes = tables["low_income"], tables["changes"]
    # How many are on a tier now is the last line of both: where one leaves it out, the other would tell.
    if any(table.shown(TOTAL, PROGRAMMES[tier]) is None for table in (towns, changes) for tier in LOW_INCOME):
        tables["changes"] = replace(changes, hidden=np.ones_like(changes.hidden))
    return list(tables.values())


def as_record(tables: list[Table]) -> Earlier:
    """What is shown of every table, to be compared with when the month is published again."""
    return {
        table.question.key: {row: dict(zip(table.columns, cells, strict=True)) for row, cells in table.lines}
        for table in tables
    }


def money_by_month(marts: duckdb.DuckDBPyConnection, month: Month, earlier: Money) -> Money:
    """Yuan paid for each month of the year by programme; None where fewer than ``SMALLEST_SHOWN`` payees had it.

    ``earlier`` is what any month's page said before. An amount of it stands until it moves by more than a few payees
    could move it, because the difference would be theirs. No sum over programmes is given, so that none tells what is
    left out.
    """
    found: Money = {}
    for paid_for, programme, amount, payees, largest in marts.execute(_MONEY, _span(month)).fetchall():
        told = earlier.get(paid_for, {}).get(programme)
        if told is None or abs(float(amount) - told) >= SMALLEST_SHOWN * float(largest):
            told = float(amount) if payees >= SMALLEST_SHOWN else None
        found.setdefault(paid_for, {})[programme] = told
    return found


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
