"""Debian's Chromium, and what a person does in it at the desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, started once a module."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing: .ci/services installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


def sign_in(page: Page, name: str, password: str) -> None:
    """By keyboard alone: name, password, Enter."""
    page.goto("/sign-in")
    while page.evaluate("document.activeElement.name") != "name":
        page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def take_step(page: Page, alert_no: str, event: str, **said: str) -> None:
    """Fill in the form of a step, as a person does, and send it."""
    page.goto(f"/alert/{alert_no}")
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


def is_wider_than_the_screen(page: Page) -> bool:
    """Whether the page as a whole scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))
