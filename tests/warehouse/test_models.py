"""The models' own unit tests, run on the shapes that an empty landing gives."""

from __future__ import annotations

import re

import pytest

from include.ingest.landing import write_schemas
from include.periods import Month
from include.settings import DBT_PROJECT, Settings, private_folder
from include.warehouse.dbt import RunResults, Version, contract_facts, run_dbt
from tests.conftest import Ran


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> RunResults:
    """Every model on no delivery at all, then every unit test of the project."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    write_schemas(settings)
    version = Version(private_folder(settings.warehouse) / "empty.duckdb", Month(2021, 1))
    built = run_dbt(settings, version, "build", resource_types=("seed", "model"))
    assert [node.name for node in built.nodes if node.status != "success"] == []
    return run_dbt(settings, version, "test", select=("test_type:unit",))


def test_every_unit_test_of_the_models_passes(outcome: RunResults, ran: Ran) -> None:
    ran("dbt unit tests", len(outcome.nodes))
    assert [f"{node.name}: {node.status}" for node in outcome.nodes if node.status != "pass"] == []


def test_every_unit_test_that_is_written_ran(outcome: RunResults) -> None:
    written = {
        name
        for path in (DBT_PROJECT / "models").rglob("*_unit_tests.yml")
        for name in re.findall(r"^  - name: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {node.name for node in outcome.nodes} == written
    assert len(written) >= 12


def test_every_person_column_of_the_contracts_is_told_to_the_models() -> None:
    people = {(fact["dataset"], person["id_column"]) for fact in contract_facts() for person in fact["people"]}
    assert ("civil_affairs.marriage", "female_id_no") in people
    assert ("public_security.population", "mother_id_no") in people
    owners = {person["name_column"] for fact in contract_facts() for person in fact["people"]}
    assert "owner_name" in owners
