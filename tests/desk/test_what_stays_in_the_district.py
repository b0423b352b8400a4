"""What a rule of the district's own finds changes nothing that a village or a town can see, hear or count."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from include.alerts.list_sheet import ASK_THE_DISTRICT
from include.cases.states import STATE_ZH
from include.desk.accounts import Account, add_account
from include.desk.app import make_desk
from include.desk.board import Board
from include.notify.digest import digest_of
from include.settings import Settings
from tests.desk.test_desk import ALERT, PASSWORD, PEOPLE, Browser
from tests.small_warehouse import NAMES, make_publication

CUSTODY, ABSORBED = "E14-0123456789ABCDEF0124", "E03-0123456789ABCDEF0127"
#: An alert that the custody speaks for, as the death of somebody does for what else is found of them.
_SPOKEN_FOR = f"""
insert into wh.monitoring.fct_alert by name select * replace ('{ABSORBED}' as alert_no, 'C05' as rule_id,
    sha256('{ABSORBED}') as event_key, 'death' as quiet_reason, '{CUSTODY}' as spoken_for_by)
    from wh.monitoring.fct_alert where alert_no = '{CUSTODY}';
"""
#: The same month as if the rules of the district had found nothing.
_NOT_FIRED = f"""
delete from wh.monitoring.fct_alert where alert_no = '{CUSTODY}';
delete from wh.restricted.alert_evidence where alert_no = '{CUSTODY}';
delete from wh.restricted.department_month where fact = 'custody';
update wh.monitoring.mart_low_income_monitoring set flag_count = 1, risk_score = 40, risk_parts = 'E01 40';
"""
FIELD = ("village_1", "town_1")


def _home(folder: Path, changes: str) -> Settings:
    settings = make_publication(folder, changes)
    for name, (role, region) in PEOPLE.items():
        add_account(settings, Account(name, role, region), PASSWORD, "test")
    return settings


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return _home(tmp_path_factory.mktemp("fired"), _SPOKEN_FOR)


@pytest.fixture(scope="module")
def not_fired(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return _home(tmp_path_factory.mktemp("not_fired"), _NOT_FIRED)


def _every_page(settings: Settings, name: str) -> dict[str, str]:
    """Every page that somebody can load, found by following every link, without what differs from call to call."""
    ahead = ["/", *(f"/?state={state}" for state in STATE_ZH), "/?words=E14", "/?words=在押", f"/?words={NAMES[1]}"]
    ahead += ["/?severity=critical", "/?overdue=1", "/audit", *(f"/alert/{number}" for number in (CUSTODY, ABSORBED))]
    pages: dict[str, str] = {}
    with TestClient(make_desk(settings)) as client:
        browser = Browser(client, name)
        while ahead:
            path = ahead.pop()
            answer = browser.client.get(path)
            pages[path] = f"{answer.status_code}\n" + re.sub(
                r'name="(token|entry_id|seen)" value="[^"]*"', "", answer.text
            )
            found = (link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', answer.text))
            ahead += [link for link in found if link not in pages and link not in ahead]
    return pages


@pytest.mark.parametrize("name", FIELD)
def test_no_page_below_the_district_tells_that_a_rule_of_its_own_fired(
    fired: Settings, not_fired: Settings, name: str
) -> None:
    pages = _every_page(fired, name)
    assert {"/", "/overview", "/rules", f"/alert/{ALERT}", "/household/H1"} <= set(pages)
    assert pages == _every_page(not_fired, name)


def test_the_district_sees_all_of_it(fired: Settings) -> None:
    pages = _every_page(fired, "district_1")
    assert "E14 60" in pages["/household/H1"]
    assert "在押或强制戒毒：2021年10月至2021年10月" in pages["/household/H1"]
    assert pages[f"/alert/{CUSTODY}"].startswith("200")


def test_a_quiet_alert_says_why_and_which_one_speaks_for_it(fired: Settings) -> None:
    pages = _every_page(fired, "district_1")
    for path in (f"/alert/{ABSORBED}", "/household/H1", "/?state=open"):
        told = pages[path].partition("暂不派发")[2][:200]
        assert "此人已有死亡预警" in told, path
        assert f'href="/alert/{CUSTODY}"' in told, path


def test_what_departments_say_is_in_the_picture_of_everybody_who_may_see_it(fired: Settings) -> None:
    for name in (*FIELD, "district_1", "auditor_1"):
        page = _every_page(fired, name)["/household/H1"]
        assert "单位参保：2021年09月至2021年10月" in page
        assert "医保结算：2021年09月至2021年09月" in page


@pytest.mark.parametrize("name", FIELD)
def test_no_message_below_the_district_counts_what_a_rule_of_its_own_found(
    fired: Settings, not_fired: Settings, name: str
) -> None:
    account = Account(name, *PEOPLE[name])
    told = [digest_of(Board(settings).cases(account), account, date(2021, 12, 1)) for settings in (fired, not_fired)]
    assert told[0] == told[1]


def test_a_list_below_the_district_says_to_ask_and_not_what_was_found(fired: Settings, not_fired: Settings) -> None:
    lists = [_texts(settings) for settings in (fired, not_fired)]
    assert any(ASK_THE_DISTRICT in text for text in lists[0])
    assert [text.removesuffix(ASK_THE_DISTRICT).rstrip("\n") for text in lists[0]] == lists[1]


def _texts(settings: Settings) -> list[str]:
    """Every cell of every list but the district's own."""
    folder = settings.outbox / "worklists"
    return [
        str(cell.value)
        for path in sorted(folder.rglob("*.xlsx"))
        if path.name != "district.xlsx"
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def test_who_sees_no_name_finds_none_by_it(fired: Settings) -> None:
    with TestClient(make_desk(fired)) as client:
        auditor = Browser(client, "auditor_1")
        assert ALERT in auditor.see("/?words=E01")
        for hidden in (NAMES[0], "HM-DB-000017"):
            assert ALERT not in auditor.see(f"/?words={hidden}")
        assert ALERT in Browser(client, "district_1").see(f"/?words={NAMES[0]}")


def test_who_sees_no_name_reads_none_in_the_evidence(fired: Settings) -> None:
    case = Board(fired).case(Account("a", *PEOPLE["auditor_1"]), CUSTODY)
    assert case is not None
    owner = {**case.alert.row, "full_evidence": f'{{"所有人": "{NAMES[1]}"}}'}
    alert = type(case.alert)(owner)
    assert NAMES[1] in alert.evidence_for(Account("d", *PEOPLE["district_1"]))
    assert NAMES[1] not in alert.evidence_for(Account("a", *PEOPLE["auditor_1"]))
