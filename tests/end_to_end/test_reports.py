"""The month's reports against the rows they count, against each other, and against what is known of the year."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from include.reports.drill import NoSuchFigureError, drill
from include.reports.reconciliation import IDENTITIES, broken
from include.settings import Settings
from include.warehouse.publication import open_publication
from tests.end_to_end.conftest import Ended
from tests.end_to_end.homes import finish, settings_of
from tests.end_to_end.known_year import figures_of_2021
from tests.soak.counts import repetitions
from tests.soak.page import Note

DISTRICT = "hundredths of the district"

REPORTS = (
    "rpt_dibao_monthly",
    "rpt_programme_flow_monthly",
    "rpt_elder_allowance_monthly",
    "rpt_disability_subsidy_monthly",
    "rpt_extreme_poverty_monthly",
    "rpt_child_benefit_monthly",
    "rpt_payment_roster_monthly",
    "rpt_alert_performance",
)
#: What only names what a code beside it tells.
NAMES = {"town_name", "rule_title"}
#: What follows from the figures beside it or from earlier months, and so has no rows of its own.
DERIVED = {
    "share_of_registered", "person_months_to_date", "spending_to_date", "spending_per_person",
    "spending_per_person_to_date", "standard", "difference", "spending_ten_thousands",
    "precision", "precision_low", "precision_high", "on_time_share", "days_to_visit",
}  # fmt: skip


@pytest.fixture(scope="module")
def district(first: Ended, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The newcomer's first run, a hundredth of the district; in `make soak` a run over all of it."""
    hundredths = repetitions(DISTRICT)
    if hundredths == 1:
        return settings_of(first.home)
    home = tmp_path_factory.mktemp("district")
    code, said = finish(home, "run", "--in-process", scale=hundredths / 100)
    assert code == 0, said
    return settings_of(home)


@pytest.fixture(scope="module")
def marts(district: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_publication(district) as connection:
        yield connection


@pytest.mark.soak
@pytest.mark.parametrize("report", REPORTS)
def test_the_rows_of_every_cell_add_up_to_it(marts: duckdb.DuckDBPyConnection, report: str) -> None:
    columns = dict(
        marts.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'reporting' and table_name = ?",
            [report],
        ).fetchall()
    )
    told = [name for name, kind in columns.items() if kind == "VARCHAR" and name not in NAMES]
    figures = [name for name in columns if name not in {*told, *DERIVED, *NAMES, "month"}]
    line = ", ".join(f"coalesce({name}, '')" for name in told)
    cells = ", ".join(f"('{name}', \"{name}\")" for name in figures)
    cell_count, differ = marts.execute(
        f"""
        with cell as (
            select ({line}) as line, figure.name, figure.value
            from reporting.{report}, (values {cells}) as figure(name, value)
            where month = (select max(month) from reporting.rpt_dibao_monthly) and figure.value <> 0
        ), counted as (
            select ({line}) as line, figure, sum(amount) as value from reporting.fct_report_row
            where report = '{report}' group by all
        )
        select count(cell.line), count(*) filter (cell.value is distinct from counted.value)
        from cell full join counted on counted.line = cell.line and counted.figure = cell.name
        """
    ).fetchall()[0]
    assert cell_count > 0
    assert differ == 0


def test_a_row_says_who_is_counted_and_on_which_delivery_it_stands(marts: duckdb.DuckDBPyConnection) -> None:
    nobody, without_delivery, unknown_delivery = marts.execute(
        """
        select
            count(*) filter (coalesce(person_key, household_key, payment_no, alert_no) is null),
            count(*) filter (row.delivery_id is null and alert_no is null),
            count(*) filter (row.delivery_id is not null and delivery.delivery_id is null)
        from reporting.fct_report_row as row left join quality.fct_delivery as delivery using (delivery_id)
        where figure <> 'registered_population'
        """
    ).fetchall()[0]
    assert (nobody, without_delivery, unknown_delivery) == (0, 0, 0)


@pytest.mark.soak
def test_every_identity_holds_for_every_town_and_month(marts: duckdb.DuckDBPyConnection) -> None:
    assert broken(marts) == []


@pytest.mark.soak
def test_the_year_is_what_the_bureau_said_of_it(marts: duckdb.DuckDBPyConnection, note: Note) -> None:
    """52 000 elders, 31.82 million yuan to October; in a hundredth, a few who are a hundred years old tip the sum."""
    share = repetitions(DISTRICT) / 100
    figures = figures_of_2021(marts)
    assert figures.standard == 750
    assert figures.elders == pytest.approx(52_000 * share, rel=0.03 if share == 1 else 0.05)
    assert figures.elder_allowance_to_october == pytest.approx(31_820_000 * share, rel=0.03 if share == 1 else 0.15)
    note(
        DISTRICT,
        f"{share * 100:.0f}: {figures.elders:,.0f} elders and {figures.elder_allowance_to_october:,.2f} yuan to "
        f"October 2021, standard {figures.standard}; {len(IDENTITIES)} identities, each town and month",
    )


def test_a_figure_of_the_workbook_is_drilled_to_its_rows_and_files(
    district: Settings, marts: duckdb.DuckDBPyConnection
) -> None:
    town, persons = marts.execute(
        "select town_name, sum(persons) from reporting.rpt_elder_allowance_monthly "
        "where month = (select max(month) from reporting.rpt_dibao_monthly) group by all order by 2 desc limit 1"
    ).fetchall()[0]
    drilled = drill(district, "尊老金", "在享人数", {"镇街": town})
    assert drilled.value == len(drilled.rows.rows) == persons
    assert "person_key" in drilled.rows.columns
    assert sum(row[-1] for row in drilled.deliveries.rows) == persons
    assert {row[0] for row in drilled.deliveries.rows} == {"civil_affairs.elder_allowance"}


@pytest.mark.parametrize(
    ("report", "figure", "line", "said"),
    [
        ("尊老", "在享人数", {}, "项目增减"),
        ("尊老金", "人数", {}, "在享人数"),
        ("尊老金", "在享人数", {"镇街": "无此镇"}, "没有这样的行"),
        ("低保综合统计表", "低保标准（元）", {}, "由其他数字算出"),
    ],
)
def test_what_cannot_be_drilled_says_what_can(
    district: Settings, report: str, figure: str, line: dict[str, str], said: str
) -> None:
    with pytest.raises(NoSuchFigureError, match=said):
        drill(district, report, figure, line)


def test_the_command_shows_rows_sum_and_deliveries(district: Settings) -> None:
    code, said = finish(district.home, "drill", "rpt_dibao_monthly", "women")
    assert code == 0
    assert "合计 in all" in said
    assert "civil_affairs" in said
