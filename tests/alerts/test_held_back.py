"""A rule that is seldom true of late is held for the district: on its list and pages, and on no village's."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from include import runs
from include.alerts.held_back import DOUBT, HELD_ZH
from include.cases.case import Wanted, take
from include.cases.states import Found
from include.desk.accounts import Account, add_account
from include.desk.app import make_desk
from include.desk.board import Board
from include.settings import Settings
from tests.small_warehouse import DISTRICT, RUN_ID, TOWN, VILLAGE, make_publication

ALERT = "E01-0123456789ABCDEF0123"
IN_DOUBT = "update wh.monitoring.fct_rule_standing set is_in_doubt = true where rule_id = 'E01';"
VILLAGER, CLERK = Account("village_1", "village", VILLAGE), Account("town_1", "town", TOWN)
LEAD = Account("lead_1", "lead", DISTRICT)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_publication(tmp_path, IN_DOUBT)


def _told(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


def test_its_alerts_stand_on_the_districts_list_with_the_reason_and_on_no_other(settings: Settings) -> None:
    folder = settings.outbox / "worklists" / "202110"
    assert ALERT in _told(folder / "district.xlsx")
    assert HELD_ZH[DOUBT] in _told(folder / "district.xlsx")
    others = [path for path in folder.rglob("*.xlsx") if path.name != "district.xlsx"]
    assert len(others) == 5
    assert not any(ALERT in _told(path) for path in others)
    assert runs.read(settings, RUN_ID, "deliver")["in_doubt"] == ["E01"]


def test_the_desk_shows_them_to_the_district_and_says_how_many_wait(settings: Settings) -> None:
    board = Board(settings)
    assert [board.case(account, ALERT) is not None for account in (VILLAGER, CLERK, LEAD)] == [False, False, True]
    with TestClient(make_desk(settings)) as client:
        add_account(settings, LEAD, "correct horse battery", "test")
        client.post("/sign-in", data={"name": "lead_1", "password": "correct horse battery"})
        overview = client.get("/overview").text
        assert f'<td>E01 死亡仍在享</td><td class="number">1</td><td>{HELD_ZH[DOUBT]}</td>' in overview
        assert HELD_ZH[DOUBT] in client.get(f"/alert/{ALERT}").text


def test_whoever_has_one_in_hand_keeps_it(settings: Settings) -> None:
    take(settings, Wanted(ALERT, Found("open", 1), "accept", "village_1", "village", "accept-1"))
    case = Board(settings).case(VILLAGER, ALERT)
    assert case is not None
    assert case.held_because == ""
