"""The desk in Debian's Chromium: usable by keyboard, on a phone and with a screen reader; it asks no other host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from include.desk.accounts import Account, add_account
from include.desk.serving import DeskServer
from include.journal.entries import first_broken, read
from include.journal.schema import engine
from include.settings import Settings
from tests.browser import DESKTOP, PHONE, is_wider_than_the_screen, sign_in, take_step
from tests.desk.test_desk import ALERT, PASSWORD, PEOPLE
from tests.small_warehouse import make_publication

GRAVE = {"serious", "critical"}
#: Who looks at which pages.
PAGES = {
    "village_1": ("/", "/?severity=critical", f"/alert/{ALERT}", "/household/H1", "/rules"),
    "lead_1": ("/", "/?overdue=1", f"/alert/{ALERT}", "/overview", "/rules"),
    "auditor_1": ("/audit",),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = make_publication(tmp_path_factory.mktemp("home"))
    for name, (role, region) in PEOPLE.items():
        add_account(made, Account(name, role, region), PASSWORD, "test")
    return made


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with DeskServer(settings) as server:
        yield server.address


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, base_url=address, locale="zh-CN")
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda one: asked.append(one.url))
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical on the page, and whether it runs out of a phone's side."""
    found = Axe().run(page).response["violations"]
    grave = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in GRAVE]
    if is_wider_than_the_screen(page):
        grave.append("wider than the screen")
    return grave


def test_the_door_is_usable(page: Page) -> None:
    page.goto("/sign-in")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.lang").startswith("zh")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_usable_by_everybody(page: Page, name: str) -> None:
    sign_in(page, name, PASSWORD)
    found = {}
    for path in PAGES[name]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        found[path] = faults(page)
    assert found == {path: [] for path in PAGES[name]}


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on something; as often as a page could ever ask for."""
    for _ in range(100):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keyboard")


def test_an_alert_is_answered_with_the_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    add_account(settings, Account("town_1", *PEOPLE["town_1"]), PASSWORD, "test")
    with DeskServer(settings) as server:
        context = browser.new_context(viewport=DESKTOP, base_url=server.address, locale="zh-CN")
        page = context.new_page()
        sign_in(page, "town_1", PASSWORD)
        _tab_to(page, f'a[href="/alert/{ALERT}"]')
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/alert/{ALERT}")
        form = "details:has(input[name=event][value=answer])"
        if not page.locator(form).evaluate("each => each.open"):
            _tab_to(page, f"{form} > summary")
            page.keyboard.press("Space")
        _tab_to(page, "#answer-finding")
        page.keyboard.press("ArrowDown")
        _tab_to(page, "#answer-action")
        page.keyboard.type("终止")
        _tab_to(page, "#answer-note")
        page.keyboard.type("已核对火化证明")
        _tab_to(page, f"{form} button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "镇已初核" in page.locator("main").inner_text()
        context.close()
    with engine(settings).connect() as connection:
        (answer,) = [one.entry for one in read(connection) if one.entry.event == "answer"]
    assert (answer.detail["finding"], answer.detail["action"]) == ("属实", "终止")


def test_an_alert_goes_its_whole_way_in_the_browser(browser: Browser, tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    for name, (role, region) in PEOPLE.items():
        add_account(settings, Account(name, role, region), PASSWORD, "test")
    with DeskServer(settings) as server:
        for name, steps in (
            ("village_1", [("accept", {}), ("report", {"finding": "属实", "action": "终止"})]),
            ("town_1", [("answer", {"finding": "属实", "action": "终止", "amount_recovered": "500.00"})]),
            ("district_1", [("review", {}), ("decide", {"action": "终止"}), ("close", {})]),
        ):
            context = browser.new_context(viewport=PHONE, base_url=server.address, locale="zh-CN")
            page = context.new_page()
            sign_in(page, name, PASSWORD)
            for event, said in steps:
                take_step(page, ALERT, event, **said)
            told = page.locator("main").inner_text()
            context.close()
    assert "已归档" in told
    with engine(settings).connect() as connection:
        events = [one.entry.event for one in read(connection) if one.entry.alert_no == ALERT]
        assert first_broken(connection) is None
    assert events[-6:] == ["accept", "report", "answer", "review", "decide", "close"]
