"""The desk in Debian's Chromium: usable by keyboard, on a phone and with a screen reader; it asks no other host."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from include.desk.accounts import Account, add_account
from include.desk.serving import DeskServer
from include.journal.entries import first_broken, read
from include.journal.schema import engine
from include.settings import Settings
from tests.desk.test_desk import ALERT, PASSWORD, PEOPLE
from tests.small_warehouse import make_publication

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing: .ci/services installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, base_url=address, locale="zh-CN")
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda one: asked.append(one.url))
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def sign_in(page: Page, name: str) -> None:
    """By keyboard alone: name, password, Enter."""
    page.goto("/sign-in")
    while page.evaluate("document.activeElement.name") != "name":
        page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical on the page, and whether it runs out of a phone's side."""
    found = Axe().run(page).response["violations"]
    grave = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in GRAVE]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        grave.append("wider than the screen")
    return grave


def test_the_door_is_usable(page: Page) -> None:
    page.goto("/sign-in")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.lang").startswith("zh")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_usable_by_everybody(page: Page, name: str) -> None:
    sign_in(page, name)
    found = {}
    for path in PAGES[name]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        found[path] = faults(page)
    assert found == {path: [] for path in PAGES[name]}


def step(page: Page, event: str, **said: str) -> None:
    """Fill in the form of a step, as a person does, and send it."""
    page.goto(f"/alert/{ALERT}")
    form = page.locator(f"form:has(input[name=event][value={event}])").first
    if not form.locator("button").first.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    for name, value in said.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        form.locator("button").first.click()


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
            sign_in(page, name)
            for event, said in steps:
                step(page, event, **said)
            told = page.locator("main").inner_text()
            context.close()
    assert "已归档" in told
    with engine(settings).connect() as connection:
        events = [one.entry.event for one in read(connection) if one.entry.alert_no == ALERT]
        assert first_broken(connection) is None
    assert events[-6:] == ["accept", "report", "answer", "review", "decide", "close"]
