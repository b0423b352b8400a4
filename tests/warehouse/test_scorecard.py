"""How many of the people a delivery names the register knows, and what else a scorecard counts, built from landing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from include.ingest.landing import write_schemas
from include.periods import Month
from include.settings import Settings, private_folder
from include.warehouse.dbt import Version, run_dbt
from include.warehouse.engine import attach_warehouse, connect
from tests.warehouse.small_landing import Landing

REGISTER, CUSTODY, CHECK = "public_security.population", "justice.custody", "verification_centre.asset_check"
KNOWN, RENAMED, LONG_NAME, STRANGER = (
    "320625193804120410", "320625193001010017", "320625197001010010", "320625201001010018",
)  # fmt: skip
_COUNTED = ("rows_accepted", "rows_quarantined", "rows_with_number", "rows_registered", "columns_drifted")

Counted = dict[tuple[str, date], dict[str, Any]]


def _counted(settings: Settings) -> Counted:
    write_schemas(settings)
    version = Version(private_folder(settings.warehouse) / "small.duckdb", Month(2021, 2))
    outcome = run_dbt(settings, version, "build", select=("+fct_dataset_scorecard",), resource_types=("seed", "model"))
    assert outcome.crashed == []
    with connect(settings) as connection:
        attach_warehouse(connection, settings, version.path)
        rows = connection.execute(
            f"select dataset, period, {', '.join(_COUNTED)} from wh.quality.fct_dataset_scorecard"
        ).fetchall()
    return {(row[0], row[1]): dict(zip(_COUNTED, row[2:], strict=True)) for row in rows}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    landing = Landing(settings)
    people = [
        {"name": "殷素素", "id_no": KNOWN},
        {"name": "顾新", "former_name": "顾旧", "id_no": RENAMED},
        {"name": "阿卜杜·热合曼", "id_no": LONG_NAME},
    ]
    landing.deliver(REGISTER, "202101", people)
    # A second version of one person makes no row of theirs count twice.
    landing.deliver(REGISTER, "202102", [{"name": "殷素", "id_no": KNOWN}])
    fitting = [
        {"name": "殷素素", "id_no": KNOWN}, {"name": "殷素", "id_no": KNOWN}, {"id_no": KNOWN},
        {"name": "顾旧", "id_no": RENAMED}, {"name": "阿卜杜热合曼", "id_no": LONG_NAME},
        {"name": "殷?素", "id_no": KNOWN}, {"name": "殷?素", "id_no": KNOWN},
    ]  # fmt: skip
    landing.deliver(CUSTODY, "202101", fitting, drift=("备注", "序号"))
    others = [
        {"name": "张翠山", "id_no": KNOWN}, {"name": "王?山", "id_no": KNOWN}, {"name": "殷素素", "id_no": STRANGER},
        {"id_no": STRANGER}, {"name": "殷素素"},
    ]  # fmt: skip
    landing.deliver(CUSTODY, "202102", others, quarantined=[{"name": "李四"}], drift=("备注",))
    landing.deliver(CUSTODY, "202102", [{"name": "殷素素", "id_no": KNOWN}], drift=("经办人", "备注"))
    landing.deliver(CHECK, "202101", [{"id_no": KNOWN}, {"id_no": STRANGER}])
    return _counted(settings)


def test_a_person_is_known_by_number_and_any_fitting_name(counted: Counted) -> None:
    assert counted[CUSTODY, date(2021, 1, 1)] == {
        "rows_accepted": 7, "rows_quarantined": 0, "rows_with_number": 7, "rows_registered": 7, "columns_drifted": 1,
    }  # fmt: skip


def test_another_name_or_an_unknown_number_is_not_known_and_no_number_is_not_asked(counted: Counted) -> None:
    assert counted[CUSTODY, date(2021, 2, 1)] == {
        "rows_accepted": 6, "rows_quarantined": 1, "rows_with_number": 5, "rows_registered": 1, "columns_drifted": 2,
    }  # fmt: skip


def test_a_dataset_without_names_is_matched_by_number_and_the_register_knows_its_own(counted: Counted) -> None:
    asked = {place: (row["rows_with_number"], row["rows_registered"]) for place, row in counted.items()}
    assert asked[CHECK, date(2021, 1, 1)] == (2, 1)
    assert asked[REGISTER, date(2021, 1, 1)] == (3, 3)


def test_while_the_register_has_not_come_nobody_is_called_unknown(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    Landing(settings).deliver(CUSTODY, "202101", [{"name": "殷素素", "id_no": KNOWN}])
    [row] = _counted(settings).values()
    assert (row["rows_with_number"], row["rows_registered"]) == (1, None)
