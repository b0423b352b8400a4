"""Visits that the lot drew: a village sees a visit, the district a sample, and the answer comes back as any other."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from include.alerts import worklists
from include.alerts.sample_visits import RULE_ID
from include.cases.states import Found, state_of
from include.desk.accounts import Account, add_account
from include.desk.app import make_desk
from include.desk.board import Board
from include.journal.entries import of_alerts
from include.journal.schema import engine
from include.settings import Settings
from tests.cases.test_answers_back import ANSWER, _send
from tests.small_warehouse import DISTRICT, OTHER_TOWN, OTHER_VILLAGE, RUN_ID, make_publication

VISIT = "V00-0123456789ABCDEF0127"
DRAWN = f"""
    insert into wh.monitoring.fct_sample_visit
    values ('{VISIT}', date '2021-10-01', 'H2', '{OTHER_TOWN}', '{OTHER_VILLAGE}', null, null);
    update wh.reporting.rpt_recall_monthly set drawn = 1, answered = 1, missed = 0, recall = 1, recall_low = 0.25,
        recall_high = 1 where month = date '2021-09-01';
"""
PASSWORD = "correct horse battery"
PEOPLE = {
    "village": Account("village_9", "village", OTHER_VILLAGE),
    "town": Account("town_9", "town", OTHER_TOWN),
    "lead": Account("lead_9", "lead", DISTRICT),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_publication(tmp_path, DRAWN)


def _told(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join([*book.sheetnames, *(str(cell) for cell in cells if cell is not None)])


def test_the_district_alone_is_told_that_it_is_a_sample(settings: Settings) -> None:
    folder = settings.outbox / "worklists" / "202110"
    for path in (folder / "正余镇.xlsx", folder / "正余镇" / "新桥村.xlsx"):
        assert VISIT in _told(path)
        assert "入户走访" in _told(path)
        assert not any(word in _told(path) for word in ("抽样", "随机", "查全率"))
    assert VISIT in _told(folder / "district.xlsx")
    assert "抽样走访" in _told(folder / "district.xlsx")


@pytest.mark.parametrize("role", list(PEOPLE))
def test_so_does_the_desk(settings: Settings, role: str) -> None:
    account = PEOPLE[role]
    add_account(settings, account, PASSWORD, "test")
    with TestClient(make_desk(settings)) as client:
        client.post("/sign-in", data={"name": account.name, "password": PASSWORD})
        pages = [client.get(path).text for path in ("/", f"/alert/{VISIT}", "/overview")]
    assert VISIT in pages[0]
    assert not any(word in page for page in pages[:2] for word in ("None", f"{RULE_ID} ", "怎样算解除"))
    assert any("抽" in page or "查全率" in page for page in pages) is (role == "lead")
    assert ("100%<span" in pages[2]) is (role == "lead")


def test_a_visit_is_dispatched_and_answered_by_a_list_and_then_asked_about_no_more(settings: Settings) -> None:
    assert _send(settings, "正余镇", {**ANSWER, "alert_no": VISIT, "finding": "不属实"}) == {"taken": 1, "refused": 0}
    with engine(settings).connect() as connection:
        steps = of_alerts(connection, [VISIT])[VISIT]
    assert [step.entry.event for step in steps] == ["dispatch", "answer"]
    assert state_of(Found("open", 1), steps) == "town_reviewed"
    case = Board(settings).case(PEOPLE["lead"], VISIT)
    assert case is not None
    assert case.state == "town_reviewed"


def test_the_same_publication_lists_the_same_visits_again(settings: Settings) -> None:
    path = settings.outbox / "worklists" / "202110" / "正余镇" / "新桥村.xlsx"
    before = path.read_bytes()
    worklists.write(settings, RUN_ID)
    assert path.read_bytes() == before
