"""What a rule reads, told by its own SQL: the parameters it asks for and the columns of each dataset it names."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from include.contracts import Contract, load_contracts
from include.settings import DBT_PROJECT

#: Folders whose models a rule's SQL may lean on for what it decides; farther back everything reads everything.
_DECIDING = ("rules", "means", "calendar", "certificates", "payments")
_REF = re.compile(r"ref\('(\w+)'\)")
_PARAMETER = re.compile(r"parameter\('(\w+)'|parameter = '(\w+)'|, '([a-z]+(?:_[a-z0-9]+)+)', '[^']*'\)")
#: What any rule reads of whoever holds a programme.
_ROSTERS = {
    "civil_affairs.assistance_household",
    "civil_affairs.assistance_member",
    "civil_affairs.extreme_poverty",
    "civil_affairs.disability_subsidy",
    "civil_affairs.elder_allowance",
    "civil_affairs.child_welfare",
}
_CATALOGUE = DBT_PROJECT / "seeds" / "rules" / "rule_catalogue.csv"
_PARAMETERS = DBT_PROJECT / "seeds" / "policy" / "parameters.csv"


def rule_facts(models: list[str], project: Path = DBT_PROJECT) -> dict[str, list[dict[str, Any]]]:
    """What the rules read: ``rule_parameters``, one entry a rule and parameter, and ``rule_reads``, one a dataset.

    A dataset is named where the catalogue's row or the SQL names it; a column where the SQL of the rule, or of a model
    it leans on, names it. The rosters are there for every rule: which of them an alert stands on follows from its
    programme.
    """
    catalogue = {row["rule_id"]: row for row in _rows(_CATALOGUE)}
    known = {row["parameter"] for row in _rows(_PARAMETERS)}
    parameters, reads = [], []
    for model in models:
        rule_id = model.split("__")[0].split("_")[1].upper()
        sql = _sql_of(model, project)
        words = set(re.findall(r"\w+", sql))
        row = catalogue.get(rule_id, {})
        named = {
            dataset for column in ("requires", "requires_any") for dataset in row.get(column, "").split(";") if dataset
        }
        if "roster_listed" in sql:
            named |= _ROSTERS
        if "contract.people" in sql:  # it goes through every contract that names people
            named |= {name for name, contract in load_contracts().items() if _names_people(contract)}
        named |= {f"{department}.{name}" for department, name in re.findall(r"stg_(\w+?)__(\w+)", sql)}
        asked = known & {name for found in _PARAMETER.findall(sql) for name in found if name}
        parameters += [{"rule_id": rule_id, "parameter": name} for name in sorted(asked)]
        reads += [
            {
                "rule_id": rule_id,
                "dataset": dataset,
                "is_named": dataset in named,
                "columns_zh": "、".join(column.header for column in contract.columns.values() if column.name in words),
            }
            for dataset, contract in sorted(load_contracts().items())
            if dataset in named | _ROSTERS
        ]
    return {"rule_parameters": parameters, "rule_reads": reads}


def _names_people(contract: Contract) -> bool:
    return any(column.type == "id_no" for column in contract.columns.values())


def _sql_of(model: str, project: Path) -> str:
    """The SQL of a model and of every deciding model it leans on."""
    models = _deciding_models(project)
    seen: dict[str, str] = {}
    waiting = [model]
    while waiting:
        name = waiting.pop()
        if name in models and name not in seen:
            seen[name] = models[name]
            waiting += _REF.findall(models[name])
    return "\n".join(seen.values())


@cache
def _deciding_models(project: Path) -> dict[str, str]:
    folder = project / "models" / "intermediate"
    return {path.stem: path.read_text(encoding="utf-8") for name in _DECIDING for path in (folder / name).glob("*.sql")}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
