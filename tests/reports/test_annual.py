"""The year's report says the figures of the publication, all of them filled in, with a chart."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from docx import Document
from docxtpl import DocxTemplate

from include.periods import Month
from include.reports import annual
from include.reports.annual_template import TEMPLATE
from tests.publication.test_publish import publish_small
from tests.small_warehouse import TOWN, settings_of

MONTH = Month.parse("202110")
_SOURCES = json.dumps([{"dataset": "health.death_certificate"}, {"dataset": "civil_affairs.payment"}])
_TABLES = """
create table <wh>reporting.rpt_annual_work_report as select * from (values
    (2021, 'dibao_standard', '', 750.00, 'yuan/person/month', 720.00, 0.041667),
    (2021, 'households_at_end', 'dibao', 300, 'household', null, null),
    (2021, 'persons_at_end', 'dibao', 410, 'person', 400, 0.025),
    (2021, 'low_income_persons_at_end', '', 409, 'person', null, null),
    (2021, 'persons_newly_covered', 'dibao', 30, 'person', null, null),
    (2021, 'persons_cleared_out', 'dibao', 20, 'person', null, null),
    (2021, 'persons_at_end', 'elder_allowance', 5200, 'person', null, null),
    (2021, 'money_paid', 'dibao', 1500000.00, 'yuan', 1200000.00, 0.25),
    (2021, 'money_paid', 'elder_allowance', 3000000.00, 'yuan', 3300000.00, -0.090909),
    (2021, 'elder_allowance_to_october', 'elder_allowance', 3000000.00, 'yuan', null, null),
    (2021, 'families_compared_online', '', 290, 'household', 290, 0),
    (2021, 'families_verified_offline', '', 7, 'household', null, null),
    (2021, 'alerts_verified_offline', '', 8, 'alert', null, null),
    (2021, 'money_recovered', '', 1234.50, 'yuan', null, null),
    (2020, 'persons_at_end', 'dibao', 400, 'person', null, null)
    ) as told(year, figure, programme, value, unit, value_last_year, growth);
alter table <wh>reporting.rpt_annual_work_report alter column value type decimal(18, 2);
alter table <wh>reporting.rpt_annual_work_report alter column value_last_year type decimal(18, 2);
create table <wh>reporting.rpt_alert_performance as select * from (values
    ('E01', '<town>', '三星镇', date '2021-10-01', 12, 8, 5, 3, 2),
    ('C05', null, null, date '2021-09-01', 4, 0, 0, 0, 0),
    ('E01', '<town>', '三星镇', date '2020-12-01', 900, 0, 0, 0, 0)
    ) as told(rule_id, town_code, town_name, month, detected, verified, "true", "false", overdue);
create table <wh>monitoring.fct_alert_explanation as
    select alert_no, '<sources>' as sources from <wh>monitoring.fct_alert where rule_id = 'E01';
"""


def tables(database: str) -> str:
    """Statements that make what the report reads, in an attached database."""
    return _TABLES.replace("<wh>", database).replace("<town>", TOWN).replace("<sources>", _SOURCES)


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        f"""create schema core; create schema reporting; create schema monitoring;
        create table core.dim_region as select '海门区' as name, 'district' as level, '320614000000' as region_code;
        create table core.fct_payment as select * from (values
            ('dibao', date '2021-01-01', '正常', '成功', 700000.0),
            ('dibao', date '2021-02-01', '正常', '成功', 900000.0),
            ('dibao', date '2021-02-01', '扣回', '成功', 100000.0), ('dibao', date '2021-02-01', '正常', '失败', 55.0),
            ('dibao', date '2020-12-01', '正常', '成功', 9.0)) as told(programme, benefit_month, kind, result, amount);
        alter table core.fct_payment alter column amount type decimal(18, 2);
        create table monitoring.dim_rule as select 'E01' as rule_id, 'exit' as direction
            union all select 'C05', 'cover';
        create table monitoring.fct_alert as select 'A1' as alert_no, 'E01' as rule_id, date '2021-03-01' as first_month
            union all select 'A2', 'E01', date '2020-03-01';
        {tables("")}"""
    )
    return connection


def test_the_figures_are_the_years(marts: duckdb.DuckDBPyConnection) -> None:
    told = annual.context(marts, MONTH, "202110_x")
    assert {name: told[name] for name in ("district", "year", "month", "low_income_persons", "standard")} == {
        "district": "海门区", "year": 2021, "month": 10, "low_income_persons": "409", "standard": "750",
    }  # fmt: skip
    assert told["standard_growth"] == "，比上年同期增长4.2%"
    assert told["families_growth"] == "，与上年同期持平"
    assert (told["money_total"], told["money_growth"]) == ("450.00", "，与上年同期持平")
    assert (told["elder_to_october"], told["elder_persons"]) == ("300.00", "5,200")
    assert (told["newly_covered"], told["cleared_out"], told["recovered"]) == ("30", "20", "1,234.50")
    assert (told["found"], told["exits"], told["covers"], told["payments"]) == ("16", "12", "4", "0")
    assert (told["is_true"], told["is_false"], told["waiting"]) == ("5", "3", "8")
    assert told["found_by"] == "卫生健康委员会（1）"
    assert told["programmes"][0] == {
        "title": "低保", "households": "300", "persons": "410", "new": "30", "left": "20", "money": "150.00",
        "growth": "+25.0%",
    }  # fmt: skip
    assert [row["title"] for row in told["programmes"]] == ["低保", "尊老金"]
    assert [(row["title"], row["detected"]) for row in told["towns"]] == [("三星镇", "12"), ("未定镇街", "4")]


def test_the_chart_is_a_picture_of_the_months_so_far(marts: duckdb.DuckDBPyConnection) -> None:
    picture = annual.chart(marts, MONTH)
    assert picture.startswith(b"\x89PNG")
    assert annual.chart(marts, MONTH) == picture
    marts.execute("update core.fct_payment set amount = 2 * amount where benefit_month = '2021-01-01'")
    assert annual.chart(marts, MONTH) != picture


def test_the_template_names_what_is_known_and_nothing_else(marts: duckdb.DuckDBPyConnection) -> None:
    told = annual.context(marts, MONTH, "202110_x")
    assert DocxTemplate(TEMPLATE).get_undeclared_template_variables() == {*told, "chart"}


def test_the_report_is_written_with_every_figure_filled_in(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1, changes=tables("wh."))
    path = annual.write(settings, "run-01")
    assert path == settings.outbox / "reports" / "202110" / "annual_work_report.docx"
    written = path.read_bytes()
    assert annual.write(settings, "run-01").read_bytes() == written
    document = Document(str(path))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert "{" not in text + str(cells)
    assert "一至十月发放尊老金300.00万元" in text
    assert "线上核对家庭290户，与上年同期持平，上门核查7户、预警8条" in text
    assert ["低保", "300", "410", "30", "20", "150.00", "+25.0%"] in cells
    assert ["三星镇", "12", "8", "5", "3", "2"] in cells
    assert len(document.inline_shapes) == 1
