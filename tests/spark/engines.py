"""What both engines are asked for, and what differs in what they made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from include.settings import Settings, private_folder
from include.warehouse import engine, ledger
from include.warehouse.dbt import Command, RunResults, Version, run_commands
from include.warehouse.publish import PUBLISHED_SCHEMAS, RESTRICTED_SCHEMA
from tests.spark.equality import differences

BUILD = Command("build", resource_types=("seed", "model"))
TEST = Command("test", select=("test_type:unit", "expressions_agree"))


def made_by(settings: Settings, target: str, *commands: Command, **environment: str) -> list[RunResults]:
    """What became of every node of the commands where an engine runs them."""
    month = ledger.month_to_monitor(settings, ledger.known_deliveries(settings))
    chosen = replace(settings, environment={**settings.environment, **environment, "WAREHOUSE_TARGET": target})
    return run_commands(chosen, Version(private_folder(settings.warehouse) / "one.duckdb", month), commands)


def statuses(results: list[RunResults]) -> dict[str, str]:
    """By the name of a node what became of it."""
    return {node.name: node.status for one in results for node in one.nodes}


@contextmanager
def both(settings: Settings, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The DuckDB warehouse as ``wh``, and each table that Spark left in a folder as a view of the same name."""
    with engine.connect(settings) as connection:
        engine.attach_warehouse(connection, settings, settings.warehouse / "one.duckdb", read_only=True)
        for schema, table in published(connection):
            files = engine.sql_text(f"{folder / f'{schema}.db' / table}/*.parquet")
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create view {schema}.{table} as from read_parquet({files})")
        yield connection


def published(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Schema and name of every published table."""
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = 'wh' and schema_name in (select unnest($1)) order by all",
        [[*PUBLISHED_SCHEMAS, RESTRICTED_SCHEMA]],
    )
    return list(found.fetchall())


def differing(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """By the name of a published table what differs in it."""
    found = {
        f"{schema}.{table}": list(differences(connection, f"wh.{schema}.{table}", f"memory.{schema}.{table}"))
        for schema, table in published(connection)
    }
    return {table: sentences for table, sentences in found.items() if sentences}
