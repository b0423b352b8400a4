"""Whoever was sent an alert that no longer holds is told of it, on the next list and at the desk."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from include import runs
from include.alerts import worklists
from include.alerts.list_sheet import RECALLED
from include.alerts.recalls import recalled_in
from include.desk.accounts import Account, add_account
from include.desk.app import make_desk
from include.periods import Month
from include.settings import Settings
from include.warehouse.publication import open_pair, standing
from include.warehouse.publish import publish
from tests.alerts.test_returned_list import answer, send_back
from tests.small_warehouse import NAMES, OTHER_TOWN, VILLAGE, make_publication, make_run, make_warehouse, settings_of

DIED = "E01-0123456789ABCDEF0123"
PASSWORD = "correct horse battery"
WITHDRAWN = f"""
delete from wh.monitoring.fct_alert where alert_no = '{DIED}';
delete from wh.monitoring.fct_alert_event where alert_no = '{DIED}';
delete from wh.restricted.alert_evidence where alert_no = '{DIED}';
"""


def _publish(settings: Settings, number: int, changes: str = "") -> str:
    run_id, version = f"run-{number:02d}", f"202110_2021120{number}T080000Z_00000{number}"
    make_warehouse(settings, version, changes)
    make_run(settings, run_id, version)
    runs.write(settings, run_id, "checks_gx", [])
    runs.write(settings, run_id, "gate", {"verdict": "green"})
    publish(settings, run_id)
    return run_id


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose lists were handed out before the death was revoked, and again after it."""
    made = make_publication(tmp_path)
    assert worklists.write(made, _publish(made, 1, WITHDRAWN))["recalled"] == 1
    return made


def _recalled(path: Path) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book[RECALLED].iter_rows(min_row=4, values_only=True)) if RECALLED in book.sheetnames else []


def test_the_village_and_its_town_are_told_and_nobody_else(settings: Settings) -> None:
    folder = settings.outbox / "worklists" / "202110"
    told = {path.stem for path in folder.rglob("*.xlsx") if _recalled(path)}
    assert told == {"三星镇", "叠石桥村"}
    ((alert_no, _, village, name, *_),) = _recalled(folder / "三星镇" / "叠石桥村.xlsx")
    assert (alert_no, village, name) == (DIED, "叠石桥村", NAMES[0])
    sheet = openpyxl.load_workbook(folder / "三星镇" / "叠石桥村.xlsx")["叠石桥村"]
    assert "另有 1 件撤回" in str(sheet["A2"].value)
    assert DIED not in [cell.value for cell in sheet["A"]]


def test_it_is_told_in_the_month_of_the_recall_however_often_its_lists_are_written(settings: Settings) -> None:
    assert worklists.write(settings, "run-01")["recalled"] == 1
    assert worklists.write(settings, _publish(settings, 2, WITHDRAWN))["recalled"] == 1
    with open_pair(settings, standing(settings)) as pair:
        assert recalled_in(pair, Month.parse("202110")) == {DIED}
        assert recalled_in(pair, Month.parse("202111")) == frozenset()


def test_what_never_went_out_is_not_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    assert worklists.write(settings, _publish(settings, 2, WITHDRAWN))["recalled"] == 0


def test_a_list_with_recalls_comes_back_as_any_other(settings: Settings) -> None:
    book = openpyxl.load_workbook(settings.outbox / "worklists" / "202110" / "三星镇.xlsx")
    assert RECALLED in book.sheetnames
    answer(book["汇南村"])
    delivery = send_back(settings, book, "三星镇")
    assert (delivery["status"], delivery["rows_accepted"], delivery["rows_read"]) == ("accepted", 1, 1)


@pytest.mark.parametrize(("role", "region", "count"), [("village", VILLAGE, 1), ("town", OTHER_TOWN, 0)])
def test_the_desk_says_so_to_whom_it_concerns(settings: Settings, role: str, region: str, count: int) -> None:
    add_account(settings, Account("somebody", role, region), PASSWORD, "test")
    with TestClient(make_desk(settings)) as desk:
        desk.post("/sign-in", data={"name": "somebody", "password": PASSWORD})
        assert ("本月撤回 1 条" in desk.get("/").text) == bool(count)
        assert (DIED in desk.get("/?state=recalled").text) == bool(count)
