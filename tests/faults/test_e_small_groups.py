"""What was published about a month, put side by side and subtracted, tells of no few people."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import duckdb
import pytest

from include.periods import Month
from include.public_figures.small_cells import SMALLEST_SHOWN
from include.public_figures.tables import TOTAL, Table, as_record, money_by_month, read_tables
from tests.small_warehouse import OTHER_TOWN, TOWN

MONTH, NEXT_MONTH = Month.parse("202110"), Month.parse("202111")
#: How many hold these programmes in January and in October, and where: two have dibao and a tier above it.
GROUPS = (
    (60, ("dibao",), TOWN),
    (30, ("dibao",), OTHER_TOWN),
    (20, ("extreme_poverty",), TOWN),
    (2, ("dibao", "extreme_poverty"), TOWN),
    (40, ("dibao_edge",), OTHER_TOWN),
    (50, ("elder_allowance",), TOWN),
    (3, ("elder_allowance", "dibao_edge"), OTHER_TOWN),
    (25, ("disability_nursing",), OTHER_TOWN),
)


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        f"""create schema core; create schema reporting; create schema monitoring;
        create table core.dim_region as select * from (values ('{TOWN}', '三星镇'), ('{OTHER_TOWN}', '正余镇'))
            as region(region_code, name);
        create table core.fct_enrolment_month(person_key varchar, programme varchar, town_code varchar, month date,
            holds boolean default true);
        create table core.fct_payment(person_key varchar, household_key varchar, payment_no varchar, programme varchar,
            benefit_month date, amount decimal(18, 2), result varchar, kind varchar);"""
    )
    held = [
        (f"{number}-{person}", programme, town, month)
        for number, (people, programmes, town) in enumerate(GROUPS)
        for person in range(people)
        for programme in programmes
        for month in (date(2021, 1, 1), date(2021, 10, 1))
    ]
    connection.executemany(
        "insert into core.fct_enrolment_month(person_key, programme, town_code, month) values (?, ?, ?, ?)", held
    )
    connection.execute(
        """create table core.dim_person as
            select distinct person_key, '女' as sex, 1950 as birth_year from core.fct_enrolment_month;
        create table reporting.rpt_programme_flow_monthly as
            select month, programme, name as town_name, 'person' as unit, count(*) as closing
            from core.fct_enrolment_month join core.dim_region on region_code = town_code group by all;
        create table monitoring.mart_uncovered_monitoring(month date, town_code varchar,
            has_elder_allowance_missed boolean, has_nursing_missed boolean);
        create table monitoring.dim_rule(rule_id varchar, title_zh varchar);
        create table reporting.rpt_alert_performance(rule_id varchar, month date, detected integer, "true" integer,
            "false" integer);
        insert into core.fct_payment
            select person_key, null, person_key || month, programme, month, 100, '成功', '正常'
            from core.fct_enrolment_month"""
    )
    return connection


def totals(tables: list[Table]) -> dict[str, list[int]]:
    """Every number that is shown of a group in the month, over all its towns or other lines, in any table."""
    found: dict[str, list[int]] = {}
    for table in tables:
        for column in table.columns:
            shown = table.shown(TOTAL, column)
            if column != TOTAL and shown is not None:
                found.setdefault(column, []).append(shown)
    return found


def test_e69_what_two_tables_say_of_one_group_differs_by_no_few_people(marts: duckdb.DuckDBPyConnection) -> None:
    told = totals(read_tables(marts, MONTH, {}))
    differences = {
        group: [abs(one - other) for one, other in combinations(numbers, 2)] for group, numbers in told.items()
    }
    assert differences["低保"] == [0]
    assert [group for group, each in differences.items() if any(0 < number < SMALLEST_SHOWN for number in each)] == []


def test_e69_a_table_published_again_differs_by_no_few_people(marts: duckdb.DuckDBPyConnection) -> None:
    first = read_tables(marts, MONTH, {})
    marts.execute(
        f"insert into core.fct_enrolment_month select 'N' || number, 'dibao', '{TOWN}', date '2021-10-01', true "
        "from range(2) as each(number)"
    )
    again = {table.question.key: table for table in read_tables(marts, MONTH, as_record(first))}
    for before in first:
        now = again[before.question.key]
        for row, cells in before.lines:
            for column, number in zip(before.columns, cells, strict=True):
                shown = now.shown(row, column)
                assert shown is None or number is None or not 0 < abs(shown - number) < SMALLEST_SHOWN


def test_e69_money_told_again_next_month_differs_by_no_few_payees(marts: duckdb.DuckDBPyConnection) -> None:
    first = money_by_month(marts, MONTH, {})
    marts.execute("update core.fct_payment set result = '失败' where payment_no like '0-1_2021-01-01'")
    marts.execute("delete from core.fct_payment where person_key in ('4-1', '4-2', '4-3')")
    again = money_by_month(marts, NEXT_MONTH, first)
    assert again[date(2021, 1, 1)]["dibao_edge"] == first[date(2021, 1, 1)]["dibao_edge"] == 4300.0
    assert (first[date(2021, 1, 1)]["dibao"], again[date(2021, 1, 1)]["dibao"]) == (9200.0, 8200.0)
