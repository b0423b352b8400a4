"""A department's silence: what is due, what has come, and the notice that is written once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.periods import Month
from include.replies import lateness
from include.settings import Settings
from tests.warehouse.small_landing import OTHER_TOWN, TOWN, Landing

CUSTODY, HOUSEHOLD = "justice.custody", "civil_affairs.assistance_household"
OCTOBER = Month(2021, 10)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(Settings(home=tmp_path / "home"))


def notices(settings: Settings, day: date, month: Month = OCTOBER) -> set[str]:
    return {path.stem for path in lateness.write_notices(settings, month, day)}


def test_what_is_due_depends_on_the_month() -> None:
    october = {due.contract.dataset for due in lateness.all_due(OCTOBER)}
    december = {due.contract.dataset for due in lateness.all_due(Month(2021, 12))}
    assert CUSTODY in october
    assert december - october == {"human_resources.work_injury", "public_security.exit_entry"}
    assert {"civil_affairs.region", "emergency.incident"}.isdisjoint(december)
    assert "education.enrolment" in {due.contract.dataset for due in lateness.all_due(Month(2022, 1))}


def test_nothing_is_late_on_its_last_day_and_what_came_never_is(landing: Landing) -> None:
    landing.deliver(CUSTODY, "202110", [])
    assert notices(landing.settings, date(2021, 11, 2)) == set()
    assert notices(landing.settings, date(2021, 11, 3)) == {"hotline_ticket"}
    late = notices(landing.settings, date(2021, 11, 6))
    assert "finance_payroll" in late
    assert "justice_custody" not in late


def test_a_notice_is_written_once_for_a_dataset_and_period(landing: Landing) -> None:
    first = lateness.write_notices(landing.settings, OCTOBER, date(2021, 11, 6))
    assert lateness.write_notices(landing.settings, OCTOBER, date(2021, 11, 9)) == []
    assert all("截至 2021-11-06：迟" in path.read_text(encoding="utf-8") for path in first)
    assert all(path.stat().st_mode & 0o077 == 0 for path in first)


def test_a_notice_says_who_owes_what_and_which_rules_will_stand_aside(landing: Landing) -> None:
    landing.deliver(CUSTODY, "202109", [])
    lateness.write_notices(landing.settings, OCTOBER, date(2021, 11, 8))
    text = (landing.settings.outbox / "notices" / "202110" / "justice_custody.txt").read_text(encoding="utf-8")
    for words in (
        "报送单位：司法局", "所属期：2021年10月", "应报日期：2021-11-05", "迟 3 天", "最近一期：2021年9月",
        "custody_202110", "自 2021年11月起", "E14", "not_evaluated",
    ):  # fmt: skip
        assert words in text


def test_a_source_that_is_one_of_several_only_weakens_its_rules(landing: Landing) -> None:
    lateness.write_notices(landing.settings, OCTOBER, date(2021, 11, 8))
    text = (landing.settings.outbox / "notices" / "202110" / "health_death_certificate.txt").read_text(encoding="utf-8")
    assert "其他来源都缺时才不评估" in text
    assert "E01" in text


def test_a_town_that_sent_last_month_is_expected_again(landing: Landing) -> None:
    for part in (TOWN, OTHER_TOWN):
        landing.deliver(HOUSEHOLD, "202109", [], part=part)
    landing.deliver(HOUSEHOLD, "202110", [], part=TOWN)
    due = lateness.due_of(HOUSEHOLD, OCTOBER)
    state = lateness.arrival(landing.settings, due)
    assert (state.has_begun, state.missing_parts, state.is_complete) == (True, (OTHER_TOWN,), False)
    assert "部分镇街尚未收到" in lateness.notice(due, state, date(2021, 11, 8))
    landing.deliver(HOUSEHOLD, "202110", [])
    assert lateness.arrival(landing.settings, due).is_complete


def test_a_missed_deadline_speaks_of_the_month_before_its_run_in_shanghai(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(landing.settings.home))
    run = {"run_after": "2021-10-31T16:00:00Z", "conf": None}
    lateness.missed_deadline(5, {"dag_run": run, "deadline": {"deadline_time": "2021-11-05T16:00:00+00:00"}})
    folder = landing.settings.outbox / "notices" / "202110"
    assert "迟 1 天" in (folder / "justice_custody.txt").read_text(encoding="utf-8")
    lateness.missed_deadline(
        5, {"dag_run": {**run, "conf": {"month": "202109"}}, "deadline": {"deadline_time": "2021-11-05T16:00:00"}}
    )
    assert (folder.parent / "202109" / "justice_custody.txt").exists()
