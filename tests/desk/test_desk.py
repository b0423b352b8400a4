"""The desk as its users see it: each their own region, every step and every reveal written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from include.desk.accounts import Account, AccountError, add_account, close_account
from include.desk.app import make_desk
from include.journal.entries import Entry, read, write
from include.journal.schema import engine
from include.periods import bureau_day
from include.settings import Settings
from tests.small_warehouse import DISTRICT, NAMES, OTHER_TOWN, TOWN, VILLAGE, make_publication

ALERT, IN_CUSTODY = "E01-0123456789ABCDEF0123", "E14-0123456789ABCDEF0124"
PASSWORD = "correct horse battery"
PHOTO = b"\xff\xd8\xff\xe0 a small photo"
PEOPLE = {
    "village_1": ("village", VILLAGE),
    "town_1": ("town", TOWN),
    "town_2": ("town", OTHER_TOWN),
    "district_1": ("district", DISTRICT),
    "lead_1": ("lead", DISTRICT),
    "auditor_1": ("auditor", DISTRICT),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_publication(tmp_path)
    for name, (role, region) in PEOPLE.items():
        add_account(made, Account(name, role, region), PASSWORD, "test")
    return made


class Browser:
    """Somebody at the desk, signed in."""

    def __init__(self, client: TestClient, name: str) -> None:
        self.client = client
        self.client.cookies.clear()
        answer = client.post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 303

    def see(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:300]
        return answer.text

    def fields(self, event: str, alert_no: str = ALERT) -> dict[str, str]:
        """The hidden fields of a step's form."""
        forms = re.findall(r"<form[^>]*?/step.*?</form>", self.see(f"/alert/{alert_no}"), re.S)
        form = next(text for text in forms if f'name="event" value="{event}"' in text)
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))

    def step(self, event: str, status: int = 200, photo: bytes = b"", **said: str) -> str:
        return self.send({**self.fields(event), **said}, status, photo)

    def send(self, fields: dict[str, str], status: int = 200, photo: bytes = b"") -> str:
        files = {"photo": ("a.jpg", photo, "image/jpeg")} if photo else None
        answer = self.client.post(f"/alert/{ALERT}/step", data=fields, files=files)
        assert answer.status_code == status, answer.text[:300]
        return answer.text


@pytest.fixture
def desk(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_desk(settings)) as client:
        yield client


def _events(settings: Settings) -> list[tuple[str, str, str]]:
    with engine(settings).connect() as connection:
        return [(one.entry.event, one.entry.account, one.entry.state or "") for one in read(connection)]


def test_nobody_sees_anything_without_signing_in(desk: TestClient) -> None:
    for path in ("/", f"/alert/{ALERT}", "/overview", "/rules", "/audit", "/household/H1"):
        assert desk.get(path, follow_redirects=False).status_code == 303
    assert desk.post("/sign-in", data={"name": "village_1", "password": "wrong password"}).status_code == 403


def test_five_wrong_passwords_close_the_door_for_a_while(desk: TestClient) -> None:
    for _ in range(5):
        desk.post("/sign-in", data={"name": "village_1", "password": "wrong password"})
    assert desk.post("/sign-in", data={"name": "village_1", "password": PASSWORD}).status_code == 403
    Browser(desk, "town_1")


def test_a_closed_account_is_out_at_once(desk: TestClient, settings: Settings) -> None:
    browser = Browser(desk, "town_1")
    browser.see("/")
    close_account(settings, "town_1", "lead_1")
    assert desk.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(("name", "sees"), [("village_1", True), ("town_1", True), ("town_2", False), ("lead_1", True)])
def test_everybody_sees_their_own_region_alone(desk: TestClient, name: str, sees: bool) -> None:
    browser = Browser(desk, name)
    assert (ALERT in browser.see("/")) is sees
    browser.see(f"/alert/{ALERT}", 200 if sees else 404)


def test_a_village_answers_the_town_reviews_and_the_district_closes(desk: TestClient, settings: Settings) -> None:
    village = Browser(desk, "village_1")
    assert "已认领" in village.step("accept")
    assert "属实" in village.step("report", finding="属实", action="终止", photo=PHOTO)
    digest = re.findall(r"/photo/(\w{64})", village.see(f"/alert/{ALERT}"))[0]
    assert desk.get(f"/photo/{digest}?alert_no={ALERT}").content == PHOTO
    Browser(desk, "town_1").step("answer", finding="属实", action="终止", amount_recovered="500.00")
    district = Browser(desk, "district_1")
    district.step("review")
    district.step("decide", action="终止")
    assert "已归档" in district.step("close")
    assert "500" in Browser(desk, "lead_1").see("/overview")
    assert [(event, state) for event, account, state in _events(settings) if account in PEOPLE and state] == [
        ("accept", "accepted"), ("report", "visiting"), ("answer", "town_reviewed"), ("review", "district_reviewed"),
        ("decide", "decided"), ("close", "closed"),
    ]  # fmt: skip


def test_a_suspended_case_comes_back_to_its_village_and_is_late_there(
    desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = bureau_day() + timedelta(days=9)
    village = Browser(desk, "village_1")
    village.step("accept")
    assert "已挂起" in village.step("suspend", until=str(until), reason="住院")
    late = '<div class="bad"><b>{}</b>超期</div>'
    assert ALERT not in village.see("/?overdue=1")
    assert late.format(1) not in village.see("/overview")
    for module in ("cases.states", "desk.app"):
        monkeypatch.setattr(f"include.{module}.bureau_day", lambda: until + timedelta(days=1))
    assert ALERT in village.see("/?overdue=1")
    assert late.format(1) in village.see("/overview")
    assert "入户核查" in village.step("visit")


def test_c42_the_second_of_two_is_shown_what_the_first_did(desk: TestClient, settings: Settings) -> None:
    fields = Browser(desk, "town_1").fields("answer")
    Browser(desk, "village_1").step("accept")
    town = Browser(desk, "town_1")
    late = {**fields, "finding": "不属实", "action": "维持", "token": town.fields("answer")["token"]}
    assert "刚刚有了新的处理" in town.send(late, 409)
    assert "answer" not in [event for event, _, _ in _events(settings)]


def test_a_repeat_names_the_case_before_it_and_comes_first(tmp_path: Path) -> None:
    repeat = "C05-0123456789ABCDEF0125"
    changes = f"""
        insert into wh.monitoring.fct_alert
        select * replace ('C05-0000000000000000000A' as alert_no, 'P2' as person_key, date '2021-10-14' as due_on)
        from wh.monitoring.fct_alert where alert_no = '{repeat}';
        update wh.monitoring.fct_alert set repeats = 'C05-0123456789ABCDEF0126' where alert_no = '{repeat}';
        update wh.monitoring.fct_alert set town_code = '{TOWN}', village_code = '{VILLAGE}' where rule_id = 'C05';
    """
    settings = make_publication(tmp_path, changes)
    add_account(settings, Account("village_1", "village", VILLAGE), PASSWORD, "test")
    with TestClient(make_desk(settings)) as client:
        village = Browser(client, "village_1")
        page = village.see("/")
        assert page.index(repeat) < page.index("C05-0000000000000000000A")
        told = village.see(f"/alert/{repeat}")
        assert 'href="/alert/C05-0123456789ABCDEF0126"' in told
        assert "条件消失" in told


def test_c42_the_same_form_sent_twice_is_one_step(desk: TestClient, settings: Settings) -> None:
    village = Browser(desk, "village_1")
    fields = village.fields("accept")
    village.send(fields)
    village.send(fields)
    assert [event for event, _, _ in _events(settings)].count("accept") == 1


def test_c42_a_form_of_another_session_is_refused(desk: TestClient) -> None:
    fields = Browser(desk, "village_1").fields("accept")
    Browser(desk, "village_1").send(fields, 403)


def test_what_is_wrong_in_an_answer_is_said(desk: TestClient) -> None:
    town = Browser(desk, "town_1")
    assert "追缴金额" in town.step("answer", 422, finding="属实", action="终止", amount_recovered="五百")
    assert "JPEG" in town.step("answer", 422, finding="属实", action="终止", photo=b"MZ not a photo")
    assert "选项" in town.step("answer", 422, finding="也许", action="终止")
    assert "晚于今天" in town.step("answer", 422, finding="属实", action="终止", verified_on="2999-01-01")


def test_identity_is_shown_for_a_purpose_that_is_written_down(desk: TestClient, settings: Settings) -> None:
    village = Browser(desk, "village_1")
    page = village.see(f"/alert/{ALERT}")
    assert not re.search(r"\d{17}[\dX]", page)
    token = village.fields("accept")["token"]
    refused = desk.post(f"/alert/{ALERT}/reveal", data={"purpose": "看", "token": token})
    assert refused.status_code == 422
    assert not re.search(r"\d{17}[\dX]", refused.text)
    shown = desk.post(f"/alert/{ALERT}/reveal", data={"purpose": "上门核对身份", "token": token}).text
    assert re.search(r"\d{17}[\dX]", shown)
    assert [event for event, _, _ in _events(settings)].count("reveal") == 1


def test_e70_a_reveal_that_is_refused_is_written_down(desk: TestClient, settings: Settings) -> None:
    def refused(name: str, status: int, alert_no: str = ALERT, **form: str) -> None:
        browser = Browser(desk, name)
        token = re.findall(r'name="token" value="(\w+)"', browser.see("/"))[0]
        answer = desk.post(f"/alert/{alert_no}/reveal", data={"token": token, **form})
        assert answer.status_code == status
        assert not re.search(r"\d{17}[\dX]", answer.text)

    refused("village_1", 422, purpose="看")
    refused("village_1", 422)
    refused("village_1", 422, purpose="长" * 201)
    refused("village_1", 403, purpose="上门核对身份", token="of another session")
    refused("village_1", 404, IN_CUSTODY, purpose="上门核对身份")
    refused("town_2", 404, purpose="上门核对身份")
    refused("town_2", 404, NAMES[0], purpose="上门核对身份")
    refused("auditor_1", 403, purpose="审计抽查")
    with engine(settings).connect() as connection:
        told = [one.entry for one in read(connection) if one.entry.kind == "reveal"]
    assert [(one.event, one.account, one.alert_no) for one in told] == [
        *[("reveal_refused", "village_1", ALERT)] * 4, ("reveal_refused", "village_1", IN_CUSTODY),
        ("reveal_refused", "town_2", ALERT), ("reveal_refused", "town_2", None),
        ("reveal_refused", "auditor_1", ALERT),
    ]  # fmt: skip
    assert all(one.detail["reason"] for one in told)
    assert "查看身份信息被拒" in Browser(desk, "auditor_1").see("/audit")


def test_an_auditor_sees_the_chain_and_no_name(desk: TestClient) -> None:
    Browser(desk, "village_1").see("/audit", 403)
    auditor = Browser(desk, "auditor_1")
    assert "记录链完整" in auditor.see("/audit")
    assert "姓名隐去" in auditor.see(f"/alert/{ALERT}")
    token = re.findall(r'name="token" value="(\w+)"', auditor.see("/")) or [""]
    assert desk.post(f"/alert/{ALERT}/reveal", data={"purpose": "审计抽查", "token": token[0]}).status_code == 403


def test_the_audit_page_is_narrowed_and_turned(desk: TestClient, settings: Settings) -> None:
    write(
        settings, *(Entry(f"s{number}", "sign_in", "signed_in", f"many_{number:03}", "town") for number in range(250))
    )
    write(settings, Entry("r", "reveal", "reveal", "village_1", "village", ALERT, detail={"purpose": "上门核对身份"}))
    auditor = Browser(desk, "auditor_1")

    def shown(path: str) -> list[str]:
        return re.findall(r"<td>(many_\d+|village_1)</td>", auditor.see(path))

    assert len(shown("/audit")) == 99, "a hundred lines, of which one is the auditor's own"
    assert shown("/audit?words=many_&page=2")[0] == "many_149"
    assert shown("/audit?words=many_&page=3")[-1] == "many_000"
    assert shown("/audit?words=many_&page=999") == shown("/audit?words=many_&page=3")
    assert shown("/audit?words=many_007") == ["many_007"]
    assert shown("/audit?words=%25") == []
    assert shown("/audit?kind=reveal") == ["village_1"]
    assert shown(f"/audit?words={ALERT}&kind=reveal") == ["village_1"]


def test_a_household_shows_its_members_with_what_they_hold(desk: TestClient) -> None:
    for name, sees_names in (("village_1", True), ("district_1", True), ("auditor_1", False)):
        page = Browser(desk, name).see("/household/H1").partition("家庭成员和在享项目")[2].partition("</table>")[0]
        assert page.count("低保") == 2
        assert page.count("500.00") == 4
        assert [person in page for person in NAMES[:2]] == [sees_names] * 2


def test_no_page_asks_another_host(desk: TestClient) -> None:
    lead = Browser(desk, "lead_1")
    for path in ("/", f"/alert/{ALERT}", "/household/H1", "/overview", "/rules", "/audit"):
        answer = desk.get(path)
        assert not re.search(r"(src|href|action)=\"(https?:)?//", answer.text)
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert lead.see("/?words=没有这个人&page=99999&severity=x")


@pytest.mark.parametrize(
    ("account", "password"),
    [
        (Account("a", "king", DISTRICT), PASSWORD),
        (Account("a", "village", TOWN), PASSWORD),
        (Account("a", "town", VILLAGE), PASSWORD),
        (Account("a", "lead", "320614"), PASSWORD),
        (Account("a", "lead", DISTRICT), "short"),
        (Account(" ", "lead", DISTRICT), PASSWORD),
    ],
)
def test_an_account_that_cannot_be_is_refused(settings: Settings, account: Account, password: str) -> None:
    with pytest.raises(AccountError):
        add_account(settings, account, password, "test")
