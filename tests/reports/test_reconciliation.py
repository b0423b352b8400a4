"""Figures that must be the same and are not are told with their place; where all are the same nothing is told."""

from __future__ import annotations

import duckdb
import pytest

from include.periods import Month
from include.reports.reconciliation import IDENTITIES, broken

MONTH = Month.parse("202110")


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    """Two months in one town, in which 30 people of ten households have dibao and four are old."""
    connection = duckdb.connect()
    connection.execute(
        """create schema core; create schema reporting;
        create table core.dim_region as select 'T1' as region_code, '三星镇' as name;
        create table reporting.rpt_programme_flow_monthly as
            select month, programme, 'T1' as town_code, unit, before as opening, 0 as new,
                if(month = date '2021-10-01', greatest(now - before, 0), 0) as transferred_in, 0 as "left",
                if(month = date '2021-10-01', greatest(before - now, 0), 0) as transferred_out,
                if(month = date '2021-10-01', now, before) as closing
            from (values ('dibao', 'person', 30, 32), ('dibao', 'household', 10, 10),
                ('elder_allowance', 'person', 4, 4), ('dibao_edge', 'person', 9, 7))
                as held(programme, unit, before, now),
                (values (date '2021-09-01'), (date '2021-10-01')) as months(month);
        create table reporting.rpt_dibao_monthly as select month, 'T1' as town_code, persons, 10 as households,
            8 as elderly, persons - 18 as adults, 10 as minors, 9000.00 as spending
            from (values (date '2021-09-01', 30), (date '2021-10-01', 32)) as told(month, persons);
        create table reporting.rpt_elder_allowance_monthly as select month, 'T1' as town_code, 4 as persons,
            200.00 as paid_amount from (values (date '2021-09-01'), (date '2021-10-01')) as told(month);
        create table reporting.rpt_disability_subsidy_monthly(month date, town_code varchar, persons bigint,
            paid_amount decimal(18, 2));
        create table reporting.rpt_extreme_poverty_monthly as from reporting.rpt_disability_subsidy_monthly;
        create table reporting.rpt_child_benefit_monthly as from reporting.rpt_disability_subsidy_monthly;
        create table reporting.rpt_payment_roster_monthly as select month, 'T1' as town_code, 9200.00 as paid_amount
            from (values (date '2021-09-01'), (date '2021-10-01')) as told(month);
        create table core.fct_payment as select *, 'T1' as town_code, '成功' as result
            from (values ('dibao', '正常', 9050.0), ('dibao', '扣回', 50.0), ('elder_allowance', '正常', 200.0))
                as paid(programme, kind, amount),
            (values (date '2021-09-01'), (date '2021-10-01'), (date '2021-11-01')) as told(benefit_month);
        insert into core.fct_payment values ('orphan', '正常', 1900, '2021-10-01', 'T1', '失败')"""
    )
    return connection


def test_nothing_is_told_where_everything_reconciles(marts: duckdb.DuckDBPyConnection) -> None:
    assert broken(marts) == []


OCTOBER = "month = date '2021-10-01'"
CHANGE_ELDERS = "update reporting.rpt_programme_flow_monthly set {} where programme = 'elder_allowance' and " + OCTOBER
CHANGE_DIBAO = f"update reporting.rpt_dibao_monthly set {{}} where {OCTOBER}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (CHANGE_ELDERS.format("new = 1"), {"期末＝期初＋新增＋转入－退出－转出"}),
        (CHANGE_ELDERS.format("opening = 3, new = 1"), {"期初＝上月期末"}),
        (CHANGE_ELDERS.format('"left" = 1, transferred_in = 1'), {"全区转入＝全区转出"}),
        (CHANGE_DIBAO.format("adults = adults + 1"), {"低保人数＝老年人＋成年人＋未成年人"}),
        (CHANGE_DIBAO.format("households = 11"), {"低保综合统计表户数＝项目增减期末"}),
        (CHANGE_DIBAO.format("persons = 33, adults = adults + 1"), {"低保综合统计表人数＝项目增减期末"}),
        (f"delete from reporting.rpt_elder_allowance_monthly where {OCTOBER}",
         {"尊老金人数＝项目增减期末", "尊老金支出＝成功发放＋补发－退汇－追缴"}),
        ("insert into reporting.rpt_disability_subsidy_monthly values ('2021-10-01', 'T1', 1, 0)",
         {"残疾人两项补贴人数＝项目增减期末"}),
        ("insert into reporting.rpt_extreme_poverty_monthly values ('2021-10-01', 'T1', 0, 0.01)",
         {"特困人员支出＝成功发放＋补发－退汇－追缴"}),
        (
            "update core.fct_payment set result = '成功' where programme = 'orphan'",
            {"儿童福利支出＝成功发放＋补发－退汇－追缴", "发放与名册实发＝成功发放＋补发－退汇－追缴"},
        ),
    ],
)  # fmt: skip
def test_what_differs_is_told(marts: duckdb.DuckDBPyConnection, change: str, told: set[str]) -> None:
    marts.execute(change)
    found = broken(marts, MONTH)
    assert {row["identity"] for row in found} == told
    assert {row["town"] for row in found} <= {"三星镇", ""}
    assert broken(marts, Month.parse("202109")) == []


def test_every_programme_of_the_reports_has_its_people_and_its_money_compared() -> None:
    for report in ("低保综合统计表", "尊老金", "残疾人两项补贴", "特困人员", "儿童福利"):
        assert {f"{report}人数＝项目增减期末", f"{report}支出＝成功发放＋补发－退汇－追缴"} <= set(IDENTITIES)
