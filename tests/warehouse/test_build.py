"""A build is a function of its deliveries: whole, tested, encrypted, repeatable, and gone when it fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from include import runs
from include.ingest.landing import LEDGER_FILE
from include.lineage import model_events_file
from include.periods import Month
from include.privacy import DoudiError
from include.settings import DBT_PROJECT, Settings, private_folder
from include.warehouse import build as building
from include.warehouse.build import BuildResult, build, keep
from include.warehouse.dbt import DbtError, Version, run_dbt
from include.warehouse.engine import attach_warehouse, connect
from include.warehouse.ledger import (
    COMPLETE_PERIOD,
    NoCompletePeriodError,
    known_deliveries,
    known_moment,
    month_to_monitor,
    newest_complete_period,
)
from tests.warehouse.small_landing import OTHER_TOWN, OTHER_VILLAGE, REGIONS, TOWN, Landing, household_key, person_key

ELDER, OTHER_ELDER, HEAD, CHILD = "320625193804120410", "320625193001010017", "320625197001010010", "320625201001010018"
HOUSEHOLD, MEMBER, EXTREME, SUBSIDY, ALLOWANCE, WELFARE, PAYMENT = COMPLETE_PERIOD


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = Settings(home=tmp_path_factory.mktemp("home"))
    landing = Landing(home)
    landing.deliver("civil_affairs.region", "202101", REGIONS)
    for period in ("202101", "202102"):
        _deliver_rosters(landing, period)
    landing.deliver(ALLOWANCE, "202103", [], part=TOWN)
    landing.refuse(PAYMENT, "202103")
    return home


def _deliver_rosters(landing: Landing, period: str) -> None:
    month = f"{period[:4]}-{period[4:]}"
    family = [
        {"household_no": "HM1", "name": "顾一", "id_no": HEAD, "relation": "户主"},
        {"household_no": "HM1", "name": "顾二", "id_no": CHILD, "relation": "子", "uplift": "未成年人"},
    ]
    elders = [{"name": "殷素素", "id_no": ELDER}, {"name": "李四", "id_no": OTHER_ELDER, "monthly_amount": 100}]
    # In February the number of 殷素素 came damaged.
    damaged = [{"name": "殷素素"}] if period == "202102" else []
    landing.deliver(HOUSEHOLD, period, [{"household_no": "HM1", "member_count": 2, "monthly_amount": 501}], part=TOWN)
    landing.deliver(MEMBER, period, family, part=TOWN)
    landing.deliver(ALLOWANCE, period, elders[1:] if damaged else elders, part=TOWN, quarantined=damaged)
    elsewhere = {"name": "王五", "id_no": "320625193201010017", "town": OTHER_TOWN, "village": OTHER_VILLAGE}
    if period == "202101":
        landing.deliver(ALLOWANCE, period, [elsewhere], part=OTHER_TOWN)
    for dataset in (EXTREME, SUBSIDY, WELFARE):
        landing.deliver(dataset, period, [])
    paid = {"benefit_month": month, "paid_month": month}
    to_household = {"programme": "低保金", "household_no": "HM1", "amount": 501, "name": "顾一", "id_no": HEAD}
    landing.deliver(
        PAYMENT,
        period,
        [
            {"payment_no": f"{period}1", **paid, **to_household},
            {"payment_no": f"{period}2", **paid, "name": "殷素素", "id_no": ELDER},
        ],
    )


@pytest.fixture(scope="module")
def built(settings: Settings) -> BuildResult:
    return build(settings, "20210301T000000Z-0001")


@pytest.fixture(scope="module")
def warehouse(settings: Settings, built: BuildResult) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect(settings)
    attach_warehouse(connection, settings, built.file)
    connection.execute("use wh")
    yield connection
    connection.close()


def test_the_month_is_the_newest_that_is_complete(built: BuildResult) -> None:
    assert (built.as_of, built.status, built.is_replay) == ("202102", "built", False)


def test_without_a_complete_month_the_missing_datasets_are_named() -> None:
    with pytest.raises(NoCompletePeriodError, match=r"civil_affairs\.payment"):
        newest_complete_period([{"dataset": HOUSEHOLD, "period": "202101", "status": "accepted"}])


def test_people_stay_where_a_town_is_silent_or_a_row_was_refused(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select month, person_key, is_carried, entitled_amount from core.fct_enrolment_month "
        "where programme = 'elder_allowance' and holds"
    ).fetchall()
    january, february = date(2021, 1, 1), date(2021, 2, 1)
    silent = person_key(settings, "320625193201010017")
    assert set(rows) == {
        (january, person_key(settings, ELDER), False, 50),
        (january, person_key(settings, OTHER_ELDER), False, 100),
        (january, silent, False, 50),
        (february, person_key(settings, ELDER), True, 50),
        (february, person_key(settings, OTHER_ELDER), False, 100),
        (february, silent, False, 50),
    }


def test_what_a_household_gets_is_shared_to_the_cent(settings: Settings, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select household_key, recorded_amount, paid_amount, entitled_amount from core.fct_enrolment_month "
        "where programme = 'dibao' and month = date '2021-01-01' order by recorded_amount desc"
    ).fetchall()
    # 2 × 710 less 3000 a year, and a fifth of the standard for the child: 1312.
    assert [tuple(map(str, row[1:])) for row in rows] == [("250.50", "250.50", "656.00")] * 2
    assert {row[0] for row in rows} == {household_key(settings, "HM1")}


def test_the_ledger_says_what_became_of_each_file(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select part, period, status from quality.fct_delivery where dataset = ? order by period, part", [ALLOWANCE]
    ).fetchall()
    january, february, march = (date(2021, number, 1) for number in (1, 2, 3))
    assert found == [
        (OTHER_TOWN, january, "accepted"),
        (TOWN, january, "superseded"),
        (TOWN, february, "accepted"),
        (TOWN, march, "accepted"),
    ]
    refused = warehouse.execute("select dataset, column_name, reason from quality.fct_quarantined_row").fetchall()
    assert refused == [(ALLOWANCE, "id_no", "bad_checksum")]


def test_every_published_column_has_its_type_and_no_name(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = warehouse.execute(
        "select column_name from duckdb_columns() where schema_name in ('core', 'quality', 'reporting') "
        "and (column_name like '%id_no%' or column_name like '%secret%' or column_name like '%name_%')"
    ).fetchall()
    assert columns == []


def test_the_file_is_closed_to_whoever_lacks_the_key(settings: Settings, built: BuildResult) -> None:
    content = built.file.read_bytes()
    assert ELDER.encode() not in content
    assert "殷素素".encode() not in content
    assert not built.file.with_name(built.file.name + ".wal").exists()
    stranger = replace(settings, environment={"WAREHOUSE_KEY": "another"})
    with connect(stranger) as connection, pytest.raises(OSError, match="wrong key"):
        attach_warehouse(connection, stranger, built.file)


def test_what_dbt_leaves_behind_holds_no_value(settings: Settings, built: BuildResult) -> None:
    left = [path for path in (settings.state / "dbt").rglob("*") if path.is_file()]
    left += [*settings.runs.rglob("*.json"), model_events_file(settings)]
    assert left
    secrets = (ELDER, "殷素素", "HM1", settings.warehouse_key(), settings.identity_key())
    found = [(path.name, secret) for path in left for secret in secrets if secret.encode() in path.read_bytes()]
    assert found == []
    assert not (DBT_PROJECT / "target").exists()


def test_each_model_is_told_with_what_it_and_its_columns_come_from(settings: Settings, built: BuildResult) -> None:
    lines = model_events_file(settings).read_text(encoding="utf-8").splitlines()
    told = [event for event in map(json.loads, lines) if event["eventType"] == "COMPLETE"]
    made = {output["name"].partition(".")[2]: (event, output) for event in told for output in event["outputs"]}
    assert {node["name"] for node in built.nodes if node["kind"] == "model"} <= {name.split(".")[1] for name in made}
    event, output = made["reporting.rpt_elder_allowance_monthly"]
    read = {each["name"] for each in event["inputs"]}
    assert read == {"wh.intermediate.int_report_elder_allowance", "wh.intermediate.int_regions"}
    (source,) = output["facets"]["columnLineage"]["fields"]["persons"]["inputFields"]
    assert (source["name"], source["field"]) == ("wh.intermediate.int_report_elder_allowance", "persons")


def test_checks_are_recorded_and_empty_tables_are_not_called_sound(settings: Settings, built: BuildResult) -> None:
    checks = {check["check_name"]: check for check in runs.read(settings, built.run_id, "checks_dbt")}
    assert checks["fct_payment_payment_no_unique"]["status"] == "passed"
    assert checks["every_accepted_row_is_in_landing"]["severity"] == "critical"
    assert built.checks["passed"] > 50
    assert set(built.checks) <= {"passed", "not_evaluated"}


def test_the_same_deliveries_give_the_same_tables_and_a_wrong_count_is_red(
    settings: Settings, built: BuildResult, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    again = replace(settings, home=tmp_path / "again", environment=_keys(settings))
    shutil.copytree(settings.landing, again.landing)
    shutil.copytree(settings.quarantine, again.quarantine)
    entry = next(again.landing.glob(f"civil_affairs.region/*/*/{LEDGER_FILE}"))
    entry.write_text(json.dumps(json.loads(entry.read_text()) | {"rows_accepted": 7, "rows_read": 7}))
    result = build(again, "20210301T000000Z-0002")
    assert result.status == "red"
    failed = [check for check in runs.read(again, result.run_id, "checks_dbt") if check["status"] == "failed"]
    assert [(check["check_name"], check["failed_rows"]) for check in failed] == [
        ("every_accepted_row_is_in_landing", 1)
    ]
    attach_warehouse(warehouse, again, result.file, alias="other")
    for table in ("core.dim_person", "core.fct_enrolment_month", "core.fct_payment", "restricted.person_identity"):
        differing = warehouse.execute(
            f"select count(*) from ((from wh.{table} except all from other.{table}) "
            f"union all (from other.{table} except all from wh.{table}))"
        ).fetchone()
        assert differing == (0,), table
    warehouse.execute("detach other")


def _keys(settings: Settings) -> dict[str, str]:
    return {"WAREHOUSE_KEY": settings.warehouse_key(), "IDENTITY_KEY": settings.identity_key()}


def test_a_broken_landing_file_stops_the_build_without_a_trace_of_data(settings: Settings, tmp_path: Path) -> None:
    broken = replace(settings, home=tmp_path / "broken", environment=_keys(settings))
    shutil.copytree(settings.landing, broken.landing)
    file = next(broken.landing.glob("civil_affairs.elder_allowance/period=202101/*/data.parquet"))
    file.write_bytes(b"PAR1" + "殷素素".encode() + ELDER.encode())
    with pytest.raises(DbtError, match="elder_allowance") as caught:
        build(broken, "20210301T000000Z-0003")
    assert ELDER not in str(caught.value)
    assert list(broken.warehouse.iterdir()) == []


def test_known_time_reads_as_officers_mean_it() -> None:
    assert known_moment("2021-07-31") == "2021-07-31T15:59:59.999999+00:00"
    assert known_moment("2021-07-31T08:00:00+00:00") == "2021-07-31T08:00:00+00:00"
    assert known_moment("2021-07-31T08:00") == "2021-07-31T00:00:00+00:00"
    with pytest.raises(DoudiError):
        known_moment("last July")


def test_a_build_of_an_earlier_known_time_knows_no_more(settings: Settings, tmp_path: Path) -> None:
    # The January files were in by 08:10 UTC on the first of February, those of February later.
    earlier = replace(
        settings, home=tmp_path / "earlier", known_at="2021-02-01T08:10:30+00:00", environment=_keys(settings)
    )
    shutil.copytree(settings.landing, earlier.landing)
    as_of = month_to_monitor(earlier, known_deliveries(earlier))
    assert str(as_of) == "202101"
    version = Version(
        private_folder(earlier.warehouse) / "earlier.duckdb", Month(2021, 2), known_moment(earlier.known_at)
    )
    outcome = run_dbt(earlier, version, "build", select=("+fct_delivery",), resource_types=("seed", "model"))
    assert outcome.crashed == []
    with connect(earlier) as connection:
        attach_warehouse(connection, earlier, version.path)
        rosters = connection.execute(
            "select distinct period, status from wh.quality.fct_delivery where dataset = ?", [ALLOWANCE]
        ).fetchall()
    assert rosters == [(date(2021, 1, 1), "accepted")]


def test_a_green_build_becomes_the_warehouse_and_the_same_again_is_nothing_new(
    settings: Settings, built: BuildResult, warehouse: duckdb.DuckDBPyConnection
) -> None:
    warehouse.execute("use memory")
    warehouse.execute("detach wh")
    kept = keep(settings, built.version)
    link = settings.warehouse / "warehouse.duckdb"
    assert link.resolve() == kept.resolve()
    assert building.published_build(settings) is None, "nothing stands published yet"
    private_folder(settings.published)
    (settings.published / f"marts_{built.version}.duckdb").touch()
    (settings.published / "marts.duckdb").symlink_to(f"marts_{built.version}.duckdb")
    again = build(settings, "20210301T000000Z-0005")
    assert (again.status, again.version) == ("nothing_new", built.version)
    assert json.loads((settings.runs / again.run_id / "build.json").read_text())["status"] == "nothing_new"


def test_only_the_last_and_the_one_before_are_kept(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    for version in ("202112_20210301T000000Z_a", "202102_20210302T000000Z_b", "202102_20210303T000000Z_c"):
        _pretend(home, version, is_replay=False)
        keep(home, version)
    left = sorted(path.name for path in home.warehouse.glob("warehouse_*.duckdb"))
    assert left == ["warehouse_202102_20210302T000000Z_b.duckdb", "warehouse_202102_20210303T000000Z_c.duckdb"]


def test_a_replay_is_kept_beside_and_moves_no_link(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    _pretend(home, "202101_20210301T000000Z_a", is_replay=True)
    assert keep(home, "202101_20210301T000000Z_a").name == "replay_202101_20210301T000000Z_a.duckdb"
    assert not (home.warehouse / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("standing", "as_of", "known_at", "is_replay"),
    [
        (None, "202109", None, False),
        (None, "202109", "2021-09-30", False),
        ("202110", "202109", None, True),
        ("202110", "202110", None, False),
        ("202110", "202111", None, False),
        ("202110", "202110", "2021-09-30", True),
    ],
)
def test_only_what_is_older_than_the_standing_publication_is_a_replay(
    tmp_path: Path, standing: str | None, as_of: str, known_at: str | None, is_replay: bool
) -> None:
    home = Settings(home=tmp_path, known_at=known_at)
    private_folder(home.published)
    if standing:
        (home.published / f"marts_{standing}_20211101T000000Z_a.duckdb").touch()
        (home.published / "marts.duckdb").symlink_to(f"marts_{standing}_20211101T000000Z_a.duckdb")
    assert building._is_replay(home, Month.parse(as_of)) is is_replay


def _pretend(home: Settings, version: str, is_replay: bool) -> None:
    path = private_folder(home.warehouse) / f"building_{version}.duckdb"
    path.touch()
    path.with_suffix(".json").write_text(json.dumps({"is_replay": is_replay}))


def test_leftovers_of_a_dead_build_are_swept(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    private_folder(home.warehouse)
    private_folder(home.scratch / "dbt")
    for name in ("building_1.duckdb", "building_1.duckdb.wal", "warehouse_1.duckdb"):
        (home.warehouse / name).touch()
    building.sweep(home)
    assert [path.name for path in home.warehouse.iterdir()] == ["warehouse_1.duckdb"]
    assert not (home.scratch / "dbt").exists()


def test_a_whole_build_that_waits_for_the_gate_outlasts_the_beginning_of_the_next(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    _pretend(home, "202110_20211101T000000Z_a", False)
    _pretend(home, "202109_20211102T000000Z_b", True)
    (home.warehouse / "building_202110_20211103T000000Z_c.duckdb").touch()
    building.sweep(home)
    waiting = "building_202109_20211102T000000Z_b"
    assert sorted(path.name for path in home.warehouse.iterdir()) == [f"{waiting}.duckdb", f"{waiting}.json"]
