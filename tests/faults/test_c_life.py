"""Faults of an alert's life: what storms, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from include.desk.accounts import Account, add_account
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
    add_account(settings, replace(VILLAGER, contact="json://127.0.0.1:9/hook"), "correct horse battery", "test")
    assert compose(settings, TODAY) == 2
    assert compose(settings, TODAY) == 0
    assert send_waiting(settings, send=None) == Sent(sent=1, waiting=1)
    (page,) = mailbox.messages
    assert subject_of(page) == "来源激增：E01 火化登记"
    assert "50 条" in text_of(page)
    with engine(settings).connect() as connection:
        bodies = {row.message_id: row.body for row in connection.execute(MESSAGE.select())}
    assert "50" not in bodies["digest-20211108-village_1"]
