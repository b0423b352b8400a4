"""``outbox/dictionary/columns.html``: which columns of which departments every published column is made of.

Read from the SQL of the newest build as dbt compiled it. What only picks rows, in a ``where`` or an ``on``, makes no
column.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlglot import exp, parse_one
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from include.contracts import load_contracts
from include.dictionary.writing import SCHEMAS, Table, read_tables
from include.pages import put_page, render
from include.privacy import guarded
from include.settings import DBT_PROJECT, Settings, private_folder
from include.warehouse.dbt import Project, compiled_models
from include.warehouse.engine import WAREHOUSE_ALIAS
from include.warehouse.publication import open_publication, standing

_DIALECT = "duckdb"
_STAGING = "stg_"


@dataclass(frozen=True)
class Source:
    """What a column is made of: a department's dataset, or a table of the project, and columns of it."""

    title: str
    columns: tuple[str, ...]


@guarded("docs")
def write(settings: Settings) -> Path:
    """Write the page; returns its path. Raises NoPublicationError while nothing is published."""
    publication = standing(settings)
    with open_publication(settings, publication) as marts:
        tables = read_tables(marts)
    found = ColumnSources(compiled_models(Project.own(settings).target), seed_columns())
    path = private_folder(settings.outbox / "dictionary") / "columns.html"
    template = Path(__file__).parent / "columns.html.j2"
    sources = {table.name: _titled(found, table) for table in tables}
    put_page(path, render(template, tables=tables, sources=sources, schemas=SCHEMAS, version=publication.version))
    return path


def seed_columns() -> dict[str, list[str]]:
    """The columns of every seed of the project by its name."""
    seeds = {}
    for path in (DBT_PROJECT / "seeds").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            seeds[path.stem] = next(csv.reader(stream))
    return seeds


class ColumnSources:
    """Where columns come from, through every model in between.

    ``models``: ``schema`` and ``sql`` of each by name, what is read before what reads it; ``seeds``: their columns.
    """

    def __init__(self, models: Mapping[str, Mapping[str, str]], seeds: Mapping[str, Sequence[str]]) -> None:
        self._schema = MappingSchema(dialect=_DIALECT, normalize=False)
        for seed, columns in seeds.items():
            self._learn("seeds", seed, columns)
        self._scopes: dict[str, Scope | None] = {}
        for name, model in models.items():
            tree = parse_one(model["sql"], dialect=_DIALECT)
            assert isinstance(tree, exp.Query)
            if not name.startswith(_STAGING) and _reads_tables(tree):
                qualify(
                    tree, schema=self._schema, dialect=_DIALECT,
                    validate_qualify_columns=False, allow_partial_qualification=True,
                )  # fmt: skip
                self._scopes[name] = build_scope(tree)
            self._learn(model["schema"], name, tree.named_selects)
        self.of = cache(self._of)

    def _learn(self, schema: str, table: str, columns: Sequence[str]) -> None:
        self._schema.add_table(exp.table_(table, db=schema, catalog=WAREHOUSE_ALIAS), dict.fromkeys(columns, "text"))

    def _of(self, model: str, column: str) -> frozenset[tuple[str, str]]:
        """The columns, each with its staging model or seed, that a model's column is made of; none for a constant."""
        scope = self._scopes.get(model)
        if scope is None:
            return frozenset({(model, column)})
        ends = lineage(column, scope.expression, schema=self._schema, scope=scope, dialect=_DIALECT, copy=False).walk()
        read = {
            (end.expression.name, end.name.rpartition(".")[2].strip('"'))
            for end in ends
            if not end.downstream and isinstance(end.expression, exp.Table)
        }
        return frozenset(source for table, name in read if table for source in self.of(table, name))


def _reads_tables(tree: exp.Query) -> bool:
    return any(table.catalog == WAREHOUSE_ALIAS for table in tree.find_all(exp.Table))


def _titled(found: ColumnSources, table: Table) -> dict[str, list[Source]]:
    return {column.name: _sources(found.of(table.name, column.name)) for column in table.columns}


def _sources(ends: frozenset[tuple[str, str]]) -> list[Source]:
    """By dataset, with the headers that its department writes; a key made of an identity number names no header."""
    contracts = load_contracts()
    by_title: dict[str, set[str]] = defaultdict(set)
    for model, column in ends:
        contract = contracts.get(model.removeprefix(_STAGING).replace("__", "."))
        if contract is None:
            by_title[model].add(column)
        elif column in contract.columns:
            by_title[contract.title_zh].add(contract.columns[column].header)
        else:
            by_title[contract.title_zh].update(())
    return [Source(title, tuple(sorted(columns))) for title, columns in sorted(by_title.items())]
