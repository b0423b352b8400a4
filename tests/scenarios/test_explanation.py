"""What an alert stands on: the policy rows in force, and delivered rows that say what the alert says."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from typing import Any

import pytest
from rich.console import Console

from include.alerts.explain import Explanation, show
from include.contracts import load_contracts
from include.warehouse.dbt import rule_models
from include.warehouse.rule_facts import rule_facts
from tests.scenarios.conftest import Outcome

_TOLD = """
    select told.*, alert.last_month, alert.subject_type, alert.evidence, alert.severity, alert.state,
        alert.first_month, alert.match_grade, alert.proposed_action, rule.title_zh, rule.title_en
    from wh.monitoring.fct_alert as alert
    left join wh.monitoring.fct_alert_explanation as told on alert.alert_no = told.alert_no
    left join wh.monitoring.dim_rule as rule on alert.rule_id = rule.rule_id
"""


@pytest.fixture(scope="module")
def told(outcome: Outcome) -> list[dict[str, Any]]:
    columns = [name for (name, *_) in outcome.query(f"describe {_TOLD}")]
    return [dict(zip(columns, row, strict=True)) for row in outcome.query(_TOLD)]


def test_every_alert_is_explained_once_and_stands_on_something(told: list[dict[str, Any]]) -> None:
    assert len({row["alert_no"] for row in told}) == len(told) > 400
    assert [row["rule_id"] for row in told if not json.loads(row["sources"])] == []
    assert all(len(json.loads(row["sources"])) == row["source_rows"] for row in told)
    assert all(row["legal_basis"] and row["rule_version"] for row in told)


def test_a_car_is_found_again_in_the_row_that_is_named(told: list[dict[str, Any]], outcome: Outcome) -> None:
    cars = [row for row in told if row["rule_id"] == "E03"]
    assert cars
    plates = {
        (delivery, row): plate
        for delivery, row, plate in outcome.query(
            "select delivery_id, source_row, plate_no from wh.staging.stg_public_security__vehicle"
        )
    }
    events = dict(outcome.query("select alert_no, event_key from wh.restricted.alert_evidence"))
    for car in cars:
        named = [place for place in json.loads(car["sources"]) if place["dataset"] == "public_security.vehicle"]
        assert events[car["alert_no"]] in {plates[place["delivery"], place["row"]] for place in named}
        assert all("号牌号码" in place["columns"] and place["file"] and place["received_at"] for place in named)


def test_a_snapshot_counts_as_it_lay_in_the_last_month(told: list[dict[str, Any]], outcome: Outcome) -> None:
    in_force = set(outcome.query("select delivery_id, month from wh.intermediate.int_delivery_in_force"))
    snapshots = {name for name, contract in load_contracts().items() if contract.delivery == "snapshot"}
    checked = 0
    for row in told:
        if row["subject_type"] in ("person", "household"):
            for place in json.loads(row["sources"]):
                if place["dataset"] in snapshots:
                    assert (place["delivery"], row["last_month"]) in in_force
                    checked += 1
    assert checked > 500


def test_parameters_are_those_in_force_and_say_when_they_are_placeholders(told: list[dict[str, Any]]) -> None:
    [amount, *_] = [json.loads(row["parameters"]) for row in told if row["rule_id"] == "P10"]
    [standard] = [row for row in amount if row["parameter"] == "dibao_standard"]
    assert (standard["valid_from"], float(standard["value"]), standard["is_placeholder"]) == ("2023-07-01", 810, True)
    assert {row["parameter"] for row in amount} >= {"dibao_uplift", "recalculation_tolerance", "dibao_rounding"}


def test_c37_one_batch_holds_one_version_of_each_rule_and_of_its_parameters(told: list[dict[str, Any]]) -> None:
    versions, parameters = defaultdict(set), defaultdict(set)
    for row in told:
        versions[row["rule_id"]].add(row["rule_version"])
        parameters[row["rule_id"], row["last_month"]].add(row["parameters"])
    assert {rule: found for rule, found in versions.items() if len(found) != 1} == {}
    assert {of: len(found) for of, found in parameters.items() if len(found) != 1} == {}


def test_what_a_rule_reads_is_told_by_its_sql() -> None:
    facts = rule_facts(rule_models())
    read = {(row["rule_id"], row["dataset"]): row for row in facts["rule_reads"]}
    assert read["E03", "public_security.vehicle"]["is_named"]
    assert "号牌种类" in read["E03", "public_security.vehicle"]["columns_zh"]
    assert not read["E03", "civil_affairs.child_welfare"]["is_named"]
    asked = {row["parameter"] for row in facts["rule_parameters"] if row["rule_id"] == "E09"}
    assert {"contribution_min_months", "contribution_window_months", "dibao_standard", "edge_multiple"} <= asked


def test_the_command_prints_clause_policy_and_places(told: list[dict[str, Any]]) -> None:
    row = next(row for row in told if row["rule_id"] == "E03")
    facts = {name: value for name, value in row.items() if name not in ("parameters", "sources")}
    paper = io.StringIO()
    explanation = Explanation(facts, json.loads(row["parameters"]), json.loads(row["sources"]))
    show(Console(file=paper, width=220), explanation)
    text = paper.getvalue()
    assert row["legal_basis"] in text
    assert "vehicle_recent_months" in text
    assert "public_security.vehicle" in text
    assert "vehicle_2024" in text
