"""One district on DuckDB and on Spark: every model, every unit test of the models, and every published row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from include import ingest, pipeline, runs
from include.demo import make_deliveries
from include.settings import Settings, private_folder
from include.warehouse import spark
from include.warehouse.build import BuildResult, build
from include.warehouse.publication import open_publication
from include.warehouse.workbench import Workbench, rows
from tests.conftest import Ran
from tests.spark.cluster import Cluster, cluster
from tests.spark.engines import both, copied, differing, on, published, trial
from tests.spark.equality import differences

RUN = "20211105T080000Z-aaaa"


@pytest.fixture(scope="module")
def ours(district: Settings, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """What DuckDB makes of the same."""
    return build(copied(district, tmp_path_factory.mktemp("duckdb") / "home"), RUN)


@pytest.fixture(scope="module")
def published_from_spark(district: Settings) -> BuildResult:
    """A run of which Spark makes the tables, up to its publication."""
    chosen = on(district, "spark_local")
    runs.begin(chosen, RUN)
    result = build(chosen, RUN)
    assert pipeline.check(chosen, RUN)
    pipeline.publish(chosen, RUN)
    return result


@pytest.fixture(scope="module")
def connection(
    district: Settings, ours: BuildResult, published_from_spark: BuildResult
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of both engines."""
    with both(district, ours.file, district.warehouse / "warehouse.duckdb") as connection:
        yield connection


@pytest.mark.spark
def test_spark_runs_what_duckdb_runs(
    district: Settings, ours: BuildResult, published_from_spark: BuildResult, ran: Ran
) -> None:
    there = {
        node["name"]: node["status"] for node in published_from_spark.nodes if node["layer"] not in ("views", "sql")
    }
    ran("dbt nodes on Spark", len(there))
    assert {name: status for name, status in there.items() if status not in ("success", "pass")} == {}
    assert there.keys() == {node["name"] for node in ours.nodes} | trial(district, ours).keys()


@pytest.mark.spark
def test_what_spark_made_is_checked_and_published(district: Settings, published_from_spark: BuildResult) -> None:
    assert published_from_spark.status == "built"
    assert published_from_spark.checks["passed"] > 100
    with open_publication(district) as marts:
        assert marts.execute("select count(*) from monitoring.fct_alert").fetchall()[0][0] > 100
    with Workbench.over_standing(district) as bench:
        before = rows(bench.connection, "select count(*) as people from core.dim_person")
        bench.run("int_person", "dim_person")
        assert rows(bench.connection, "select count(*) as people from core.dim_person") == before


@pytest.mark.spark
def test_every_published_table_is_the_same(connection: duckdb.DuckDBPyConnection, ran: Ran) -> None:
    ran("tables compared with Spark", len(published(connection)))
    assert differing(connection) == {}
    assert connection.execute("select count(*) from wh.monitoring.fct_alert").fetchall()[0][0] > 100


@pytest.mark.spark
def test_one_cent_is_a_difference(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table changed as select * replace (cast(amount + case when payment_no = "
        "(select min(payment_no) from theirs.core.fct_payment) then 0.01 else 0 end as decimal(18, 2)) as amount) "
        "from theirs.core.fct_payment"
    )
    found = list(differences(connection, "wh.core.fct_payment", "temp.changed"))
    assert found == ["1 rows are in the first alone", "1 rows are in the second alone"]


@pytest.mark.spark
@pytest.mark.soak
def test_a_tenth_of_the_district_is_the_same_and_again_after_a_correction(tmp_path: Path) -> None:
    home = Settings(home=tmp_path / "home", scale=0.1)
    make_deliveries(home.inbox, home.state / "demo" / "truth", home.scale, home.seed)
    (payments,) = home.inbox.glob("civil_affairs/payment/payment_202107*.csv")
    corrected = payments.read_bytes().replace("成功".encode("gb18030"), "退汇".encode("gb18030"), 500)
    for state in ("delivered", "corrected"):
        for department in pipeline.DEPARTMENTS:
            ingest.take_in(home, department, RUN)
        ours = build(copied(home, tmp_path / state / "duckdb"), RUN)
        theirs = build(on(copied(home, tmp_path / state / "spark"), "spark_local_large"), RUN)
        with both(home, ours.file, theirs.file) as connection:
            assert (state, differing(connection)) == (state, {})
        payments.write_bytes(corrected)


@pytest.mark.spark
@pytest.mark.soak
def test_a_worker_that_dies_in_the_middle_changes_nothing(
    district: Settings, ours: BuildResult, tmp_path: Path
) -> None:
    home = copied(district, tmp_path / "home")
    with cluster(tmp_path) as started, _killing_one_in_the_middle(started):
        where = {"SPARK_HOST": "127.0.0.1", "SPARK_PORT": str(started.port), "SPARK_TABLES": str(started.tables)}
        result = build(on(home, "spark", **where), RUN)
        assert [worker.poll() is None for worker in started.workers] == [False, True]
    with both(district, ours.file, result.file) as connection:
        assert differing(connection) == {}


@contextmanager
def _killing_one_in_the_middle(started: Cluster) -> Iterator[None]:
    stopped = Event()

    def kill() -> None:
        while not stopped.wait(0.5):
            if (started.tables / "intermediate.db" / "int_person").exists():
                started.workers[0].kill()
                return

    killer = Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        stopped.set()
        killer.join()


def test_a_row_too_many_and_another_type_are_differences() -> None:
    one, twice, other = "(select 1 as a)", "(select 1 as a union all select 1)", "(select cast(1 as bigint) as a)"
    with duckdb.connect() as connection:
        assert list(differences(connection, one, one)) == []
        assert list(differences(connection, twice, one)) == ["1 rows are in the first alone"]
        assert list(differences(connection, one, other)) == ["columns: [(('a', 'INTEGER'), ('a', 'BIGINT'))]"]


def test_tables_of_a_cluster_that_are_not_to_be_seen_are_said_before_anything_is_built(tmp_path: Path) -> None:
    with pytest.raises(spark.MissingTablesError, match="SPARK_TABLES"):
        spark.tables_folder(on(Settings(home=tmp_path), "spark"))


def test_a_table_that_spark_did_not_leave_is_named(tmp_path: Path) -> None:
    settings = on(Settings(home=tmp_path, environment={"WAREHOUSE_KEY": "a" * 64}), "spark_local")
    private_folder(settings.warehouse)
    with pytest.raises(spark.MissingTablesError, match="dim_person"):
        spark.take_over(settings, settings.warehouse / "one.duckdb", ["dim_person"])


def test_a_window_over_everything_is_refused() -> None:
    with pytest.raises(spark.SingleMachineError):
        spark.refuse_single_machine("WARN WindowExec: No Partition Defined for Window operation! Moving all data")
