"""What an analyst may do with a publication: the questions, the guide, the notebook and the metrics, as written."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from include.analysis.metrics import Metrics, NoSuchMetricError
from include.analysis.reading import UnansweredQuestionError, ask, open_for_questions
from include.dictionary import column_sources, model_pages
from include.dictionary.writing import read_tables
from include.periods import Month
from include.settings import REPOSITORY
from include.warehouse.descriptions import table_descriptions
from include.warehouse.publication import open_publication
from tests.conftest import Ran
from tests.end_to_end.conftest import Ended
from tests.end_to_end.homes import finish, settings_of
from tests.publication.test_dictionary import lacking

QUESTIONS = sorted((REPOSITORY / "docs" / "analysis" / "questions").glob("*.sql"))
GUIDE = (REPOSITORY / "docs" / "how_to" / "analyse.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
#: What the encrypted file alone holds.
RESTRICTED = {"alert_evidence", "department_month", "household_identity", "person_identity", "quarantined_row"}
#: Questions that may have no answer in a district where all is well.
MAY_BE_EMPTY = {"14_what_was_not_evaluated"}


@pytest.fixture(scope="module")
def metrics(first: Ended) -> Metrics:
    return Metrics(settings_of(first.home))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_says_what_it_asks_and_is_answered(first: Ended, path: Path) -> None:
    asked = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"-- [^\x00-\x7f].*？[A-Z][^？]*\?", asked)
    answer = ask(settings_of(first.home), str(path))
    assert len(answer.columns) >= 2
    assert answer.rows or path.stem in MAY_BE_EMPTY


def test_there_are_twenty_questions(ran: Ran) -> None:
    ran("sample questions", len(QUESTIONS))
    assert len(QUESTIONS) >= 20


@pytest.mark.parametrize(
    ("language", "lines"), BLOCKS, ids=[f"{kind}{number}" for number, (kind, _) in enumerate(BLOCKS)]
)
def test_the_guide_does_what_it_says(first: Ended, tmp_path: Path, language: str, lines: str) -> None:
    binaries = Path(sys.executable).parent
    lines = lines.replace(".venv/bin/", f"{binaries}/").replace("var/", f"{first.home}/")
    lines = lines.replace('"dibao.xlsx"', f'"{tmp_path / "dibao.xlsx"}"')
    environment = settings_of(first.home).child_environment()
    environment["PATH"] = f"{binaries}{os.pathsep}{environment['PATH']}"
    environment["PYTHONPATH"] = str(REPOSITORY)
    interpreter = ["sh", "-e"] if language == "sh" else [sys.executable]
    done = subprocess.run(
        interpreter, input=lines, text=True, cwd=REPOSITORY, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or "to_excel" in lines or "notebook" in lines


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "attach '/tmp/other.duckdb'",
        "copy (select 1) to '/tmp/out.csv'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "delete from monitoring.fct_alert",
        "create table main.mine as select 1",
    ],
)
def test_a_question_reads_the_publication_and_nothing_else(first: Ended, statement: str) -> None:
    with pytest.raises(UnansweredQuestionError):
        ask(settings_of(first.home), statement)


def test_caseload_and_spending_are_what_the_marts_say(first: Ended, metrics: Metrics) -> None:
    answer = metrics.ask(["caseload", "spending"], ["month", "programme"])
    assert answer.columns == ["month", "programme", "caseload", "spending"]
    with open_for_questions(settings_of(first.home)) as marts:
        held = _counted(
            marts, "select month, programme, count(distinct person_key) from core.fct_enrolment_month where holds"
        )
        paid = _counted(
            marts,
            "select benefit_month as month, programme, sum(case when kind = '扣回' then -abs(amount) else amount end) "
            "from core.fct_payment where result = '成功'",
        )
    assert {row[:2]: row[2] for row in answer.rows if row[2] is not None and row[2] > 0} == held
    assert {row[:2]: pytest.approx(row[3]) for row in answer.rows if row[3] is not None} == paid
    assert len(held) > 50


def _counted(marts: duckdb.DuckDBPyConnection, statement: str) -> dict[tuple[object, ...], float]:
    return {row[:2]: float(row[2]) for row in marts.execute(f"{statement} group by all").fetchall()}


def test_shares_are_made_of_their_parts(metrics: Metrics) -> None:
    answer = metrics.ask(
        ["elder_take_up", "elders_holding", "elders_owed", "error_rate", "households_in_error", "households_tested"],
        ["month"], Month.parse("202109"), Month.parse("202110"),
    )  # fmt: skip
    assert [row[0].isoformat() for row in answer.rows] == ["2021-09-01", "2021-10-01"]
    for _, take_up, holding, owed, error_rate, wrong, tested in answer.rows:
        assert take_up == pytest.approx(holding / (holding + (owed or 0)))
        assert error_rate == pytest.approx(wrong / tested)
        assert 0 < take_up <= 1


def test_alerts_may_be_asked_by_rule_and_town(metrics: Metrics) -> None:
    by_rule = metrics.ask(["alerts"], ["rule"])
    by_town = metrics.ask(["alerts"], ["town"])
    assert sum(row[1] for row in by_rule.rows) == sum(row[1] for row in by_town.rows) > 0
    assert "死亡仍在享" in {row[0] for row in by_rule.rows}


@pytest.mark.parametrize(
    ("names", "by"), [(["nothing"], []), (["caseload"], ["weekday"]), (["caseload"], ["rule"]), ([], [])]
)
def test_what_cannot_be_asked_is_refused_by_name(metrics: Metrics, names: list[str], by: list[str]) -> None:
    with pytest.raises(NoSuchMetricError):
        metrics.ask(names, by)


def test_every_metric_has_a_label_in_both_languages(metrics: Metrics) -> None:
    assert len(metrics.offered) >= 12
    assert [each.name for each in metrics.offered if not re.fullmatch(r"[^\x00-\x7f]\S* [ -~]+", each.label)] == []
    assert [each.name for each in metrics.offered if len(each.description) < 20] == []


def test_comma_separated_values_can_be_read_back(first: Ended) -> None:
    code, said = finish(
        first.home, "query", "select rule_id, count(*) as n from monitoring.fct_alert group by all", "--csv"
    )
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(said)))
    assert {"E01", "E03"} <= {row["rule_id"] for row in rows}
    assert all(int(row["n"]) > 0 for row in rows)


def test_the_models_are_one_page_that_knows_the_publication_and_no_place_on_this_machine(first: Ended) -> None:
    path = model_pages.write(settings_of(first.home))
    page = path.read_text(encoding="utf-8")
    assert path == first.home / "outbox" / "dictionary" / "models.html"
    assert str(first.home) not in page
    assert str(REPOSITORY) not in page
    assert re.search(r'<(script|link)[^>]+(src|href)="(https?:)?//', page) is None
    assert '"exposure.doudi.worklists"' in page
    assert '"DECIMAL(18,2)"' in page


def test_every_published_column_is_followed_to_what_departments_sent(first: Ended) -> None:
    page = column_sources.write(settings_of(first.home)).read_text(encoding="utf-8")
    spending = re.search(r"<tr><td>spending_to_date</td><td>[^<]+</td><td>([^<]*)</td>", page)
    assert spending is not None
    assert spending[1] == "救助和补贴资金发放明细：发放类型、金额"
    with duckdb.connect(str(first.home / "published" / "marts.duckdb"), read_only=True) as marts:
        ((columns,),) = marts.execute("select count(*) from duckdb_columns() where not internal").fetchall()
    assert page.count("<tr><td>") == columns


def test_what_is_published_is_what_the_models_describe_in_both_languages(first: Ended) -> None:
    with open_publication(settings_of(first.home)) as marts:
        tables = read_tables(marts)
    assert lacking(tables) == []
    described = {name: set(columns) - {""} for name, columns in table_descriptions().items()}
    published = {table.name: {column.name for column in table.columns} for table in tables}
    assert published == {name: columns for name, columns in described.items() if name in published}
    assert set(described) - set(published) == RESTRICTED
