"""What both engines are asked for, and what differs in what they made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from include.periods import Month
from include.settings import Settings
from include.warehouse import engine
from include.warehouse.build import TRIAL, BuildResult
from include.warehouse.dbt import Version, run_commands
from include.warehouse.publish import PUBLISHED_SCHEMAS, RESTRICTED_SCHEMA
from tests.spark.equality import differences


def copied(settings: Settings, home: Path) -> Settings:
    """Another home with the same landing and keys."""
    settings.warehouse_key()  # made when it is first asked for
    for what in ("landing", "state/keys"):
        shutil.copytree(settings.home / what, home / what)
    return Settings(home=home)


def trial(settings: Settings, built: BuildResult) -> dict[str, str]:
    """What becomes on DuckDB of everything that tries an engine, by its name."""
    (outcome,) = run_commands(settings, Version(built.file, Month.parse(built.as_of)), [TRIAL])
    return {node.name: node.status for node in outcome.nodes}


def on(settings: Settings, target: str, **environment: str) -> Settings:
    """The same home where an engine makes the tables."""
    return replace(settings, environment={**settings.environment, **environment, "WAREHOUSE_TARGET": target})


@contextmanager
def both(settings: Settings, ours: Path, theirs: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB's own warehouse as ``wh``, and as ``theirs`` the one that took its tables over from Spark."""
    with engine.connect(settings) as connection:
        engine.attach_warehouse(connection, settings, ours)
        engine.attach_warehouse(connection, settings, theirs, alias="theirs")
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
        f"{schema}.{table}": list(differences(connection, f"wh.{schema}.{table}", f"theirs.{schema}.{table}"))
        for schema, table in published(connection)
    }
    return {table: sentences for table, sentences in found.items() if sentences}
