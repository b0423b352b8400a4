"""Messages: one a day each, by real mail and a real web server, sent once whatever dies, and naming nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import openpyxl
import pytest

from include import pipeline
from include.cases.case import Wanted, take
from include.cases.states import Found
from include.desk.accounts import Account, AccountError, add_account
from include.desk.board import Board
from include.notify.chats import DingTalk, WeCom
from include.notify.digest import after_working_days, digest_of
from include.notify.sending import MOST_TRIES, Sent, compose, send_waiting
from include.periods import SHANGHAI
from include.settings import Settings
from tests.mailbox import Mailbox, subject_of, text_of
from tests.small_warehouse import DISTRICT, TOWN, VILLAGE, make_publication

ALERT = "E01-0123456789ABCDEF0123"
PASSWORD = "correct horse battery"
TODAY = date(2021, 10, 8)
LATER = date(2021, 12, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_publication(tmp_path)


@pytest.fixture
def web() -> Iterator[tuple[list[tuple[str, dict[str, str]]], list[int], int]]:
    """A web server that answers with the codes it is given, 200 when there are none left.

    What is no status of HTTP stands in the answer, as enterprise chats have it, under a status of 200.
    """
    got: list[tuple[str, dict[str, str]]] = []
    codes: list[int] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code = codes.pop(0) if codes else 200
            got.append((self.headers["Idempotency-Key"], body))
            is_status = 100 <= code < 600
            self.send_response(code if is_status else 200)
            self.end_headers()
            self.wfile.write(json.dumps({"errcode": 0 if is_status else code, "errmsg": ""}).encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    yield got, codes, server.server_address[1]
    server.shutdown()


def _account(settings: Settings, name: str, role: str, region: str, contact: str) -> None:
    add_account(settings, Account(name, role, region, contact), PASSWORD, "test")


def test_a_mail_reaches_a_village_and_names_nobody(settings: Settings, mailbox: Mailbox) -> None:
    _account(settings, "village_1", "village", VILLAGE, mailbox.address("village"))
    assert compose(settings, TODAY) == 1
    assert compose(settings, TODAY) == 0
    assert send_waiting(settings) == Sent(sent=1)
    assert send_waiting(settings) == Sent()
    (mail,) = mailbox.messages
    assert "待办" in subject_of(mail)
    assert mail["X-Message-Name"] == "digest-20211008-village_1"
    text = text_of(mail)
    assert "待办" in text
    names = Board(settings).ask("select name, id_no from identity.restricted.person_identity")
    assert not [row for row in names if row["name"] in text or row["id_no"] in text]


def test_c49_a_web_hook_that_fails_gets_the_same_message_again(
    settings: Settings, web: tuple[list[tuple[str, dict[str, str]]], list[int], int]
) -> None:
    got, codes, port = web
    _account(settings, "town_1", "town", TOWN, f"json://127.0.0.1:{port}/hook")
    compose(settings, TODAY)
    codes.extend([503, 500])
    assert send_waiting(settings) == Sent(waiting=1)
    assert send_waiting(settings) == Sent(waiting=1)
    assert send_waiting(settings) == Sent(sent=1)
    assert {name for name, _ in got} == {"digest-20211008-town_1"}
    assert len(got) == 3


def test_c36_a_sender_that_dies_leaves_the_message_to_the_next(settings: Settings) -> None:
    _account(settings, "lead_1", "lead", DISTRICT, "json://127.0.0.1:9/hook")
    compose(settings, TODAY)
    now = datetime(2021, 10, 8, 8, 30, tzinfo=UTC)

    def die(*_: str) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_waiting(settings, now, die)
    sent: list[str] = []

    def keep(name: str, *_: str) -> bool:
        sent.append(name)
        return True

    assert send_waiting(settings, now + timedelta(minutes=9), keep) == Sent()
    assert send_waiting(settings, now + timedelta(minutes=11), keep) == Sent(sent=1)
    assert sent == ["digest-20211008-lead_1"]


def test_a_message_is_given_up_after_eight_tries(settings: Settings) -> None:
    _account(settings, "lead_1", "lead", DISTRICT, "json://127.0.0.1:9/hook")
    compose(settings, TODAY)
    now = datetime(2021, 10, 8, 1, tzinfo=UTC)
    results = [send_waiting(settings, now, send=lambda *_: False) for _ in range(9)]
    assert [result.waiting for result in results] == [1] * 8 + [0]
    assert results[-1].given_up == 1


def test_lateness_goes_up_from_the_village_to_the_district(settings: Settings) -> None:
    board = Board(settings)
    village, town, lead = (
        Account("v", "village", VILLAGE), Account("t", "town", TOWN), Account("l", "lead", DISTRICT),
    )  # fmt: skip
    everybody = (village, town, lead)
    bodies = {each.role: digest_of(board.cases(each), each, LATER, everybody) for each in everybody}
    assert all(digest is not None and "超期" in digest.subject for digest in bodies.values())
    assert "首次反馈超期的村居：叠石桥村" in bodies["town"].body  # type: ignore[union-attr]
    assert "办结超期的镇街：三星镇" in bodies["lead"].body  # type: ignore[union-attr]
    assert digest_of([], lead, LATER).body.startswith("今日没有待办")  # type: ignore[union-attr]
    assert digest_of(board.cases(lead), Account("a", "auditor", DISTRICT), LATER) is None


@pytest.mark.parametrize("address", ["wecombot://{key}", "dingtalk://{key}", "dingtalk://SEC{key}@{key}"])
def test_c49_a_chat_that_says_200_and_means_no_is_asked_again(
    settings: Settings,
    web: tuple[list[tuple[str, dict[str, str]]], list[int], int],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    got, codes, port = web
    for chat in (WeCom, DingTalk):
        monkeypatch.setattr(chat, "notify_url", f"http://127.0.0.1:{port}/send")
    _account(settings, "town_1", "town", TOWN, address.format(key="a1b2c3d4e5f6a7b8"))
    compose(settings, TODAY)
    codes.extend([93000, 310000, 503])
    results = [send_waiting(settings) for _ in range(4)]
    assert results == [Sent(waiting=1)] * 3 + [Sent(sent=1)]
    assert len(got) == 4
    assert "待办" in json.dumps(got[-1][1], ensure_ascii=False)


def _on_paper(settings: Settings) -> list[tuple[str, str]]:
    """To whom the day's list on paper is to be brought, and why."""
    (sheet,) = openpyxl.load_workbook(settings.outbox / "notices" / f"{TODAY:%Y%m%d}.xlsx").worksheets
    return [(str(row[0]), str(row[3])) for row in sheet.iter_rows(min_row=4, values_only=True)]


def test_c49_what_cannot_be_sent_goes_on_paper(settings: Settings) -> None:
    _account(settings, "lead_1", "lead", DISTRICT, "json://127.0.0.1:9/hook")
    _account(settings, "town_1", "town", TOWN, "")
    now = datetime(2021, 10, 8, 1, tzinfo=UTC)
    assert [pipeline.notify(settings, now) for _ in range(MOST_TRIES)] == [
        *[Sent(waiting=1)] * (MOST_TRIES - 1), Sent(waiting=1, given_up=1),
    ]  # fmt: skip
    assert _on_paper(settings) == [("lead_1", "多次未能送出"), ("town_1", "没有联系地址")]


def test_nobody_is_told_anything_on_a_day_of_rest(settings: Settings, mailbox: Mailbox) -> None:
    _account(settings, "village_1", "village", VILLAGE, mailbox.address("village"))
    assert pipeline.notify(settings, datetime(2021, 10, 2, 9, tzinfo=SHANGHAI)) == Sent()
    assert pipeline.notify(settings, datetime(2021, 10, 9, 9, tzinfo=SHANGHAI)) == Sent(sent=1), "a shifted Saturday"


def _accept(settings: Settings, **said: str) -> None:
    event = "report" if said else "accept"
    take(settings, Wanted(ALERT, Found("open", 1), event, "village_1", "village", event, said))


def test_c44_a_case_that_was_accepted_and_forgotten_goes_up_to_the_town_and_the_district(settings: Settings) -> None:
    village, lead = Account("v", "village", VILLAGE), Account("l", "lead", DISTRICT)
    everybody = (village, Account("t", "town", TOWN), lead)
    _accept(settings)
    board = Board(settings)

    def first_answer_is_late(account: Account, day: date, among: tuple[Account, ...] = everybody) -> bool:
        mine = [case for case in board.cases(account) if case.alert.alert_no == ALERT]
        digest = digest_of(mine, account, day, among)
        assert digest is not None
        return ("已上报区里的镇街：三星镇" if account == lead else "首次反馈超期 1 条") in digest.body

    in_time, first, again = date(2021, 10, 11), date(2021, 10, 12), date(2021, 10, 15)
    assert [first_answer_is_late(each, in_time) for each in everybody] == [False, False, False]
    assert [first_answer_is_late(each, first) for each in everybody] == [True, True, False]
    assert first_answer_is_late(lead, first, (village, lead)), "nobody in the town: the district at once"
    assert [first_answer_is_late(each, again) for each in everybody] == [True, True, True]
    _accept(settings, finding="属实", action="终止")
    assert [first_answer_is_late(each, again) for each in everybody] == [False, False, False]


def test_c44_what_has_nobody_left_to_go_up_to_lies_in_the_districts_inbox_and_is_an_error(settings: Settings) -> None:
    _account(settings, "village_1", "village", VILLAGE, "")
    _accept(settings)
    day = datetime(2021, 10, 8, 9, tzinfo=SHANGHAI)
    assert pipeline.notify(settings, day) == Sent()
    assert _on_paper(settings) == [("village_1", "没有联系地址")]
    assert pipeline.notify(settings, day + timedelta(days=60)).given_up == 1
    (sheet,) = openpyxl.load_workbook(settings.outbox / "notices" / "20211207.xlsx").worksheets
    told = {str(row[0]): str(row[2]) for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert "首次反馈逾期已上报区里的镇街：三星镇" in told["区级收件箱"]


def test_working_days_know_the_days_that_were_moved() -> None:
    assert after_working_days(date(2021, 9, 30), 1) == date(2021, 10, 8)
    assert after_working_days(date(2021, 10, 8), 1) == date(2021, 10, 9)
    assert after_working_days(date(2021, 10, 9), 1) == date(2021, 10, 11)


def test_what_is_due_the_same_day_is_due_on_a_working_day() -> None:
    assert after_working_days(date(2021, 10, 8), 0) == date(2021, 10, 8)
    assert after_working_days(date(2021, 10, 2), 0) == date(2021, 10, 8)
    assert after_working_days(date(2021, 10, 2), 1) == date(2021, 10, 8)


def test_an_address_that_is_none_is_refused(settings: Settings) -> None:
    with pytest.raises(AccountError):
        _account(settings, "lead_1", "lead", DISTRICT, "not an address")
