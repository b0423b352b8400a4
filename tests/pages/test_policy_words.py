"""Every policy value, its unit and its category has a Chinese name for the pages that officers read."""

from __future__ import annotations

import csv

import pytest

from include.pages.policy_words import category_words, parameter_title, unit_words
from include.warehouse.policy import POLICY


@pytest.fixture(scope="module")
def values() -> list[dict[str, str]]:
    with POLICY.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def in_chinese(words: str) -> bool:
    """Whether there is at least one Chinese character in a name."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in words)


def test_every_policy_value_has_a_name_of_its_own(values: list[dict[str, str]]) -> None:
    titles = {row["parameter"]: parameter_title(row["parameter"]) for row in values}
    assert [name for name, title in titles.items() if not in_chinese(title)] == []
    assert len(set(titles.values())) == len(titles)


def test_every_unit_and_category_has_a_name(values: list[dict[str, str]]) -> None:
    assert [unit for unit in {row["unit"] for row in values} if not in_chinese(unit_words(unit))] == []
    categories = {row["category"] for row in values} - {""}
    assert [category for category in categories if not in_chinese(category_words(category))] == []


def test_an_age_that_is_asked_for_anew_is_named_as_an_age() -> None:
    assert category_words("95") == "95 岁起"
