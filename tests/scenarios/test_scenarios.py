"""Each sentence of the scenarios: exactly the alerts it names, about the people it names."""

from __future__ import annotations

import pytest

from include.warehouse.dbt import rule_models
from tests.scenarios.conftest import Outcome
from tests.scenarios.stories import Scenario, load_scenarios

SCENARIOS = load_scenarios()
NOBODY = ("payment", "delivery")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_exactly_the_named_alerts(scenario: Scenario, outcome: Outcome) -> None:
    found = sorted(alert for name in scenario.subjects - set(NOBODY) for alert in outcome.by_subject.get(name, []))
    assert found == sorted(alert.identity for alert in scenario.expected if alert.subject not in NOBODY)


@pytest.mark.parametrize(
    "scenario",
    [s for s in SCENARIOS if s.absent or any(alert.subject in NOBODY for alert in s.expected)],
    ids=lambda scenario: scenario.name,
)
def test_payments_and_deliveries_raise_what_is_named_and_not_what_is_absent(
    scenario: Scenario, outcome: Outcome
) -> None:
    found = [alert for kind in NOBODY for alert in outcome.by_subject.get(kind, [])]
    expected = [alert.identity for alert in scenario.expected if alert.subject in NOBODY]
    assert [alert for alert in expected if alert not in found] == []
    events = [alert[3] for alert in found if alert[0] == scenario.rule]
    assert [event for event in scenario.absent if any(event in other for other in events)] == []


def test_nobody_else_raises_anything(outcome: Outcome) -> None:
    mentioned = {name for scenario in SCENARIOS for name in scenario.subjects} | set(NOBODY)
    assert {name: alerts for name, alerts in outcome.by_subject.items() if name not in mentioned} == {}


def test_every_rule_has_scenarios_that_find_and_scenarios_that_do_not() -> None:
    rules = {model.split("_")[1].upper() for model in rule_models()}
    assert {scenario.rule for scenario in SCENARIOS} == rules
    assert {alert.rule for scenario in SCENARIOS for alert in scenario.expected} == rules
    quiet = {s.rule for s in SCENARIOS if not any(alert.rule == s.rule for alert in s.expected)}
    partly = {
        s.rule
        for s in SCENARIOS
        if s.absent or {alert.subject for alert in s.expected if alert.rule == s.rule} != set(s.people)
    }
    assert quiet | partly == rules
