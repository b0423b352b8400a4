"""The rule book: a page a rule, complete, from the catalogue, the rule's own SQL and what was evaluated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from include import rule_book
from include.pages import render
from include.rule_book.pages import DIRECTIONS, Page, read_pages
from include.warehouse.workbench import Workbench
from tests.scenarios.conftest import Outcome

TEMPLATES = Path(rule_book.__file__).parent


@pytest.fixture(scope="module")
def pages(outcome: Outcome) -> list[Page]:
    with Workbench(outcome.settings, outcome.warehouse) as bench:
        return read_pages(bench.connection)


def test_every_rule_has_a_page_that_says_everything(pages: list[Page]) -> None:
    assert len({page.rule["rule_id"] for page in pages}) == len(pages) == 60
    for page in pages:
        text = render(TEMPLATES / "rule.html.j2", page=page)
        for column in ("rule_id", "title_zh", "explanation_zh", "clears_zh", "legal_basis", "proposed_action", "owner"):
            assert str(page.rule[column]) in text.replace("&amp;", "&"), (page.rule["rule_id"], column)
        assert "http" not in text
        assert page.evaluation is not None


def test_a_page_shows_what_is_read_and_which_values_hold(pages: list[Page]) -> None:
    vehicle = next(page for page in pages if page.rule["rule_id"] == "E03")
    assert "机动车登记" in {title for title, _ in vehicle.sources}
    assert {row["parameter"] for row in vehicle.parameters} == {"vehicle_high_count", "vehicle_recent_months"}
    amount = next(page for page in pages if page.rule["rule_id"] == "P10")
    text = render(TEMPLATES / "rule.html.j2", page=amount)
    assert "暂定，待本局确认" in text
    assert re.search(r">810<", text)


def test_the_index_leads_to_every_page(pages: list[Page]) -> None:
    index = render(TEMPLATES / "index.html.j2", pages=pages, directions=DIRECTIONS, version="x")
    assert sorted(re.findall(r'href="(\w+)\.html"', index)) == sorted(page.rule["rule_id"] for page in pages)
