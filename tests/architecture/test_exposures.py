"""Whoever uses a mart is named: no mart that nobody reads, no exposure of what is not there."""

from __future__ import annotations

import re

import yaml

from include.settings import DBT_PROJECT

MODELS = DBT_PROJECT / "models"


def exposures() -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load((MODELS / "_exposures.yml").read_text(encoding="utf-8"))[
        "exposures"
    ]
    return found


def used() -> set[str]:
    return {re.findall(r"ref\('(\w+)'\)", str(each))[0] for one in exposures() for each in one["depends_on"]}  # type: ignore[attr-defined]


def test_every_published_mart_has_somebody_who_reads_it() -> None:
    marts = {path.stem for path in (MODELS / "marts").rglob("*.sql")}
    # The replies are written in ingest, the moment a file is refused; this one is for whoever looks a row up later.
    assert marts - used() == {"quarantined_row"}
    assert used() <= marts


def test_every_exposure_says_what_it_is_in_both_languages_and_whose() -> None:
    for one in exposures():
        assert re.match(r"[^\x00-\x7f].* [a-z]", str(one["label"]))
        assert len(str(one["description"])) > 40
        assert one["owner"]
