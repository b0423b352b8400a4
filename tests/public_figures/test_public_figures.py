"""The public page and workbook show the publication's figures, no small group and no person."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from include import public_figures
from include.periods import Month
from include.public_figures.small_cells import SMALLEST_SHOWN
from include.public_figures.tables import OUTSIDE, TOTAL, Table, money_by_month, read_tables
from tests.publication.test_publish import publish_small
from tests.small_warehouse import OTHER_TOWN, TOWN, settings_of

MONTH = Month.parse("202110")
#: Who is on which list in January and in October: how many, programme before, programme now, town, birth year, sex.
GROUPS = (
    (40, "dibao", "dibao", TOWN, 1960, "男"),
    (30, "dibao", "dibao", OTHER_TOWN, 1985, "女"),
    (6, "dibao", None, TOWN, 1950, "男"),
    (7, None, "dibao_edge", OTHER_TOWN, 2015, "女"),
    (3, "dibao_edge", "dibao_edge", TOWN, 1915, "女"),
    (50, "elder_allowance", "elder_allowance", TOWN, 1935, "女"),
)
#: What the small warehouse lacks of the tables that are read here.
MORE = f"""
    alter table wh.core.fct_enrolment_month add column holds boolean default true;
    alter table wh.core.fct_enrolment_month add column town_code varchar default '{TOWN}';
    alter table wh.reporting.rpt_programme_flow_monthly add column town_name varchar default '三星镇';
    create or replace table wh.monitoring.mart_uncovered_monitoring as
        select date '2021-10-01' as month, 'P1' as person_key, '{TOWN}' as town_code, '' as village_code,
            3 as risk_score, true as has_elder_allowance_missed, false as has_nursing_missed;
    create table wh.reporting.rpt_alert_performance as
        select 'E01' as rule_id, date '2021-10-01' as month, 9 as detected, 2 as "true", 0 as "false";
"""


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    people = [(f"{number}-{person}", *group[1:]) for number, group in enumerate(GROUPS) for person in range(group[0])]
    connection.execute(
        f"""create schema core; create schema reporting; create schema monitoring;
        create table core.dim_region as select * from (values ('{TOWN}', '三星镇'), ('{OTHER_TOWN}', '正余镇'))
            as region(region_code, name);
        create table core.people(person_key varchar, before varchar, now varchar, town_code varchar,
            birth_year integer, sex varchar);"""
    )
    connection.executemany("insert into core.people values (?, ?, ?, ?, ?, ?)", people)
    connection.execute(
        f"""
        create table core.dim_person as select person_key, sex, birth_year from core.people;
        create table core.fct_enrolment_month as
            select person_key, before as programme, date '2021-01-01' as month, true as holds, town_code
            from core.people where before is not null
            union all select person_key, now, date '2021-10-01', true, town_code from core.people where now is not null;
        create table core.fct_payment as
            select person_key, programme, month as benefit_month, 100::decimal(18, 2) as amount, '成功' as result,
                '正常' as kind from core.fct_enrolment_month;
        create table reporting.rpt_programme_flow_monthly as
            select month, programme, name as town_name, 'person' as unit, count(*) as closing
            from core.fct_enrolment_month join core.dim_region on region_code = town_code group by all;
        create table monitoring.mart_uncovered_monitoring as
            select date '2021-10-01' as month, 'U' || number as person_key, '{TOWN}' as town_code,
                true as has_elder_allowance_missed, false as has_nursing_missed from range(10) as each(number);
        create table monitoring.dim_rule as select 'E01' as rule_id, '死亡仍在享' as title_zh
            union all select 'E03', '名下有车' union all select 'E04', '名下有房';
        create table reporting.rpt_alert_performance as select * from (values
            ('E01', date '2021-09-01', 20, 9, 6), ('E01', date '2021-10-01', 5, 1, 1),
            ('E03', date '2021-10-01', 2, 0, 0), ('E04', date '2021-10-01', 60, 30, 10),
            ('E01', date '2020-12-01', 900, 0, 0)) as told(rule_id, month, detected, "true", "false");"""
    )
    return connection


def by_key(marts: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    return {table.question.key: table for table in read_tables(marts, MONTH, {})}


def test_people_are_counted_by_programme_and_town(marts: duckdb.DuckDBPyConnection) -> None:
    table = by_key(marts)["low_income"]
    sanxing = table.counts[table.rows.index("三星镇")]
    assert dict(zip(table.columns, sanxing.tolist(), strict=True)) == {
        "特困": 0, "低保": 40, "单人保": 0, "低保边缘": 3, "刚性支出困难": 0, TOTAL: 43,
    }  # fmt: skip
    assert table.shown("三星镇", "低保边缘") is None
    assert table.shown(TOTAL, "低保") == 70
    assert by_key(marts)["benefits"].shown("三星镇", "尊老金") == 50


def test_moves_are_from_january_to_the_month(marts: duckdb.DuckDBPyConnection) -> None:
    table = by_key(marts)["changes"]
    assert table.shown("低保", "低保") == 70
    counts = {
        (row, column): int(table.counts[table.rows.index(row), table.columns.index(column)])
        for row in table.rows
        for column in table.columns
    }
    assert counts["低保", OUTSIDE] == 6
    assert counts[OUTSIDE, "低保边缘"] == 7
    assert counts["低保边缘", "低保边缘"] == 3
    assert counts[OUTSIDE, OUTSIDE] == 0
    assert table.shown("低保边缘", "低保边缘") is None


def test_recipients_stand_by_age_and_sex(marts: duckdb.DuckDBPyConnection) -> None:
    table = by_key(marts)["ages"]
    assert table.rows == ["0～9岁", "30～39岁", "60～69岁", "80～89岁", "100岁以上", TOTAL]
    assert table.shown("80～89岁", "女") == 50
    assert table.shown("100岁以上", "女") is None
    assert table.counts[-1, -1] == 40 + 30 + 7 + 3 + 50


def test_alerts_of_the_year_are_counted_by_outcome(marts: duckdb.DuckDBPyConnection) -> None:
    table = by_key(marts)["alerts"]
    assert table.counts[table.rows.index("E01 死亡仍在享")].tolist() == [10, 7, 8, 25]
    assert table.shown("E03 名下有车", "待核查") is None
    assert table.shown("E03 名下有车", TOTAL) is None


def test_what_may_be_owed_is_counted_by_town(marts: duckdb.DuckDBPyConnection) -> None:
    assert by_key(marts)["missed"].shown("三星镇", "尊老金") == 10


def test_moves_are_not_shown_where_the_towns_leave_out_a_tier(marts: duckdb.DuckDBPyConnection) -> None:
    marts.execute(
        "insert into core.fct_enrolment_month "
        f"select 'S' || number, 'dibao_single', month, true, '{TOWN}' "
        "from range(3) as each(number), (values (date '2021-01-01'), (date '2021-10-01')) as told(month)"
    )
    tables = by_key(marts)
    assert tables["low_income"].shown(TOTAL, "单人保") is None
    assert tables["changes"].hidden.all()


def test_money_of_a_few_people_is_left_out(marts: duckdb.DuckDBPyConnection) -> None:
    money = money_by_month(marts, MONTH, {})
    assert money[date(2021, 10, 1)] == {"dibao": 7000.0, "dibao_edge": 1000.0, "elder_allowance": 5000.0}
    assert money[date(2021, 1, 1)]["dibao_edge"] is None


def test_the_page_and_the_workbook_show_no_small_group_and_name_no_other_host(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1, changes=MORE)
    folder = public_figures.write(settings, "run-01")
    assert folder == settings.outbox / "public" / "202110"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "社会救助概览" in page
    assert "内部资料" not in page
    assert re.findall(r"(?:src|href)=\"(?!\.\./\d{6}/)[^\"]*|url\(|https?://", page) == []
    book = load_workbook(folder / "figures.xlsx", read_only=True)
    numbers = {
        cell.value
        for sheet in book
        for row in sheet.iter_rows(min_row=4)
        for cell in row
        if isinstance(cell.value, int)
    }
    assert [number for number in numbers if 0 < number < SMALLEST_SHOWN] == []
    record = json.loads((settings.state / "public_figures" / "202110.json").read_text(encoding="utf-8"))
    assert set(record) == {"low_income", "benefits", "changes", "ages", "missed", "alerts"}
    assert public_figures.write(settings, "run-01") == folder


def test_a_look_at_the_past_publishes_no_figures(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    publish_small(settings, 2, is_replay=True)
    assert public_figures.write(settings, "run-02") is None
    assert not (settings.outbox / "public").exists()
