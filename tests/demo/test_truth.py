"""The truth beside the deliveries: every rule, every limb, near misses, and that it agrees with the files."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import pytest

from tests.demo.conftest import Made

_SEVERITIES = {
    "C03": {"high"},
    "C04": {"high"},
    "C05": {"medium", "high"},
    "D11": {"high"},
    "E01": {"critical", "medium"},
    "E02": {"high"},
    "E03": {"high", "medium"},
    "E05": {"high", "medium"},
    "E06": {"high", "medium"},
    "E07": {"medium"},
    "E08": {"critical", "medium"},
    "E09": {"high", "medium"},
    "E10": {"high", "medium"},
    "E11": {"medium"},
    "E12": {"high", "medium"},
    "E13": {"high"},
    "E14": {"critical", "high"},
    "E15": {"high"},
    "E16": {"medium"},
    "E18": {"critical", "high"},
    "E19": {"medium"},
    "E20": {"medium"},
    "E21": {"high"},
    "E22": {"high", "medium", "low"},
    "P01": {"critical"},
    "P04": {"critical"},
    "P08": {"high", "medium"},
    "P09": {"critical"},
    "P13": {"critical"},
}
RULES = tuple(_SEVERITIES)


@pytest.fixture(scope="session")
def alerts(district: Made) -> list[dict[str, str]]:
    with (district.truth / "alerts.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def near_misses(district: Made) -> list[dict[str, str]]:
    with (district.truth / "near_misses.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("rule", RULES)
def test_every_limb_of_a_rule_is_planted_twice_and_missed_nearly_twice(
    rule: str, alerts: list[dict[str, str]], near_misses: list[dict[str, str]]
) -> None:
    mine = [row for row in alerts if row["rule_id"] == rule]
    limbs = Counter(row["limb"] for row in mine if row["kind"] == "planted")
    assert len(limbs) >= 2 or rule in ("P13",)
    assert all(
        count >= 2 for limb, count in limbs.items() if limb not in ("orphan", "unattended_child", "child_in_difficulty")
    ), limbs
    assert {row["severity"] for row in mine} == _SEVERITIES[rule]
    assert sum(row["rule_id"] == rule for row in near_misses) >= 2


def test_nobody_is_planted_and_nearly_missed_at_once(
    alerts: list[dict[str, str]], near_misses: list[dict[str, str]]
) -> None:
    planted = {(row["rule_id"], row["programme"], row["id_no"], row["household_no"]) for row in alerts}
    assert not planted & {(row["rule_id"], row["programme"], row["id_no"], row["household_no"]) for row in near_misses}


def test_an_alert_is_written_once_and_within_the_window(alerts: list[dict[str, str]]) -> None:
    keys = Counter(
        (row["rule_id"], row["programme"], row["id_no"], row["household_no"], row["event_key"]) for row in alerts
    )
    assert max(keys.values()) == 1
    for row in alerts:
        assert "202101" <= row["first_month"] <= row["last_month"] <= "202110"


def test_cases_end_return_and_begin_in_different_months(alerts: list[dict[str, str]]) -> None:
    spans: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in alerts:
        spans[row["rule_id"]].add((row["first_month"], row["last_month"]))
    for rule in RULES:
        assert len(spans[rule]) >= 2, rule


def test_the_dead_of_the_truth_are_in_the_deliveries(district: Made, alerts: list[dict[str, str]]) -> None:
    """Each late death stands in the crematorium's book, a certificate or the register, on the day the truth says."""
    known: set[tuple[str, str]] = set()
    for path in district.inbox.glob("public_security/population/*.csv"):
        with path.open(encoding="utf-8") as stream:
            known |= {
                (row["公民身份号码"], row["状态变更日期"])
                for row in csv.DictReader(stream)
                if row["户籍状态"] == "死亡注销"
            }
    only_register = [row for row in alerts if row["rule_id"] == "E01" and row["limb"] == "register_only"]
    assert only_register
    for row in only_register:
        assert (row["id_no"], row["event_key"]) in known


def test_habits_leave_their_own_findings(alerts: list[dict[str, str]]) -> None:
    habits = [row for row in alerts if row["kind"] == "habit" and row["rule_id"] == "E18"]
    assert len(habits) >= 2
    assert all(row["event_key"].endswith("|无证") for row in habits)
