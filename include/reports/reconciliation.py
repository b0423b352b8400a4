"""What must hold between the month's reports, and where it does not: the workbook's sheet 核对.

Each identity is a query whose rows are the months and towns (or the whole district) in which two figures that must be
the same are not. Spending is what succeeded and what was paid later, without what came back and what was taken back.
"""

from __future__ import annotations

from typing import Any

import duckdb

from include.alerts.open_alerts import PROGRAMMES
from include.periods import Month
from include.warehouse.workbench import rows

_FLOW = "reporting.rpt_programme_flow_monthly"
#: A mart, the programmes it reports, and its columns of people and of money.
_REPORTS = (
    ("低保综合统计表", "rpt_dibao_monthly", ("dibao", "dibao_single"), "spending"),
    ("尊老金", "rpt_elder_allowance_monthly", ("elder_allowance",), "paid_amount"),
    ("残疾人两项补贴", "rpt_disability_subsidy_monthly", ("disability_living", "disability_nursing"), "paid_amount"),
    ("特困人员", "rpt_extreme_poverty_monthly", ("extreme_poverty",), "paid_amount"),
    ("儿童福利", "rpt_child_benefit_monthly", ("orphan", "unattended_child", "child_in_difficulty"), "paid_amount"),
)


def _compared(one: str, other: str) -> str:
    """Where two relations of month, town_code, unit and value differ; what one of them lacks is nothing."""
    return f"""
        select month, town_code, unit, coalesce(one.value, 0) as one, coalesce(other.value, 0) as other
        from ({one}) as one full join ({other}) as other using (month, town_code, unit)
        where coalesce(one.value, 0) <> coalesce(other.value, 0)"""


def _reported(mart: str, column: str, unit: str) -> str:
    return f"""select month, coalesce(town_code, '') as town_code, '{unit}' as unit, sum({column}) as value
        from reporting.{mart} group by all"""


def _in_the_flow(programmes: tuple[str, ...], unit: str) -> str:
    return f"""select month, coalesce(town_code, '') as town_code, unit, sum(closing) as value from {_FLOW}
        where unit = '{unit}' and programme in ('{"', '".join(programmes)}') group by all"""


def _paid(programmes: tuple[str, ...]) -> str:
    return f"""select benefit_month as month, coalesce(town_code, '') as town_code, 'yuan' as unit,
            sum(if(kind = '扣回', -abs(amount), amount)) as value
        from core.fct_payment where result = '成功' and programme in ('{"', '".join(programmes)}')
            and benefit_month in (select distinct month from {_FLOW}) group by all"""


#: By what must hold: month, town_code (empty for the district), unit, and the two figures that differ.
IDENTITIES = {
    "期末＝期初＋新增＋转入－退出－转出": f"""
        select month, coalesce(town_code, '') as town_code, unit, closing as one,
            opening + new + transferred_in - "left" - transferred_out as other
        from {_FLOW} where one <> other""",
    "期初＝上月期末": f"""
        select coalesce(now.month, before.month + interval 1 month) as month,
            coalesce(now.town_code, before.town_code, '') as town_code, coalesce(now.unit, before.unit) as unit,
            coalesce(now.opening, 0) as one, coalesce(before.closing, 0) as other
        from {_FLOW} as now full join {_FLOW} as before
            on before.month = now.month - interval 1 month and before.programme = now.programme
            and before.unit = now.unit and before.town_code is not distinct from now.town_code
        where one <> other and coalesce(now.month > (select min(month) from {_FLOW}),
            before.month < (select max(month) from {_FLOW}))""",
    "全区转入＝全区转出": f"""
        select month, '' as town_code, unit, sum(transferred_in) as one, sum(transferred_out) as other
        from {_FLOW} group by all having one <> other""",
    "低保人数＝老年人＋成年人＋未成年人": _compared(
        _reported("rpt_dibao_monthly", "persons", "person"),
        _reported("rpt_dibao_monthly", "elderly + adults + minors", "person"),
    ),
    "低保综合统计表户数＝项目增减期末": _compared(
        _reported("rpt_dibao_monthly", "households", "household"), _in_the_flow(("dibao", "dibao_single"), "household")
    ),
    **{
        f"{name}人数＝项目增减期末": _compared(
            _reported(mart, "persons", "person"), _in_the_flow(programmes, "person")
        )
        for name, mart, programmes, _ in _REPORTS
    },
    **{
        f"{name}支出＝成功发放＋补发－退汇－追缴": _compared(_reported(mart, money, "yuan"), _paid(programmes))
        for name, mart, programmes, money in _REPORTS
    },
    "发放与名册实发＝成功发放＋补发－退汇－追缴": _compared(
        _reported("rpt_payment_roster_monthly", "paid_amount", "yuan"),
        _paid(tuple(name for name in PROGRAMMES if name)),
    ),
}  # fmt: skip


def broken(marts: duckdb.DuckDBPyConnection, month: Month | None = None) -> list[dict[str, Any]]:
    """Where a publication does not reconcile, in one month or in any: which identity, where, and the two figures."""
    found = []
    for identity, differing in IDENTITIES.items():
        query = f"""
            select $1 as identity, found.month, coalesce(town.name, found.town_code) as town, found.unit,
                found.one, found.other
            from ({differing}) as found left join core.dim_region as town on town.region_code = found.town_code
            where cast($2 as date) is null or found.month = $2 order by all"""
        found += rows(marts, query, [identity, month.first if month else None])
    return found
