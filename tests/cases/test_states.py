"""An alert's life: what each role may do next, what is refused, and what the data still have to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.cases.case import StaleCaseError, Wanted, take
from include.cases.states import ForbiddenStepError, Found, possible, state_of
from include.journal import entries
from include.journal.schema import engine
from include.settings import Settings

OPEN = Found("open", 1)
FINDING = {"finding": "属实", "action": "终止"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def _take(
    settings: Settings, event: str, role: str, found: Found = OPEN, seen: int | None = None, **detail: str
) -> str:
    number = len(_steps(settings))
    wanted = Wanted("E01-1", found, event, f"{role}_1", role, f"{event}-{number}", dict(detail), seen)
    return take(settings, wanted).entry.state or ""


def _steps(settings: Settings) -> list[entries.Written]:
    with engine(settings).connect() as connection:
        return entries.of_alerts(connection, ["E01-1"]).get("E01-1", [])


def test_the_whole_way_to_the_file(settings: Settings) -> None:
    way = [
        ("dispatch", "system", {}),
        ("accept", "village", {}),
        ("visit", "village", {}),
        ("report", "village", FINDING),
        ("answer", "town", FINDING),
        ("return", "district", {"reason": "缺照片"}),
        ("accept", "village", {}),
        ("answer", "town", FINDING),
        ("review", "district", {}),
        ("decide", "lead", {"action": "终止"}),
        ("execute", "town", {"effective_month": "202110"}),
        ("close", "district", {}),
    ]
    states = [_take(settings, event, role, **detail) for event, role, detail in way]
    assert states == [
        "dispatched", "accepted", "visiting", "visiting", "town_reviewed", "returned", "accepted", "town_reviewed",
        "district_reviewed", "decided", "executed", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "role", "detail", "why"),
    [
        ("accept", "auditor", {}, "岗位"),
        ("review", "village", {}, "岗位"),
        ("review", "district", {}, "不能复核"),
        ("close", "district", {}, "不能归档"),
        ("answer", "town", {"finding": "属实"}, "必填"),
        ("suspend", "village", {"until": "", "reason": "外出"}, "必填"),
        ("suspend", "village", {"until": "2020-01-01", "reason": "外出"}, "60天"),
        ("suspend", "village", {"until": "明天", "reason": "外出"}, "无法识别"),
        ("vanish", "lead", {}, "没有这样的操作"),
    ],
)
def test_a_forbidden_step_says_why_and_writes_nothing(
    settings: Settings, event: str, role: str, detail: dict[str, str], why: str
) -> None:
    _take(settings, "dispatch", "system")
    with pytest.raises(ForbiddenStepError, match=why):
        _take(settings, event, role, **detail)
    assert len(_steps(settings)) == 1


def test_a_suspension_of_sixty_days_is_the_longest(settings: Settings) -> None:
    _take(settings, "dispatch", "system")
    today = datetime.now(UTC).date()
    with pytest.raises(ForbiddenStepError):
        _take(settings, "suspend", "town", until=str(today + timedelta(days=61)), reason="住院")
    assert _take(settings, "suspend", "town", until=str(today + timedelta(days=60)), reason="住院") == "suspended"
    assert _take(settings, "resume", "village") == "accepted"


def test_the_second_of_two_people_sees_what_the_first_did(settings: Settings) -> None:
    _take(settings, "dispatch", "system")
    seen = _steps(settings)[-1].sequence
    _take(settings, "accept", "village", seen=seen)
    with pytest.raises(StaleCaseError) as refused:
        _take(settings, "answer", "town", seen=seen, **FINDING)
    assert [step.entry.event for step in refused.value.since] == ["accept"]


def test_the_same_step_twice_is_one(settings: Settings) -> None:
    wanted = Wanted("E01-1", OPEN, "dispatch", "系统", "system", "dispatch-202109", seen=0)
    assert take(settings, wanted) == take(settings, wanted)
    assert len(_steps(settings)) == 1


def test_what_the_data_say_afterwards(settings: Settings) -> None:
    assert state_of(Found("cleared", 1), []) == "cleared"
    _take(settings, "dispatch", "system")
    assert state_of(Found("cleared", 1), _steps(settings)) == "cleared"
    _take(settings, "answer", "town", **FINDING)
    assert state_of(Found("cleared", 1), _steps(settings)) == "town_reviewed"
    _take(settings, "review", "district")
    _take(settings, "close", "district")
    assert state_of(Found("open", 1), _steps(settings)) == "closed"
    assert state_of(Found("open", 2), _steps(settings)) == "reopened"
    assert state_of(Found("recalled", 1), _steps(settings)) == "recalled"
    assert _take(settings, "dispatch", "system", Found("open", 2)) == "dispatched"


def test_an_auditor_and_an_analyst_change_nothing() -> None:
    assert not [possible(state, role) for state in ("open", "dispatched", "decided") for role in ("auditor", "analyst")
                if possible(state, role)]  # fmt: skip


def test_a_suspension_ends_after_its_last_day_and_the_case_is_work_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime.now(UTC).date() + timedelta(days=9)
    _take(settings, "dispatch", "system")
    _take(settings, "suspend", "village", until=str(until), reason="住院")
    monkeypatch.setattr("include.cases.states.bureau_day", lambda: until)
    assert state_of(OPEN, _steps(settings)) == "suspended"
    with pytest.raises(ForbiddenStepError):
        _take(settings, "visit", "village")
    monkeypatch.setattr("include.cases.states.bureau_day", lambda: until + timedelta(days=1))
    assert state_of(OPEN, _steps(settings)) == "accepted"
    assert _take(settings, "visit", "village") == "visiting"
