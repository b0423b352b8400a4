"""What stands in two places agrees in both directions, with a difference that a person can read."""

from __future__ import annotations

import csv
import re

from include.contracts import load_contracts
from include.ingest import departments
from include.pipeline import DEPARTMENTS
from include.settings import DBT_PROJECT, REPOSITORY
from tests.architecture.project import MODELS, model_properties
from tests.conftest import Ran

CATALOGUE = DBT_PROJECT / "seeds" / "rules" / "rule_catalogue.csv"
RULE_MODELS = MODELS / "intermediate" / "rules"
MARTS = MODELS / "marts"


def _rule_models() -> dict[str, str]:
    """Rule id to model name, of every rule that has a model."""
    models = (path.stem for path in RULE_MODELS.glob("rule_*.sql"))
    return {name.split("__")[0].removeprefix("rule_").upper(): name for name in models}


def _catalogue() -> list[dict[str, str]]:
    with CATALOGUE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_contract_has_its_staging_model_and_no_other_exists(ran: Ran) -> None:
    contracts = {name.replace(".", "__") for name in load_contracts()}
    staged = {path.stem.removeprefix("stg_") for path in (MODELS / "staging").rglob("stg_*.sql")}
    assert staged == contracts
    ran("contracts", len(contracts))


def test_every_department_of_a_contract_is_swept() -> None:
    assert sorted(DEPARTMENTS) == list(DEPARTMENTS)
    assert set(departments()) == set(DEPARTMENTS)
    assert {name.split(".")[0] for name in load_contracts()} == set(DEPARTMENTS)


def test_a_staging_model_lies_in_its_departments_folder() -> None:
    misplaced = [
        path.name
        for path in (MODELS / "staging").rglob("stg_*.sql")
        if not path.stem.startswith(f"stg_{path.parent.name}__")
    ]
    assert misplaced == []


def test_the_catalogue_names_sixty_rules_once() -> None:
    ids = [row["rule_id"] for row in _catalogue()]
    assert len(ids) == len(set(ids)) == 60
    assert all(re.fullmatch(r"[ECPD]\d\d", rule_id) for rule_id in ids)


def test_every_rule_model_has_its_catalogue_row_and_its_scenarios(ran: Ran) -> None:
    models = _rule_models()
    ids = {row["rule_id"] for row in _catalogue()}
    told = {
        path.stem.split("_")[0].upper()
        for path in (REPOSITORY / "tests" / "scenarios").glob("*.yaml")
        if re.fullmatch(r"[ecpd]\d\d", path.stem.split("_")[0])
    }
    assert set(models) - ids == set(), "rules without a catalogue row"
    assert told == set(models), "rules without scenarios, or scenarios without a rule"
    ran("rules", len(models))


def test_every_mart_is_described_column_by_column_in_both_languages() -> None:
    described = model_properties(MARTS)
    assert {path.stem for path in MARTS.rglob("*.sql")} == set(described)
    lacking = [
        f"{name}.{column.get('name', '')}"
        for name, model in described.items()
        for column in [{**model, "name": ""}, *model.get("columns", [])]
        if not column.get("description", "").strip() or not _label(column)
    ]
    assert lacking == []


def test_every_mart_states_its_grain_first() -> None:
    grainless = [
        name
        for name, model in model_properties(MARTS).items()
        if not re.match(r"One row (a|an|per|for each)\b", model["description"].strip())
    ]
    assert grainless == []


def _label(column: dict) -> str:
    meta = column.get("meta") or (column.get("config") or {}).get("meta") or {}
    return str(meta.get("label_zh", ""))
