"""One district on DuckDB and on Spark: every model, every unit test of the models, and every published row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from include.settings import Settings
from include.warehouse import spark
from include.warehouse.build import build, build_on_spark
from include.warehouse.dbt import RunResults
from tests.conftest import Ran
from tests.spark.cluster import Cluster, cluster
from tests.spark.engines import BUILD, TEST, both, differing, made_by, published, statuses
from tests.spark.equality import differences


@pytest.fixture(scope="module")
def made(district: Settings) -> dict[str, list[RunResults]]:
    """What became of every node on both engines."""
    return {target: made_by(district, target, BUILD, TEST) for target in ("duckdb", "spark_local")}


@pytest.fixture(scope="module")
def connection(district: Settings, made: dict[str, list[RunResults]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of both engines."""
    with both(district, spark.local_folder(district)) as connection:
        yield connection


@pytest.mark.spark
def test_spark_runs_what_duckdb_runs(made: dict[str, list[RunResults]], ran: Ran) -> None:
    ours, theirs = (statuses(results) for results in made.values())
    ran("dbt nodes on Spark", len(theirs))
    assert {name: status for name, status in theirs.items() if status not in ("success", "pass")} == {}
    assert theirs.keys() == ours.keys()


@pytest.mark.spark
def test_every_published_table_is_the_same(connection: duckdb.DuckDBPyConnection, ran: Ran) -> None:
    ran("tables compared with Spark", len(published(connection)))
    assert differing(connection) == {}
    assert connection.execute("select count(*) from wh.monitoring.fct_alert").fetchall()[0][0] > 100


@pytest.mark.spark
def test_one_cent_is_a_difference(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table changed as select * replace (cast(amount + case when payment_no = "
        "(select min(payment_no) from core.fct_payment) then 0.01 else 0 end as decimal(18, 2)) as amount) "
        "from core.fct_payment"
    )
    found = list(differences(connection, "wh.core.fct_payment", "temp.changed"))
    assert found == ["1 rows are in the first alone", "1 rows are in the second alone"]


@pytest.mark.spark
@pytest.mark.soak
def test_a_worker_that_dies_in_the_middle_changes_nothing(
    district: Settings, made: dict[str, list[RunResults]], tmp_path: Path
) -> None:
    with cluster(tmp_path) as started, _killing_one_in_the_middle(started):
        where = {"SPARK_HOST": "127.0.0.1", "SPARK_PORT": str(started.port)}
        theirs = statuses(made_by(district, "spark", BUILD, **where))
        assert [worker.poll() is None for worker in started.workers] == [False, True]
    assert set(theirs.values()) == {"success"}
    with both(district, started.tables) as connection:
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


def test_a_run_that_publishes_says_that_spark_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(spark.NoFileError):
        build(Settings(home=tmp_path, environment={"WAREHOUSE_TARGET": "spark"}), "20211105T080000Z-aaaa")


def test_spark_is_not_spoken_to_unless_it_was_chosen(tmp_path: Path) -> None:
    with pytest.raises(spark.NotChosenError):
        build_on_spark(Settings(home=tmp_path))


def test_a_window_over_everything_is_refused() -> None:
    with pytest.raises(spark.SingleMachineError):
        spark.refuse_single_machine("WARN WindowExec: No Partition Defined for Window operation! Moving all data")
