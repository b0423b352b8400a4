"""The models of a standing warehouse over other inputs: in memory, while the warehouse itself is only read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from include.privacy import DoudiError
from include.settings import Settings
from include.warehouse import engine
from include.warehouse.build import built_models, published_build

BUILT_ALIAS = "built"
_TABLES = f"select schema_name, table_name from duckdb_tables() where database_name = '{BUILT_ALIAS}'"


class NoWarehouseError(DoudiError):
    """Nothing has been built and published that a question could be put to."""


class Workbench:
    """Every relation of a warehouse under its own name, until one of them is replaced or run again.

    The models run as the build ran them: their SQL was kept beside the warehouse file, so a formula has one home.
    ``connection`` reads the relations as ``<schema>.<name>``, and the warehouse's own as ``built.<schema>.<name>``.
    """

    def __init__(self, settings: Settings, warehouse: Path) -> None:
        self.version = warehouse.stem.partition("_")[2]
        self.as_of = self.version.partition("_")[0]
        self._models = built_models(warehouse)
        self._shown: set[str] = set()
        self.connection = engine.connect(settings)
        engine.attach_warehouse(self.connection, settings, warehouse, alias=BUILT_ALIAS)
        self.connection.execute(f"ATTACH ':memory:' AS {engine.WAREHOUSE_ALIAS}; USE {engine.WAREHOUSE_ALIAS}")
        self._show_built()

    @classmethod
    def over_standing(cls, settings: Settings) -> Workbench:
        """Over the warehouse whose publication stands; raises NoWarehouseError where none does."""
        record = published_build(settings)
        if record is None:
            raise NoWarehouseError("还没有建成并发布的库，请先运行", "no warehouse stands; run the pipeline first")
        return cls(settings, Path(record["path"]))

    def __enter__(self) -> Workbench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def replace(self, relation: str, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Let ``<schema>.<name>`` be the result of a query; models that run afterwards read it."""
        self.connection.execute(f"create or replace temp table replacement as {sql}", list(parameters))
        kind = "view" if relation in self._shown else "table"
        self._shown.discard(relation)
        self.connection.execute(f"drop {kind} if exists {relation}")
        self.connection.execute(f"create table {relation} as from replacement; drop table replacement")

    def run(self, *models: str) -> None:
        """Run models again, in the order given, over what the workbench holds now."""
        for model in models:
            self.replace(f"{self._models[model]['schema']}.{model}", self._models[model]["sql"])

    def _show(self, relation: str, sql: str) -> None:
        self.connection.execute(f"create schema if not exists {relation.partition('.')[0]}")
        self.connection.execute(f"create view {relation} as {sql}")
        self._shown.add(relation)

    def _show_built(self) -> None:
        for schema, name in self.connection.execute(_TABLES).fetchall():
            self._show(f"{schema}.{name}", f"from {BUILT_ALIAS}.{schema}.{name}")
        for name, model in self._models.items():
            if model["kind"] == "view":
                self._show(f"{model['schema']}.{name}", model["sql"])


def rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query, each by column name."""
    cursor = connection.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
