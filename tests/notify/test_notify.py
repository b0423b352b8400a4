"""Messages: one a day each, by real mail and a real web server, sent once whatever dies, and naming nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from include.desk.accounts import Account, AccountError, add_account
from include.desk.board import Board
from include.notify.digest import after_working_days, digest_of
from include.notify.sending import Sent, compose, send_waiting
from include.settings import Settings
from tests.mailbox import Mailbox, subject_of, text_of
from tests.small_warehouse import DISTRICT, TOWN, VILLAGE, make_publication

PASSWORD = "correct horse battery"
TODAY = date(2021, 10, 8)
LATER = date(2021, 12, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_publication(tmp_path)


@pytest.fixture
def web() -> Iterator[tuple[list[tuple[str, dict[str, str]]], list[int], int]]:
    """A web server that answers with the codes it is given, 200 when there are none left."""
    got: list[tuple[str, dict[str, str]]] = []
    codes: list[int] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code = codes.pop(0) if codes else 200
            got.append((self.headers["Idempotency-Key"], body))
            self.send_response(code)
            self.end_headers()

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


def test_a_web_hook_that_fails_gets_the_same_message_again(
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


def test_a_sender_that_dies_leaves_the_message_to_the_next(settings: Settings) -> None:
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
    results = [send_waiting(settings, send=lambda *_: False) for _ in range(9)]
    assert [result.waiting for result in results] == [1] * 8 + [0]
    assert results[-1].given_up == 1


def test_lateness_goes_up_from_the_village_to_the_district(settings: Settings) -> None:
    board = Board(settings)
    village, town, lead = (
        Account("v", "village", VILLAGE), Account("t", "town", TOWN), Account("l", "lead", DISTRICT),
    )  # fmt: skip
    bodies = {each.role: digest_of(board.cases(each), each, LATER) for each in (village, town, lead)}
    assert all(digest is not None and "超期" in digest.subject for digest in bodies.values())
    assert "首次反馈超期的村居：叠石桥村" in bodies["town"].body  # type: ignore[union-attr]
    assert "办结超期的镇街：三星镇" in bodies["lead"].body  # type: ignore[union-attr]
    assert digest_of([], lead, LATER).body.startswith("今日没有待办")  # type: ignore[union-attr]
    assert digest_of(board.cases(lead), Account("a", "auditor", DISTRICT), LATER) is None


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
