"""A month from its alerts to their ends, with everything real: scheduler, mail, browser and filled-in lists."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from include import pipeline
from include.alerts.list_sheet import RECALLED
from include.contracts import load_contract
from include.desk.accounts import Account, add_account
from include.desk.board import Board, Case
from include.desk.serving import DeskServer
from include.journal.entries import first_broken, of_alerts
from include.journal.schema import engine
from include.notify.digest import after_working_days
from include.notify.sending import Sent, compose, send_waiting
from include.periods import SHANGHAI
from include.settings import Settings
from tests.browser import PHONE, sign_in, take_step
from tests.end_to_end.conftest import Ended
from tests.end_to_end.homes import finish, settings_of
from tests.mailbox import Mailbox, subject_of, text_of

PASSWORD = "correct horse battery"
DISTRICT = "320614000000"
LEAD = Account("lead_1", "lead", DISTRICT)
ANSWER = {"finding": "属实", "action": "终止"}
HEADER_ROW = 3


@pytest.fixture
def settings(first: Ended, tmp_path: Path) -> Settings:
    """A home in which alerts were raised and sent out by the scheduler: the first run's, copied."""
    home = tmp_path / "home"
    shutil.copytree(first.home, home, symlinks=True)
    return settings_of(home)


class Desk:
    """The desk as its people see it, each in a browser of their own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address

    @contextmanager
    def signed_in(self, name: str) -> Iterator[Page]:
        """Somebody's pages, on a phone."""
        context = self._browser.new_context(viewport=PHONE, base_url=self._address, locale="zh-CN")
        page = context.new_page()
        sign_in(page, name, PASSWORD)
        yield page
        context.close()

    def take(self, name: str, alert_no: str, **steps: dict[str, str]) -> str:
        """Take steps by their forms; returns what the page says then."""
        with self.signed_in(name) as page:
            for event, said in steps.items():
                take_step(page, alert_no, event, **said)
            return page.locator("main").inner_text()


def test_alerts_are_sent_out_answered_decided_reopened_and_recalled(
    settings: Settings, browser: Browser, mailbox: Mailbox
) -> None:
    at_the_desk, on_paper, in_error = _three_cases(settings)
    _open_accounts(settings, at_the_desk, mailbox)
    _nobody_is_late_today_and_everybody_in_spring(settings, at_the_desk, mailbox)
    with DeskServer(settings) as server:
        desk = Desk(browser, server.address)
        alert_no = at_the_desk.alert.alert_no
        desk.take("village_1", alert_no, accept={}, report=ANSWER)
        desk.take("town_1", alert_no, answer={**ANSWER, "amount_recovered": "500.00"})
        assert "已归档" in desk.take("district_1", alert_no, review={}, decide={"action": "终止"}, close={})
        assert "重新打开" in desk.take("district_1", alert_no, reopen={"reason": "家属提出异议"})

        _fill_in_the_list(settings, on_paper)
        _say_that_no_house_was_damaged(settings)
        code, said = finish(settings.home, "pipeline")
        assert code == 0, said

        states = {case.alert.alert_no: case.state for case in Board(settings).cases(LEAD)}
        assert [states[case.alert.alert_no] for case in (at_the_desk, on_paper, in_error)] == [
            "dispatched", "town_reviewed", "recalled",
        ]  # fmt: skip
        assert "已归档" in desk.take("district_1", on_paper.alert.alert_no, review={}, close={})
    assert _listed(settings, at_the_desk) == {alert_no}
    assert _listed(settings, on_paper) == _listed(settings, in_error) == set()
    told = openpyxl.load_workbook(_list(settings, in_error))[RECALLED].iter_rows(min_row=4, values_only=True)
    assert [row[0] for row in told] == [in_error.alert.alert_no]
    with engine(settings).connect() as connection:
        assert first_broken(connection) is None
        steps = of_alerts(connection, [alert_no])[alert_no]
    assert [step.entry.event for step in steps] == [
        "dispatch", "accept", "report", "answer", "review", "decide", "close", "reopen", "dispatch",
    ]  # fmt: skip


def _three_cases(settings: Settings) -> list[Case]:
    """Two deaths in two villages, and a misfortune, all with their villages since the first run."""
    sent_out = [case for case in Board(settings).cases(LEAD) if case.state == "dispatched" and case.alert.village]
    deaths = {case.alert.village_code: case for case in sent_out if case.alert.rule_id == "E01"}
    incident = next(case for case in sent_out if case.alert.rule_id == "C09")
    deaths.pop(incident.alert.village_code, None)
    return [*list(deaths.values())[:2], incident]


def _open_accounts(settings: Settings, case: Case, mailbox: Mailbox) -> None:
    places = {"village": case.alert.village_code, "town": case.alert.town_code, "district": DISTRICT}
    for role, region in places.items():
        name = f"{role}_1"
        add_account(settings, Account(name, role, region, mailbox.address(name)), PASSWORD, "test")


def _nobody_is_late_today_and_everybody_in_spring(settings: Settings, case: Case, mailbox: Mailbox) -> None:
    """What is not done goes up: to the village at first, then to its town, then to the district."""
    today = after_working_days(datetime.now(SHANGHAI).date(), 0)
    assert pipeline.notify(settings, datetime.combine(today, time(9), SHANGHAI)) == Sent(sent=3)
    assert not any("超期" in subject_of(mail) for mail in mailbox.messages)
    mailbox.messages.clear()
    compose(settings, today + timedelta(days=120))
    assert send_waiting(settings) == Sent(sent=3)
    assert all("超期" in subject_of(mail) for mail in mailbox.messages)
    told = "\n".join(text_of(mail) for mail in mailbox.messages)
    assert "首次反馈超期的村居：" in told
    assert "办结超期的镇街" in told
    assert case.alert.town in told
    assert case.alert.name not in told


def _list(settings: Settings, case: Case) -> Path:
    folder = settings.outbox / "worklists" / Board(settings).as_of
    return folder / case.alert.town / f"{case.alert.village}.xlsx"


def _listed(settings: Settings, case: Case) -> set[object]:
    """Whether the alert stands on its village's list: a set with its number, or an empty one."""
    (sheet, *_) = openpyxl.load_workbook(_list(settings, case)).worksheets
    return {row[0] for row in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True)} & {case.alert.alert_no}


def _fill_in_the_list(settings: Settings, case: Case) -> None:
    """The village's workbook comes back with an answer in the line of the alert."""
    said = {**ANSWER, "verified_on": datetime.now(UTC).date(), "verified_by": "村民政协理员"}
    columns = load_contract("civil_affairs.verification_result").columns
    book = openpyxl.load_workbook(_list(settings, case))
    (sheet, *_) = book.worksheets
    places = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    (row,) = (cell.row for cell in sheet["A"] if cell.value == case.alert.alert_no)
    for name, value in said.items():
        sheet.cell(row=row, column=places[columns[name].header]).value = value
    folder = settings.inbox / "civil_affairs" / "verification_result"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"verification_result_{Board(settings).as_of}_{case.alert.town}{case.alert.village}.xlsx"
    book.save(path)
    path.with_name(f"{path.name}.done").touch()


def _say_that_no_house_was_damaged(settings: Settings) -> None:
    """A correction under the same name: the month's incidents again, the misfortune of the alert not among them."""
    name = f"incident_{Board(settings).as_of}.csv"
    (received,) = (settings.received / "emergency" / "incident").glob(f"*_{name}")
    folder = settings.inbox / "emergency" / "incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(received.read_text("utf-8-sig").replace(",是", ",否"), "utf-8-sig")
    (folder / f"{name}.done").touch()
