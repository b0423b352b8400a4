"""What a run leaves for eyes, on a phone."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser import PHONE, is_wider_than_the_screen
from tests.end_to_end.conftest import Ended


def test_every_page_in_the_outbox_fits_a_phone(first: Ended, browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)
    pages = {(path.parent, path.name[:2]): path for path in (first.home / "outbox").rglob("*.html")}
    assert len(pages) > 20
    wider = []
    for path in pages.values():
        page.goto(path.as_uri())
        if is_wider_than_the_screen(page):
            wider.append(path.name)
    assert wider == []
