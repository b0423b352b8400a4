"""Tests that run the models on Spark, which only ``make equality`` and ``make soak`` ask for."""

from __future__ import annotations

import pytest

from include.ingest.landing import write_schemas
from include.settings import Settings
from tests.oracle.settle import settle
from tests.oracle.test_oracle import SEED, take_in

PEOPLE = 300


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs Java and .venv-spark, and count it as left out, unless the marks of the run name it."""
    if "spark" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("spark")]
    items[:] = [item for item in items if item not in left_out]
    if left_out:
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A district whose deliveries, and their corrections, lie in landing."""
    settings = Settings(home=tmp_path_factory.mktemp("district"))
    take_in(settle(SEED, PEOPLE), settings)
    write_schemas(settings)
    return settings
