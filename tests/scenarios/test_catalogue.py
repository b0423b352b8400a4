"""Catalogue, models and scenarios speak of the same rules."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from include.contracts import load_contracts
from include.settings import DBT_PROJECT
from include.warehouse.dbt import rule_models

SEEDS = DBT_PROJECT / "seeds"


def rows(path: Path) -> list[dict[str, str]]:
    """A seed as dictionaries."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


CATALOGUE = rows(SEEDS / "rules" / "rule_catalogue.csv")


def test_the_catalogue_has_fifty_rules_and_ten_data_findings() -> None:
    kinds = [row["rule_id"][0] for row in CATALOGUE]
    assert (len(kinds), kinds.count("D"), len({row["rule_id"] for row in CATALOGUE})) == (60, 10, 60)


def test_every_model_has_its_row() -> None:
    assert {model.split("_")[1].upper() for model in rule_models()} <= {row["rule_id"] for row in CATALOGUE}


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row["rule_id"])
def test_a_row_names_what_exists_and_says_everything(row: dict[str, str]) -> None:
    programmes = {known["programme"] for known in rows(SEEDS / "codes" / "programmes.csv")}
    named = {part for column in ("requires", "requires_any") for part in row[column].split(";") if part}
    assert named <= set(load_contracts())
    assert {part for part in row["programmes"].split(";") if part} <= programmes
    assert row["direction"] == {"E": "exit", "C": "cover", "P": "payment", "D": "quality"}[row["rule_id"][0]]
    assert all(
        row[column]
        for column in ("title_zh", "title_en", "legal_basis", "explanation_zh", "clears_zh", "proposed_action")
    )
    assert int(row["sla_first_days"]) <= int(row["sla_final_days"])
    assert bool(row["escalates_to"]) == bool(row["escalates_from_month"])


def test_what_the_district_verifies_is_on_its_list_alone() -> None:
    district_only = {row["rule_id"] for row in CATALOGUE if row["is_district_only"] == "true"}
    assert district_only == {"D03", "D04", "E08", "E13", "E14", "P12", "P13", "P14", "P15", "P16"}
