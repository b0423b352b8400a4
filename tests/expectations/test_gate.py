"""The gate opens for good marts, stays shut for bad ones, and stays shut when nothing could be checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations import gate
from include import runs
from tests.small_warehouse import NAMES, RUN_ID, make_run, make_warehouse, settings_of

COLUMNS = {
    "run_id", "suite", "check_name", "target", "severity", "status", "observed", "expected", "failed_rows",
}  # fmt: skip


def test_good_marts_are_green_and_every_check_is_recorded(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    make_warehouse(settings)
    make_run(settings)
    verdict = gate.run(settings, RUN_ID)
    checks = runs.read(settings, RUN_ID, "checks_gx")
    assert [check for check in checks if check["status"] in ("failed", "error")] == []
    assert verdict["verdict"] == "green"
    assert verdict["reasons"] == []
    assert verdict == runs.read(settings, RUN_ID, "gate")
    assert {frozenset(check) for check in checks} == {frozenset(COLUMNS)}
    assert sum(check["suite"].startswith("publication.") for check in checks) >= 120
    assert verdict["passed"] >= 120
    # nothing was landed by this run, so there was nothing to accept
    assert {check["status"] for check in checks if check["suite"].startswith("acceptance.")} == {"not_evaluated"}
    page = Path(verdict["page"])
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert page.with_name("latest.html").resolve() == page.resolve()


def test_bad_marts_are_red_and_name_the_checks_but_no_value(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    make_warehouse(
        settings,
        changes=f"""
        insert into wh.monitoring.fct_alert select * from wh.monitoring.fct_alert limit 1;
        update wh.monitoring.fct_alert set state = '{NAMES[0]}' where rule_id = 'C05';
        update wh.quality.fct_delivery set rows_read = 100;
        delete from wh.monitoring.fct_rule_evaluation where rule_id = 'E14' and month = date '2021-09-01';
        alter table wh.core.dim_person add column id_no varchar;
        """,
    )
    make_run(settings)
    verdict = gate.run(settings, RUN_ID)
    failed = {
        (check["target"], check["check_name"]): check["failed_rows"]
        for check in runs.read(settings, RUN_ID, "checks_gx")
        if check["status"] == "failed" and check["severity"] == "critical"
    }
    assert verdict["verdict"] == "red"
    assert failed == {
        ("monitoring.fct_alert", "alert_no_unique"): 1,
        ("monitoring.fct_alert", "state_in_set"): 2,
        ("monitoring.fct_rule_evaluation", "every_rule_every_month"): 1,
        ("quality.fct_delivery", "every_row_accounted_for"): 1,
        ("published columns", "no_personal_columns"): 1,
    }
    assert len(verdict["reasons"]) == len(failed)
    for written in (*(settings.runs / RUN_ID).iterdir(), Path(verdict["page"])):
        assert NAMES[0] not in written.read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", ["no build", "wrong key", "mart missing", "no dbt results", "dbt failed"])
def test_whatever_could_not_be_checked_is_red(tmp_path: Path, fault: str) -> None:
    settings = settings_of(tmp_path)
    if fault != "no build":
        make_warehouse(settings, changes="drop table wh.core.fct_payment" if fault == "mart missing" else "")
    if fault == "wrong key":
        settings.environment["WAREHOUSE_KEY"] = "c" * 64
    failed = {
        "run_id": RUN_ID, "suite": "dbt", "check_name": "relationships_x", "target": "fct_alert",
        "severity": "critical", "status": "failed", "observed": "3", "expected": "0", "failed_rows": 3,
    }  # fmt: skip
    make_run(settings, checks={"no dbt results": [], "dbt failed": [failed]}.get(fault))
    verdict = gate.run(settings, RUN_ID)
    assert verdict["verdict"] == "red"
    assert verdict["reasons"]
    assert Path(verdict["page"]).exists()
    if fault in ("no build", "wrong key"):
        assert "检查未能运行" in verdict["reasons"][0]
