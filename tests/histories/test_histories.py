"""Whatever was sent, corrected, late or sent again: the tables are a function of what is known, and of nothing else."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from include.ingest.landing import write_schemas
from include.settings import Settings
from include.warehouse.build import build
from tests.histories.drawing import PERIODS, History, histories
from tests.histories.homes import Files, last_moment
from tests.histories.models import Models, differences
from tests.soak.counts import repetitions

AS_OF = "2021-03-01"
#: What says when something reached us differs with the order of arrival, and nothing else may.
ARRIVAL = {
    "quality.fct_delivery": {"received_at", "due_on", "days_late"},
    "quality.fct_dataset_freshness": {
        "received_at",
        "newest_received_at",
        "days_late",
        "is_late",
        "reason_zh",
        "reason_en",
    },
    "monitoring.fct_alert": {"detected_on", "due_on"},
    "monitoring.fct_alert_event": {"at"},
    "monitoring.fct_alert_explanation": {"sources"},
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with the empty schemas, from which the others are laid out."""
    home = Settings(
        home=tmp_path_factory.mktemp("schemas"), environment={"WAREHOUSE_KEY": "a" * 64, "IDENTITY_KEY": "b" * 64}
    )
    write_schemas(home)
    return home


@pytest.fixture(scope="module")
def models() -> list[Models]:
    """The models as the first history's real build left them."""
    return []


@pytest.mark.soak
@settings(
    max_examples=repetitions("histories"),
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(history=histories())
def test_what_is_known_decides_and_not_the_order_in_which_it_came(
    history: History, schemas: Settings, models: list[Models]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = Files(schemas, folder, history)
        first = files.lay(folder / "first", history.order[: history.known_first])
        whole = files.lay(folder / "whole", history.order)
        other = files.lay(folder / "other", history.other_order)
        if not models:
            models.append(_built_for_real(files.lay(schemas.home / "real", history.order)))
        now = models[0].build(whole, AS_OF)
        event(f"alerts: {_count(now, 'monitoring.fct_alert')}")
        assert differences(now, models[0].build(other, AS_OF), ARRIVAL) == {}, "another order of arrival"
        then, replayed = models[0].build(first, AS_OF), models[0].build(whole, AS_OF, last_moment(first))
        assert differences(then, replayed) == {}, "a replay of what was known"


def _built_for_real(home: Settings) -> Models:
    """One history through dbt itself; what runs in memory afterwards gives the same tables to the row."""
    built = build(replace(home, as_of=PERIODS[-1]), "20210401T000000Z-0001")
    models = Models(home, built)
    assert models.differences_from_dbt(models.build(home, AS_OF)) == {}
    return models


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from wh.{table}").fetchall()[0][0])
