"""What policy values are called on pages: the Chinese words of parameters, their units and their categories."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml

_WORDS = Path(__file__).with_name("policy_words.yml")


def parameter_title(parameter: str) -> str:
    """What a parameter is called; its own name where nobody has called it anything."""
    return _words()["parameters"].get(parameter, parameter)


def unit_words(unit: str) -> str:
    """What a value is measured in."""
    return _words()["units"].get(unit, unit)


def category_words(category: str) -> str:
    """A category; an age that is asked for anew is one as well, and most categories are Chinese already."""
    return _words()["categories"].get(category, f"{category} 岁起" if category.isdigit() else category)


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return words
