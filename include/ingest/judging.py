"""Rows judged by the contract and written to landing: accepted ones, kept-back ones, and none unaccounted for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from include.contracts import Contract, load_contracts
from include.ingest.landing import literal
from include.ingest.reading import RawRows
from include.ingest.schema import PLACE_COLUMNS, REASONS_COLUMN, column_family, quoted
from include.ingest.statement import judged_sql, raw_struct_sql

HELD_SHARE = 10
FEWEST_BAD_ROWS_TO_HOLD = 3
_SOURCE = "raw_rows"


@dataclass(frozen=True)
class Counts:
    """How a file's rows were accounted for; ``read`` is always the sum of the other three."""

    read: int
    accepted: int
    quarantined: int
    duplicate: int
    replaced: int

    @property
    def too_many_bad(self) -> bool:
        """More than a tenth of the rows are bad, and at least three: one bad row of five holds no town back.

        Rows that a later row of the same file replaced are not bad.
        """
        bad = self.quarantined - self.replaced
        return bad >= FEWEST_BAD_ROWS_TO_HOLD and bad * HELD_SHARE > self.read


def judge(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: RawRows, today: str, keys: dict[str, bytes]
) -> Counts:
    """Judge every row into the temporary tables ``judged`` and ``fates``; the counts add up or it raises."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {_SOURCE} AS SELECT * FROM {rows.relation}")
    statement = _statement(contract.dataset, today)
    used = {name: value for name, value in keys.items() if f"${name}" in statement}
    # Its projections are laid out as they should run; the optimiser would melt them into one and compute each
    # expression once for every later use.
    connection.execute("PRAGMA disable_optimizer")
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {statement}", used)
    finally:
        connection.execute("PRAGMA enable_optimizer")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fates AS {_fates_sql(contract)}")
    read, bad = _one(connection, "SELECT count(*), count(reasons) FROM judged")
    duplicate, replaced = _one(
        connection, "SELECT count(*) FILTER (is_equal), count(*) FILTER (NOT is_equal) FROM fates"
    )
    accepted = read - bad - duplicate - replaced
    return Counts(read, accepted, bad + replaced, duplicate, replaced)


def write_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, counts: Counts, folder: Path) -> None:
    """Write ``data.parquet`` and, when there are such rows, ``quarantined.parquet`` from the judged rows."""
    columns = [name for column in contract.columns.values() for name, _ in column_family(column)]
    landed, places = ", ".join(map(quoted, columns)), ", ".join(name for name, _ in PLACE_COLUMNS)
    changed, everything = _raw_structs(contract.dataset)
    unspoilt = "" if not counts.duplicate + counts.replaced else "AND place NOT IN (SELECT place FROM fates)"
    _copy(
        connection,
        f"SELECT {landed}, {changed} AS raw, {places} FROM judged WHERE reasons IS NULL {unspoilt}",
        folder / "data.parquet",
    )
    if not counts.quarantined:
        return
    replaced = "[{'column_name': NULL::VARCHAR, 'reason': 'replaced_in_file'}]"
    _copy(
        connection,
        f"SELECT {landed}, {everything} AS raw, {places}, "
        f"CAST(coalesce(reasons, {replaced}) AS {REASONS_COLUMN[1]}) AS reasons FROM judged "
        "WHERE reasons IS NOT NULL OR place IN (SELECT place FROM fates WHERE NOT is_equal)",
        folder / "quarantined.parquet",
    )


def release(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop every temporary table and view of one file, so that the next starts with an empty memory."""
    names = connection.execute(
        "SELECT table_name, table_type = 'VIEW' FROM information_schema.tables "
        "WHERE table_schema = 'main' AND (table_name LIKE 'grid%' OR table_name IN ('judged', 'fates', 'raw_rows')) "
        "ORDER BY table_type DESC"
    ).fetchall()
    for name, is_view in names:
        connection.execute(f"DROP {'VIEW' if is_view else 'TABLE'} IF EXISTS {quoted(name)}")


@lru_cache(maxsize=64)
def _statement(dataset: str, today: str) -> str:
    return judged_sql(load_contracts()[dataset], _SOURCE, today)


@lru_cache(maxsize=64)
def _raw_structs(dataset: str) -> tuple[str, str]:
    contract = load_contracts()[dataset]
    return raw_struct_sql(contract, changed_only=True), raw_struct_sql(contract, changed_only=False)


def _fates_sql(contract: Contract) -> str:
    """Rows whose key comes again later: equal to the last one (a duplicate), or different (replaced by it)."""
    keys = [quoted(name) for name in contract.key]
    compared = [quoted(name) for column in contract.columns.values() for name, _ in column_family(column)]
    same_key = " AND ".join(f"earlier.{key} IS NOT DISTINCT FROM winners.{key}" for key in keys)
    same_row = " AND ".join(f"earlier.{name} IS NOT DISTINCT FROM later.{name}" for name in compared)
    return f"""
        WITH winners AS (
            SELECT {", ".join(keys)}, max(place) AS winner FROM judged WHERE reasons IS NULL
            GROUP BY {", ".join(keys)} HAVING count(*) > 1)
        SELECT earlier.place AS place, {same_row} AS is_equal
        FROM judged AS earlier JOIN winners ON {same_key} JOIN judged AS later ON later.place = winners.winner
        WHERE earlier.reasons IS NULL AND earlier.place <> winners.winner"""


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
