"""Backtests on the demo district: a standing rule, a draft of one and a new one give what was planted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.backtest import DraftError, backtest, read_draft
from include.backtest.figures import NoSuchRuleError
from include.backtest.report import write_page
from include.settings import DBT_PROJECT
from include.share import Share
from include.warehouse.dbt import DbtError
from include.warehouse.workbench import Workbench
from tests.scenarios.conftest import Twin

RULES = DBT_PROJECT / "models" / "intermediate" / "rules"
VEHICLE = next(RULES.glob("rule_e03__*.sql"))
CATALOGUE = DBT_PROJECT / "seeds" / "rules" / "rule_catalogue.csv"


@pytest.fixture
def workbench(twin: Twin) -> Iterator[Workbench]:
    with Workbench(twin.settings, twin.warehouse) as bench:
        yield bench


@pytest.fixture(scope="module")
def planted(twin: Twin) -> list[dict[str, str]]:
    with (twin.settings.state / "demo" / "truth" / "alerts.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def draft_file(folder: Path, name: str, sql: str, rule_id: str = "") -> Path:
    """A draft, with a catalogue row of its own where it is a rule of its own."""
    path = folder / f"{name}.sql"
    path.write_text(sql, encoding="utf-8")
    if rule_id:
        with CATALOGUE.open(encoding="utf-8", newline="") as stream:
            row = next(row for row in csv.DictReader(stream) if row["rule_id"] == "E03")
        with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, list(row))
            table.writeheader()
            table.writerow({**row, "rule_id": rule_id})
    return path


@pytest.mark.parametrize("rule_id", ["E01", "E03", "E05", "C04", "P09"])
def test_a_standing_rule_gives_the_planted_numbers(
    workbench: Workbench, planted: list[dict[str, str]], rule_id: str
) -> None:
    truth = [row for row in planted if row["rule_id"] == rule_id]
    found = backtest(workbench, rule_id)
    assert found.alerts == len(truth) > 0
    assert found.severities == Counter(row["severity"] for row in truth)
    assert sum(town["open"] for town in found.towns) == sum(row["last_month"] == "202110" for row in truth)
    raised = sum(month["raised"] for month in found.months)
    assert raised >= len(truth)
    assert found.officer_days == found.days_an_alert * raised > 0


def test_a_new_rule_that_says_the_same_finds_the_same(twin: Twin, workbench: Workbench, tmp_path: Path) -> None:
    standing = backtest(workbench, "E03")
    path = draft_file(tmp_path, "rule_e99__vehicle_again", VEHICLE.read_text(encoding="utf-8"), "E99")
    found = backtest(workbench, "E99", read_draft(twin.settings, path, "202110"), compared_with="E03")
    assert found.months == standing.months
    assert (found.towns, found.severities) == (standing.towns, standing.severities)
    assert {"rule_id": "E03", "title_zh": "名下有机动车", "shared": standing.findings} in found.overlap
    assert found.against == {"standing": 0, "gained": standing.alerts, "lost": 0}


def test_a_narrower_draft_says_what_it_no_longer_finds(
    twin: Twin, workbench: Workbench, planted: list[dict[str, str]], tmp_path: Path
) -> None:
    sql = VEHICLE.read_text(encoding="utf-8")
    narrower = sql + "\nwhere counted.programme = 'dibao'"
    found = backtest(
        workbench, "E03", read_draft(twin.settings, draft_file(tmp_path, "rule_e03__dibao_alone", narrower), "202110")
    )
    truth = Counter(row["programme"] for row in planted if row["rule_id"] == "E03")
    assert found.against == {"standing": truth.total(), "gained": 0, "lost": truth.total() - truth["dibao"]}
    assert 0 < found.alerts == truth["dibao"]


def test_precision_and_recall_come_from_the_newest_answers(workbench: Workbench) -> None:
    alerts = [
        number
        for (number,) in workbench.connection.execute(
            "select distinct alert_no from built.intermediate.int_rules__alerts where rule_id = 'E03' order by alert_no"
        ).fetchall()
    ]
    answers = [(alerts[0], "不属实", 1), (alerts[0], "属实", 2), (alerts[1], "部分属实", 1), (alerts[2], "属实", 1)]
    answers += [(alerts[3], "不属实", 1), (alerts[4], "无法核实", 1), ("YJ202100001", "属实", 1)]
    workbench.replace(
        "staging.stg_civil_affairs__verification_result",
        "select alert_no, finding, date '2021-09-01' + cast(day as integer) as verified_on, now() as received_at, "
        "'' as delivery_id from (values " + ", ".join(map(str, answers)) + ") as answer(alert_no, finding, day)",
    )
    found = backtest(workbench, "E03")
    assert (found.precision, found.recall) == (Share(3, 4), Share(3, 3))
    assert found.precision.interval == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert backtest(workbench, "E01").precision == Share(0, 0)
    assert Share(0, 0).interval is None


def test_the_page_counts_and_names_nobody(twin: Twin, workbench: Workbench) -> None:
    found = backtest(workbench, "E01")
    path = write_page(twin.settings, found)
    page = path.read_text(encoding="utf-8")
    assert f"<strong>{found.alerts:,}</strong>" in page
    assert "P09" in page
    assert "http" not in page
    assert write_page(twin.settings, found).read_text(encoding="utf-8") == page


def test_a_draft_that_is_none_is_refused_and_the_project_stays_as_it_is(twin: Twin, tmp_path: Path) -> None:
    before = _project_files()
    with pytest.raises(DraftError, match="草稿应为文件"):
        read_draft(twin.settings, draft_file(tmp_path, "vehicle", "select 1"), "202110")
    with pytest.raises(DraftError, match="目录中没有规则 E98"):
        read_draft(twin.settings, draft_file(tmp_path, "rule_e98__nothing", "select 1"), "202110")
    broken = draft_file(tmp_path, "rule_e03__broken", "select * from {{ ref('int_no_such_model') }}")
    with pytest.raises(DbtError, match="Compilation Error"):
        read_draft(twin.settings, broken, "202110")
    assert _project_files() == before


def _project_files() -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in DBT_PROJECT.rglob("*")
        if path.is_file() and not {"target", "logs"} & set(path.parts)
    }


def test_a_rule_without_a_model_says_so(workbench: Workbench) -> None:
    with pytest.raises(NoSuchRuleError, match="没有规则 Z99"):
        backtest(workbench, "Z99")
