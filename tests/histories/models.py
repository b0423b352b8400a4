"""The models as dbt wrote them out once, run again and again in memory: a build of a tiny district in a second.

dbt takes most of its time for itself; what a hundred histories need is its SQL. One real build gives the statements,
in order; for another home, month or known time only the three texts that differ are put in their place.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from include.settings import Settings
from include.warehouse.build import BuildResult
from include.warehouse.dbt import Project, compiled_models
from include.warehouse.engine import attach_warehouse, connect
from include.warehouse.ledger import END_OF_TIME

PUBLISHED = ("core", "monitoring", "reporting", "quality", "restricted")


@dataclass(frozen=True)
class Statement:
    """One model: where it goes, whether it is a view, and its query."""

    relation: str
    kind: str
    query: str


class Models:
    """All models of one real build; ``build`` runs them on another landing."""

    def __init__(self, settings: Settings, built: BuildResult) -> None:
        self._settings, self._as_of, self._file = settings, f"{built.as_of[:4]}-{built.as_of[4:]}-01", built.file
        self._statements = [
            Statement(f"wh.{model['schema']}.{name}", "view" if model["kind"] == "view" else "table", model["sql"])
            for name, model in compiled_models(Project.own(settings).target).items()
        ]

    def build(self, home: Settings, as_of: str, known_at: str = END_OF_TIME) -> duckdb.DuckDBPyConnection:
        """A warehouse in memory, attached as ``wh``: a function of the landing, the month and the known time."""
        connection = connect(home)
        connection.execute("attach ':memory:' as wh")
        attach_warehouse(connection, self._settings, self._file, alias="built")
        self._copy_seeds(connection)
        connection.execute("detach built")
        texts = {
            str(self._settings.landing): str(home.landing),
            str(self._settings.quarantine): str(home.quarantine),
            END_OF_TIME: known_at,
            f"'{self._as_of}'": f"'{as_of}'",
        }
        for statement in self._statements:
            query = statement.query
            for old, new in texts.items():
                query = query.replace(old, new)
            connection.execute(f"create {statement.kind} {statement.relation} as {query}")
        return connection

    def differences_from_dbt(self, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        """Tables in which a build in memory is not what dbt built from the same landing."""
        attach_warehouse(connection, self._settings, self._file, alias="built")
        found = {}
        for table in published_tables(connection, "built"):
            (count,) = connection.execute(
                f"select count(*) from ((from wh.{table} except all from built.{table}) "
                f"union all (from built.{table} except all from wh.{table}))"
            ).fetchall()[0]
            if count:
                found[table] = count
        connection.execute("detach built")
        return found

    def _copy_seeds(self, connection: duckdb.DuckDBPyConnection) -> None:
        schemas = "select distinct schema_name from duckdb_schemas() where database_name = 'built' and not internal"
        for (schema,) in connection.execute(schemas).fetchall():
            connection.execute(f"create schema if not exists wh.{schema}")
        seeds = "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'seeds'"
        for (seed,) in connection.execute(seeds).fetchall():
            connection.execute(f"create table wh.seeds.{seed} as from built.seeds.{seed}")


def published_tables(connection: duckdb.DuckDBPyConnection, database: str = "wh") -> dict[str, list[str]]:
    """Every table that would be published, with its columns."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, list(column_name order by column_index) from duckdb_columns() "
        f"where database_name = '{database}' and schema_name in {PUBLISHED} group by all order by all"
    ).fetchall()
    return {table: list(columns) for table, columns in rows}


def differences(
    one: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, apart: dict[str, set[str]] | None = None
) -> dict[str, tuple[int, int]]:
    """Tables in which two warehouses differ: how many rows only the one has, and how many only the other.

    ``apart`` names columns that may differ: those that say when something reached us.
    """
    found = {}
    for table, columns in published_tables(one).items():
        shown = ", ".join(f'"{name}"' for name in columns if name not in (apart or {}).get(table, set()))
        left, right = (_rows(connection, f"select {shown} from wh.{table}") for connection in (one, other))
        if left != right:
            found[table] = (_beyond(left, right), _beyond(right, left))
    return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for row in connection.execute(query).fetchall():
        counted[repr(row)] = counted.get(repr(row), 0) + 1
    return counted


def _beyond(some: dict[str, int], others: dict[str, int]) -> int:
    return sum(max(0, count - others.get(row, 0)) for row, count in some.items())
