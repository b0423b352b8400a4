"""Faults of an alert's life: what storms, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from include.desk.accounts import Account, add_account
from include.desk.app import make_desk
from include.desk.board import Board
from include.journal.schema import MESSAGE, engine
from include.notify.digest import digest_of
from include.notify.sending import Sent, compose, send_waiting
from include.settings import Settings
from tests.mailbox import Mailbox, subject_of, text_of
from tests.small_warehouse import DISTRICT, TOWN, VILLAGE, make_publication

TODAY = date(2021, 11, 8)
#: What one file of crematoria brought in October: fifty alerts where there was one a month before.
STORM = """
    insert into wh.monitoring.fct_rule_evaluation
    select rule_id, unnest([date '2021-06-01', date '2021-07-01', date '2021-08-01']), status, reason, population,
        findings
    from wh.monitoring.fct_rule_evaluation where month = date '2021-10-01';
    insert into wh.monitoring.fct_alert select * exclude (number) replace (
        'E01-' || upper(sha256(cast(number as varchar))[:20]) as alert_no, date '2021-10-01' as first_month,
        '{"来源": "火化登记"}' as evidence, 'P2' as person_key)
    from wh.monitoring.fct_alert cross join range(50) as numbers(number) where alert_no = 'E01-0123456789ABCDEF0123';
    insert into wh.restricted.alert_evidence select alert_no, event_key, '{}' from wh.monitoring.fct_alert
    where alert_no not in (select alert_no from wh.restricted.alert_evidence);
"""
#: In October P2 is in a household of its own; what was found of the whole household in September is still open.
SPLIT = """
    update wh.core.fct_enrolment_month set household_key = 'H2' where person_key = 'P2' and month = date '2021-10-01';
    update wh.monitoring.fct_alert set person_key = null, subject_type = 'household' where rule_id = 'E01';
"""
PASSWORD = "correct horse battery"
VILLAGER, CLERK = Account("village_1", "village", VILLAGE), Account("town_1", "town", TOWN)
LEAD = Account("lead_1", "lead", DISTRICT)


@pytest.fixture
def stormed(tmp_path: Path) -> Settings:
    return make_publication(tmp_path, STORM)


def _numbers(path: Path) -> set[str]:
    book = openpyxl.load_workbook(path)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    return {cell for cell in cells if cell.startswith("E01-")}


def test_c40_a_storm_is_held_for_the_district_and_no_village_hears_of_it(stormed: Settings) -> None:
    board = Board(stormed)
    (flood,) = board.floods()
    assert (flood.name, len(flood.alert_nos)) == ("E01 火化登记", 50)
    folder = stormed.outbox / "worklists" / "202110"
    assert set(flood.alert_nos) <= _numbers(folder / "district.xlsx")
    others = [path for path in folder.rglob("*.xlsx") if path.name != "district.xlsx"]
    assert set.union(*map(_numbers, others)) == {"E01-0123456789ABCDEF0123"}
    for account, waiting in ((VILLAGER, 1), (CLERK, 2), (LEAD, 53)):
        seen = {case.alert.alert_no for case in board.cases(account)} & set(flood.alert_nos)
        assert len(seen) == (50 if account is LEAD else 0)
        digest = digest_of(board.cases(account), account, TODAY)
        assert digest is not None
        assert f"待办 {waiting} 条" in digest.subject


def test_c40_engineers_are_paged_once(stormed: Settings, mailbox: Mailbox) -> None:
    settings = replace(stormed, environment={**stormed.environment, "ENGINEERS_CONTACT": mailbox.address("engineers")})
    add_account(settings, replace(VILLAGER, contact="json://127.0.0.1:9/hook"), PASSWORD, "test")
    assert compose(settings, TODAY) == 3, "the page, the village's digest, and what is late in the district's inbox"
    assert compose(settings, TODAY) == 0
    assert send_waiting(settings, send=None) == Sent(sent=1, waiting=1)
    (page,) = mailbox.messages
    assert subject_of(page) == "来源激增：E01 火化登记"
    assert "50 条" in text_of(page)
    with engine(settings).connect() as connection:
        bodies = {row.message_id: row.body for row in connection.execute(MESSAGE.select())}
    assert "50" not in bodies["digest-20211108-village_1"]


def test_c47_a_case_follows_its_person_and_both_households_see_it(tmp_path: Path) -> None:
    settings = make_publication(tmp_path, SPLIT)
    for account in (LEAD, VILLAGER):
        add_account(settings, account, PASSWORD, "test")
    of_household, of_person = "E01-0123456789ABCDEF0123", "E14-0123456789ABCDEF0124"
    with TestClient(make_desk(settings)) as client:
        client.post("/sign-in", data={"name": LEAD.name, "password": PASSWORD})
        old, new = client.get("/household/H1").text, client.get("/household/H2").text
        assert f"/alert/{of_household}" in old.split("拆出或并入前的户")[0]
        own, linked = new.split("拆出或并入前的户")
        assert f"/alert/{of_person}" in own
        assert f"/alert/{of_household}" in linked
        assert 'href="/household/H2"' in client.get(f"/alert/{of_household}").text
        client.cookies.clear()
        client.post("/sign-in", data={"name": VILLAGER.name, "password": PASSWORD})
        assert f"/alert/{of_household}" in client.get("/household/H2").text
        assert of_person not in client.get("/household/H2").text
