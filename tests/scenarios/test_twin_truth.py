"""The rules against the demo district: every planted case found as it was planted, no near miss, nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from include.warehouse import engine
from tests.conftest import Show
from tests.scenarios.conftest import Twin

Alert = tuple[str, ...]
#: Findings that follow from what clerks mistype, file by file: tests/demo and tests/ingest count those rows.
ACCIDENTAL = {"D01"}

_FOUND = """
select
    alert.rule_id, alert.programme, alert.subject_type,
    case alert.subject_type when 'person' then person.id_no when 'household' then household.household_no else '' end,
    evidence.event_key, strftime(alert.first_month, '%Y%m'), strftime(alert.last_month, '%Y%m'), alert.severity
from wh.monitoring.fct_alert as alert
inner join wh.restricted.alert_evidence as evidence on alert.alert_no = evidence.alert_no
left join wh.intermediate.int_person as person on alert.person_key = person.person_key
left join (
    select distinct household_key, household_no from wh.intermediate.int_household_month
) as household on alert.household_key = household.household_key
"""
_NUMBERS = "select person_key, id_no from wh.intermediate.int_person"
_ACCOUNTS = "select distinct account_key, account_no from wh.staging.stg_civil_affairs__payment"
_IMPLEMENTED = "select rule_id from wh.monitoring.dim_rule where is_implemented order by rule_id"


@dataclass(frozen=True)
class Comparison:
    """What the rules found beside what the twin's generator knows it put there."""

    rules: list[str]
    found: set[Alert]
    truth: set[Alert]
    near_misses: list[dict[str, str]]

    def recall_and_precision(self, rule: str) -> tuple[float, float]:
        """Share of the truth that was found, and share of the findings that are true; 0 when there are none."""
        found = {alert for alert in self.found if alert[0] == rule}
        truth = {alert for alert in self.truth if alert[0] == rule}
        both = len(found & truth)
        return both / len(truth) if truth else 0.0, both / len(found) if found else 0.0


@pytest.fixture(scope="module")
def comparison(twin: Twin) -> Comparison:
    """The hundredth of the demo district beside its truth."""
    with engine.connect(twin.settings) as connection:
        engine.attach_warehouse(connection, twin.settings, twin.warehouse, read_only=True)
        rules = [rule for (rule,) in connection.execute(_IMPLEMENTED).fetchall()]
        numbers = dict(connection.execute(_NUMBERS).fetchall())
        numbers |= dict(connection.execute(_ACCOUNTS).fetchall())
        found = {by_number(alert, numbers) for alert in connection.execute(_FOUND).fetchall()}
    folder = twin.settings.state / "demo" / "truth"
    truth = {planted(row) for row in rows(folder / "alerts.csv") if row["rule_id"] in rules}
    return Comparison(rules, found, truth, rows(folder / "near_misses.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    """A table of the twin's truth."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def by_number(alert: Alert, numbers: dict[str, str]) -> Alert:
    """An alert about keys that the twin cannot know, under the numbers they stand for: an account, a pair of people."""
    rule, programme, kind, subject, event, *rest = alert
    if rule == "D04":
        pair = sorted(numbers[key] for key in event.split("|"))
        subject, event = pair[0], "|".join(pair)
    if rule == "P12":
        event = numbers[event]
    return (rule, programme, kind, subject, event, *rest)


def planted(row: dict[str, str]) -> Alert:
    """A row of the truth in the form of an alert found."""
    subject = {"person": row["id_no"], "household": row["household_no"]}.get(row["subject_type"], "")
    return (
        row["rule_id"], row["programme"], row["subject_type"], subject, row["event_key"], row["first_month"],
        row["last_month"], row["severity"],
    )  # fmt: skip


def test_recall_and_precision_of_every_rule(comparison: Comparison, show: Show) -> None:
    planted = {alert[0] for alert in comparison.truth}
    measured = {rule: comparison.recall_and_precision(rule) for rule in comparison.rules if rule in planted}
    alerts = Counter(alert[0] for alert in comparison.truth)
    lines = (f"{rule}   {shares[0]:6.3f}  {shares[1]:9.3f}  {alerts[rule]:6d}" for rule, shares in measured.items())
    show("\n".join(("rule  recall  precision  alerts", *lines)))
    missing, surplus = comparison.truth - comparison.found, comparison.found - comparison.truth
    assert {rule for rule, shares in measured.items() if shares != (1.0, 1.0)} == set(), (
        f"{len(missing)} missing, {len(surplus)} surplus"
    )


def test_a_rule_for_which_nothing_is_planted_finds_nothing_in_ordinary_life(comparison: Comparison) -> None:
    planted = {alert[0] for alert in comparison.truth}
    found = {alert for alert in comparison.found if alert[0] not in planted}
    assert {alert for alert in found if alert[0] not in ACCIDENTAL} == set()
    assert {alert[0] for alert in found} == ACCIDENTAL


def test_no_near_miss_is_found(comparison: Comparison) -> None:
    found = {(rule, programme, subject) for rule, programme, _, subject, *_ in comparison.found}
    hit = [
        (row["rule_id"], row["why"])
        for row in comparison.near_misses
        for subject in (row["id_no"], row["household_no"])
        if subject and (row["rule_id"], row["programme"], subject) in found
    ]
    assert hit == []
    assert comparison.near_misses
