"""One district on DuckDB and on Spark: every model, every unit test of the models, and every published row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from include.ingest.landing import write_schemas
from include.settings import Settings, private_folder
from include.warehouse import engine, ledger, spark
from include.warehouse.build import build
from include.warehouse.dbt import Command, RunResults, Version, run_commands
from include.warehouse.publish import PUBLISHED_SCHEMAS, RESTRICTED_SCHEMA
from tests.conftest import Ran
from tests.oracle.settle import settle
from tests.oracle.test_oracle import SEED, take_in
from tests.spark.equality import differences

PEOPLE = 300
EVERYTHING = (
    Command("build", resource_types=("seed", "model")),
    Command("test", select=("test_type:unit", "expressions_agree")),
)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A district whose deliveries, and their corrections, lie in landing."""
    settings = Settings(home=tmp_path_factory.mktemp("district"))
    take_in(settle(SEED, PEOPLE), settings)
    write_schemas(settings)
    return settings


def _made_by(settings: Settings, target: str) -> list[RunResults]:
    month = ledger.month_to_monitor(settings, ledger.known_deliveries(settings))
    chosen = replace(settings, environment={**settings.environment, "WAREHOUSE_TARGET": target})
    return run_commands(chosen, Version(private_folder(settings.warehouse) / "one.duckdb", month), EVERYTHING)


@pytest.fixture(scope="module")
def made(district: Settings) -> dict[str, list[RunResults]]:
    """What became of every node on both engines."""
    return {target: _made_by(district, target) for target in ("duckdb", "spark_local")}


@pytest.fixture(scope="module")
def connection(district: Settings, made: dict[str, list[RunResults]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The DuckDB warehouse as ``wh``, and each of Spark's tables as a view of the same name."""
    with engine.connect(district) as connection:
        engine.attach_warehouse(connection, district, district.warehouse / "one.duckdb")
        for schema, table in _published(connection):
            folder = spark.local_folder(district) / f"{schema}.db" / table
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create view {schema}.{table} as from read_parquet({engine.sql_text(f'{folder}/*.parquet')})"
            )
        yield connection


def _published(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = 'wh' and schema_name in (select unnest($1)) order by all",
        [[*PUBLISHED_SCHEMAS, RESTRICTED_SCHEMA]],
    )
    return list(found.fetchall())


@pytest.mark.soak
def test_spark_runs_what_duckdb_runs(made: dict[str, list[RunResults]], ran: Ran) -> None:
    ours, theirs = ({node.name: node.status for one in made[target] for node in one.nodes} for target in made)
    ran("dbt nodes on Spark", len(theirs))
    assert {name: status for name, status in theirs.items() if status not in ("success", "pass")} == {}
    assert theirs.keys() == ours.keys()


@pytest.mark.soak
def test_every_published_table_is_the_same(connection: duckdb.DuckDBPyConnection, ran: Ran) -> None:
    tables = _published(connection)
    ran("tables compared with Spark", len(tables))
    found = {
        f"{schema}.{table}": list(differences(connection, f"wh.{schema}.{table}", f"memory.{schema}.{table}"))
        for schema, table in tables
    }
    assert {table: sentences for table, sentences in found.items() if sentences} == {}
    assert connection.execute("select count(*) from wh.monitoring.fct_alert").fetchall()[0][0] > 100


@pytest.mark.soak
def test_one_cent_is_a_difference(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table changed as select * replace (cast(amount + case when payment_no = "
        "(select min(payment_no) from core.fct_payment) then 0.01 else 0 end as decimal(18, 2)) as amount) "
        "from core.fct_payment"
    )
    found = list(differences(connection, "wh.core.fct_payment", "temp.changed"))
    assert found == ["1 rows are in the first alone", "1 rows are in the second alone"]


def test_a_row_too_many_and_another_type_are_differences() -> None:
    one, twice, other = "(select 1 as a)", "(select 1 as a union all select 1)", "(select cast(1 as bigint) as a)"
    with duckdb.connect() as connection:
        assert list(differences(connection, one, one)) == []
        assert list(differences(connection, twice, one)) == ["1 rows are in the first alone"]
        assert list(differences(connection, one, other)) == ["columns: [(('a', 'INTEGER'), ('a', 'BIGINT'))]"]


def test_a_run_that_publishes_says_that_spark_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(spark.NoFileError):
        build(Settings(home=tmp_path, environment={"WAREHOUSE_TARGET": "spark"}), "20211105T080000Z-aaaa")


def test_a_window_over_everything_is_refused() -> None:
    with pytest.raises(spark.SingleMachineError):
        spark.refuse_single_machine("WARN WindowExec: No Partition Defined for Window operation! Moving all data")
