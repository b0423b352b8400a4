"""What must hold between the reports of any publication, and the figures that are known of 2021."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

#: Queries whose every row is a town and month in which an identity does not hold.
IDENTITIES = {
    "closing is opening and new and transferred in, without who left and was transferred out": """
        select * from reporting.rpt_programme_flow_monthly
        where closing <> opening + new + transferred_in - "left" - transferred_out
    """,
    "a month opens as the month before it closed": """
        select *
        from reporting.rpt_programme_flow_monthly as now
        full join reporting.rpt_programme_flow_monthly as before
            on before.month = now.month - interval 1 month and before.programme = now.programme
            and before.unit = now.unit and before.town_code is not distinct from now.town_code
        where coalesce(now.opening, 0) <> coalesce(before.closing, 0)
            and coalesce(now.month > (select min(month) from reporting.rpt_programme_flow_monthly),
                before.month < (select max(month) from reporting.rpt_programme_flow_monthly))
    """,
    "who is transferred in was transferred out somewhere": """
        select month, unit, sum(transferred_in) as arrived, sum(transferred_out) as departed
        from reporting.rpt_programme_flow_monthly group by all having (arrived = 0) <> (departed = 0)
    """,
    "the people of dibao are old, grown up or minor": """
        select * from reporting.rpt_dibao_monthly where persons <> elderly + adults + minors
    """,
    "the table of dibao has the households of the flow": """
        select month, town_code, sum(closing) as closing, any_value(households) as households
        from reporting.rpt_dibao_monthly join reporting.rpt_programme_flow_monthly using (month, town_code)
        where programme in ('dibao', 'dibao_single') and unit = 'household'
        group by all having closing <> households
    """,
    "the elder allowance has the people of the flow": """
        select month, town_code, sum(persons) as persons, any_value(closing) as closing
        from reporting.rpt_elder_allowance_monthly join reporting.rpt_programme_flow_monthly using (month, town_code)
        where programme = 'elder_allowance' and unit = 'person' group by all having persons <> closing
    """,
    "spending on dibao is what succeeded and what was paid later, without what was taken back": """
        with paid as (
            select benefit_month as month, town_code, sum(if(kind = '扣回', -abs(amount), amount)) as paid
            from core.fct_payment where result = '成功' and programme in ('dibao', 'dibao_single') group by all
        )
        select * from reporting.rpt_dibao_monthly left join paid using (month, town_code)
        where spending <> coalesce(paid, 0)
    """,
    "spending on elders is what succeeded and what was paid later, without what was taken back": """
        with paid as (
            select benefit_month as month, town_code, sum(if(kind = '扣回', -abs(amount), amount)) as paid
            from core.fct_payment where result = '成功' and programme = 'elder_allowance' group by all
        )
        select month, town_code, sum(paid_amount) as reported, coalesce(any_value(paid), 0) as succeeded
        from reporting.rpt_elder_allowance_monthly left join paid using (month, town_code)
        group by all having reported <> succeeded
    """,
}


@dataclass(frozen=True)
class Year:
    """What the bureau said of 2021: yuan a month and person; people on the elder allowance in a mean month of
    January to October, and yuan paid for these months."""

    standard: Decimal
    elders: float
    elder_allowance_to_october: float


def broken(marts: duckdb.DuckDBPyConnection, identity: str) -> list[tuple[Any, ...]]:
    """The lines of a publication in which an identity does not hold."""
    return marts.execute(IDENTITIES[identity]).fetchall()


def figures_of_2021(marts: duckdb.DuckDBPyConnection) -> Year:
    """The publication's own figures for what is known of 2021."""
    figures = dict(
        marts.execute(
            "select figure, value from reporting.rpt_annual_work_report where year = 2021 "
            "and figure in ('dibao_standard', 'elder_allowance_to_october')"
        ).fetchall()
    )
    elders = marts.execute(
        "select sum(closing) / 10 from reporting.rpt_programme_flow_monthly where programme = 'elder_allowance' "
        "and unit = 'person' and month between date '2021-01-01' and date '2021-10-01'"
    ).fetchall()[0][0]
    return Year(figures["dibao_standard"], float(elders), float(figures["elder_allowance_to_october"]))
