"""Lists that come back: taken once, refused with a reason, and never over what the district has already reviewed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty

from include import ingest, runs
from include.alerts import worklists
from include.cases.answers_back import take_answers
from include.cases.case import Wanted, take
from include.cases.list_id import DISTRICT, ListId, read_signed, signed
from include.cases.states import ANSWERS, Found, state_of
from include.contracts import FILE_ID, load_contract
from include.journal.entries import of_alerts
from include.journal.schema import engine
from include.settings import Settings
from include.warehouse.ledger import known_deliveries
from tests.small_warehouse import NEIGHBOUR, OTHER_TOWN, RUN_ID, TOWN, VILLAGE, make_publication

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


def _send(
    settings: Settings, part: str, *rows: dict[str, str], file_id: str = "", month: str = "202110"
) -> dict[str, int]:
    contract = load_contract("civil_affairs.verification_result")
    folder = settings.inbox / "civil_affairs" / "verification_result"
    folder.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([column.header for column in contract.columns.values()])
    for row in rows:
        book.active.append([row.get(name) for name in contract.columns])
    if file_id:
        book.custom_doc_props.append(StringProperty(name=FILE_ID, value=file_id))
    path = folder / f"verification_result_{month}_{part}.xlsx"
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


def test_c35_what_a_list_carries_is_dispatched_once(settings: Settings) -> None:
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


def test_c42_another_towns_alert_is_refused(settings: Settings) -> None:
    assert _send(settings, "正余镇", ANSWER) == {"taken": 0, "refused": 1}
    assert _refusals(settings) == [(ALERT, "这条预警不属于报送的镇街")]
    assert _state(settings) == "dispatched"


def test_c42_a_changed_answer_waits_until_the_district_returns_the_first(settings: Settings) -> None:
    _send(settings, "三星镇", ANSWER)
    changed = ANSWER | {"finding": "不属实", "action": "维持-源数据错误"}
    assert _send(settings, "三星镇改", changed) == {"taken": 0, "refused": 1}
    assert "请先请区级退回" in _refusals(settings)[0][1]
    take(settings, Wanted(ALERT, Found("open", 1), "return", "district_1", "district", "r1", {"reason": "请复核"}))
    assert _send(settings, "三星镇再改", changed | {"verified_on": "2021-11-05"}) == {"taken": 1, "refused": 0}
    assert _state(settings) == "town_reviewed"


def test_every_list_bears_the_id_that_it_was_signed_with(settings: Settings) -> None:
    folder = settings.outbox / "worklists" / "202110"
    found = {}
    for path in folder.rglob("*.xlsx"):
        text = openpyxl.load_workbook(path).custom_doc_props[FILE_ID].value
        found[path.stem] = read_signed(settings.identity_key(), text)
    assert (found["district"], found["三星镇"], found["叠石桥村"]) == (
        ListId("202110", DISTRICT), ListId("202110", TOWN), ListId("202110", VILLAGE),
    )  # fmt: skip


@pytest.mark.parametrize("place", [DISTRICT, TOWN, VILLAGE])
def test_an_answer_on_a_list_that_was_handed_out_for_its_place_is_taken(settings: Settings, place: str) -> None:
    file_id = signed(settings.identity_key(), ListId("202110", place))
    assert _send(settings, "三星镇", ANSWER, file_id=file_id) == {"taken": 1, "refused": 0}


@pytest.mark.parametrize("place", [NEIGHBOUR, OTHER_TOWN])
def test_c42_an_answer_on_the_list_of_another_place_is_refused(settings: Settings, place: str) -> None:
    file_id = signed(settings.identity_key(), ListId("202110", place))
    assert _send(settings, "三星镇", ANSWER, file_id=file_id) == {"taken": 0, "refused": 1}
    assert "所属的镇街或村居" in _refusals(settings)[0][1]
    assert _state(settings) == "dispatched"


def test_lists_come_back_when_they_come_back_whatever_month_their_file_is_named_for(settings: Settings) -> None:
    file_id = signed(settings.identity_key(), ListId("202109", VILLAGE))
    assert _send(settings, "三星镇", ANSWER, file_id=file_id, month="202111") == {"taken": 1, "refused": 0}


def test_c42_an_altered_id_vouches_for_nothing_and_the_right_list_is_taken_after_it(settings: Settings) -> None:
    ours = signed(settings.identity_key(), ListId("202110", VILLAGE))
    for number, altered in enumerate([ours.replace(VILLAGE, NEIGHBOUR), ours[:-1] + "x", "编号", ours + "-"]):
        assert _send(settings, "三星镇" + "改" * number, ANSWER, file_id=altered) == {"taken": 0, "refused": 1}
    assert {why.partition("，")[0] for _, why in _refusals(settings)} == {"清单编号不是本系统签发的"}
    assert _send(settings, "三星镇终稿", ANSWER, file_id=ours) == {"taken": 1, "refused": 0}


def test_c42_an_answer_to_a_closed_case_is_refused(settings: Settings) -> None:
    assert _send(settings, "三星镇", ANSWER) == {"taken": 1, "refused": 0}
    for event in ("review", "close"):
        take(settings, Wanted(ALERT, Found("open", 1), event, "district_1", "district", event))
    assert _send(settings, "三星镇再报", ANSWER | {"verified_on": "2021-11-05"}) == {"taken": 0, "refused": 1}
    assert "已归档" in _refusals(settings)[0][1]
    assert _state(settings) == "closed"


def test_c43_rows_with_free_words_a_blank_or_a_day_to_come_are_refused_and_the_rest_is_taken(
    settings: Settings,
) -> None:
    unknown = [ANSWER | {"alert_no": f"E01-{number:020}"} for number in range(30)]
    wrong = [ANSWER | {"finding": "合格"}, ANSWER | {"finding": ""}, ANSWER | {"verified_on": "2999-01-01"}]
    assert _send(settings, "三星镇", *unknown, *wrong, ANSWER) == {"taken": 1, "refused": 30}
    (delivery,) = [one for one in known_deliveries(settings) if one["dataset"] == ANSWERS]
    assert (delivery["status"], delivery["rows_quarantined"]) == ("accepted", len(wrong))
    assert _state(settings) == "town_reviewed"
