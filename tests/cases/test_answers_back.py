"""Lists that come back: taken once, refused with a reason, and never over what the district has already reviewed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from include import ingest, runs
from include.alerts import worklists
from include.cases.answers_back import take_answers
from include.cases.case import Wanted, take
from include.cases.states import Found, state_of
from include.contracts import load_contract
from include.journal.entries import of_alerts
from include.journal.schema import engine
from include.settings import Settings
from tests.small_warehouse import RUN_ID, make_publication

ALERT = "E01-0123456789ABCDEF0123"
ANSWER = {
    "alert_no": ALERT,
    "finding": "属实",
    "action": "终止",
    "verified_on": "2021-11-03",
    "verified_by": "镇民政办",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_publication(tmp_path)


def _send(settings: Settings, part: str, *rows: dict[str, str]) -> dict[str, int]:
    contract = load_contract("civil_affairs.verification_result")
    folder = settings.inbox / "civil_affairs" / "verification_result"
    folder.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([column.header for column in contract.columns.values()])
    for row in rows:
        book.active.append([row.get(name) for name in contract.columns])
    path = folder / f"verification_result_202110_{part}.xlsx"
    book.save(path)
    path.with_name(path.name + ".done").touch()
    ingest.take_in(settings, "civil_affairs", f"run-{len(part)}")
    return take_answers(settings)


def _state(settings: Settings) -> str:
    with engine(settings).connect() as connection:
        return state_of(Found("open", 1), of_alerts(connection, [ALERT]).get(ALERT, []))


def _refusals(settings: Settings) -> list[tuple[str, str]]:
    paths = sorted((settings.outbox / "replies" / "civil_affairs").glob("answers_*.xlsx"))
    sheets = [openpyxl.load_workbook(path)["未采纳"] for path in paths]
    return [(str(row[0]), str(row[3])) for sheet in sheets for row in sheet.iter_rows(min_row=4, values_only=True)]


def test_what_a_list_carries_is_dispatched_once(settings: Settings) -> None:
    assert _state(settings) == "dispatched"
    assert runs.read(settings, RUN_ID, "deliver")["dispatched"] > 0
    worklists.write(settings, RUN_ID)
    assert runs.read(settings, RUN_ID, "deliver")["dispatched"] == 0


def test_an_answer_is_taken_and_the_same_file_again_changes_nothing(settings: Settings) -> None:
    assert _send(settings, "三星镇", ANSWER) == {"taken": 1, "refused": 0}
    assert _state(settings) == "town_reviewed"
    assert take_answers(settings) == {"taken": 0, "refused": 0}
    assert _send(settings, "三星镇2", ANSWER) == {"taken": 0, "refused": 0}
    assert _refusals(settings) == []


def test_a_number_that_is_none_is_refused_and_the_rest_is_taken(settings: Settings) -> None:
    assert _send(settings, "三星镇", ANSWER | {"alert_no": "E01-不存在"}, ANSWER) == {"taken": 1, "refused": 1}
    assert _refusals(settings) == [("E01-不存在", "没有这个预警编号，请核对清单上的编号")]
    assert take_answers(settings) == {"taken": 0, "refused": 0}


def test_another_towns_alert_is_refused(settings: Settings) -> None:
    assert _send(settings, "正余镇", ANSWER) == {"taken": 0, "refused": 1}
    assert _refusals(settings) == [(ALERT, "这条预警不属于报送的镇街")]
    assert _state(settings) == "dispatched"


def test_a_changed_answer_waits_until_the_district_returns_the_first(settings: Settings) -> None:
    _send(settings, "三星镇", ANSWER)
    changed = ANSWER | {"finding": "不属实", "action": "维持-源数据错误"}
    assert _send(settings, "三星镇改", changed) == {"taken": 0, "refused": 1}
    assert "请先请区级退回" in _refusals(settings)[0][1]
    take(settings, Wanted(ALERT, Found("open", 1), "return", "district_1", "district", "r1", {"reason": "请复核"}))
    assert _send(settings, "三星镇再改", changed | {"verified_on": "2021-11-05"}) == {"taken": 1, "refused": 0}
    assert _state(settings) == "town_reviewed"
