"""A decision on a held delivery, as the models and the ledger understand it: from its own moment on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from include.ingest.decisions import REFUSED, RELEASED, decide
from include.ingest.landing import read_ledger
from include.periods import Month
from include.settings import Settings, private_folder
from include.warehouse.dbt import Version, run_dbt
from include.warehouse.engine import attach_warehouse, connect
from include.warehouse.ledger import known_moment
from tests.warehouse.small_landing import REGIONS, Landing

HOUSEHOLD, WELFARE = "civil_affairs.assistance_household", "civil_affairs.child_welfare"
BEFORE_ANY_DECISION = "2022-01-01"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = Settings(home=tmp_path_factory.mktemp("home"))
    landing = Landing(home)
    landing.deliver("civil_affairs.region", "202101", REGIONS)
    landing.deliver(HOUSEHOLD, "202101", [])
    landing.deliver(WELFARE, "202101", [{"name": "顾一", "id_no": "320625201001010018"}])
    released = landing.deliver(WELFARE, "202102", [], status="held")
    refused = landing.deliver(WELFARE, "202103", [], status="held")
    landing.deliver(WELFARE, "202104", [], status="held")
    decide(home, released, RELEASED, "district", "已核实")
    decide(home, refused, REFUSED, "district", "漏报")
    return home


@pytest.mark.parametrize("known_at", [None, BEFORE_ANY_DECISION])
def test_models_and_ledger_agree_on_what_a_decision_made(settings: Settings, known_at: str | None) -> None:
    moment = known_moment(known_at)
    ledger = {
        (each["period"], each["status"], each.get("decision"), each.get("decided_by"))
        for each in read_ledger(settings, moment)
        if each["dataset"] == WELFARE
    }
    assert {status for _, status, *_ in ledger} == (
        {"accepted", "held"} if known_at else {"accepted", "held", "quarantined"}
    )
    rows = _deliveries(settings, known_at)
    assert {(f"{row[0]:%Y%m}", "accepted" if row[1] == "superseded" else row[1], *row[2:4]) for row in rows} == ledger
    superseded = {f"{row[0]:%Y%m}" for row in rows if row[1] == "superseded"}
    assert superseded == (set() if known_at else {"202101"}), "what was released replaces what stood"
    assert all((row[4] is None) == (row[2] is None) for row in rows)


def _deliveries(settings: Settings, known_at: str | None) -> list[tuple[Any, ...]]:
    known = replace(settings, known_at=known_at)
    name = "early" if known_at else "late"
    version = Version(
        private_folder(settings.warehouse) / f"{name}.duckdb", Month(2021, 4), known_moment(known.known_at)
    )
    outcome = run_dbt(known, version, "build", select=("+fct_delivery",), resource_types=("seed", "model"))
    assert outcome.crashed == []
    with connect(settings) as connection:
        attach_warehouse(connection, settings, version.path)
        return connection.execute(
            "select period, status, decision, decided_by, decided_at from wh.quality.fct_delivery where dataset = ?",
            [WELFARE],
        ).fetchall()
