"""Rows judged by the contract and written to landing: accepted ones, kept-back ones, and none unaccounted for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from include.contracts import Contract, load_contracts
from include.ingest.landing import literal
from include.ingest.reading import RawRows, read_rows_sql
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
        """More than a tenth of the rows are bad, and at least three or all: one of five holds no town back.

        A list without a single good row would end everybody on it. Rows that a later row of the same file
        replaced are not bad.
        """
        bad = self.quarantined - self.replaced
        return bad * HELD_SHARE > self.read and (bad >= FEWEST_BAD_ROWS_TO_HOLD or bad == self.read)


def judge(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    files: Mapping[int, RawRows],
    today: str,
    keys: Mapping[str, bytes],
) -> dict[int, Counts]:
    """Judge every row of some files of one dataset into the temporary tables ``judged`` and ``fates``.

    Planning the statement costs more than running it over a town's list, so small files are judged together;
    they share nothing else: a key may come again in another file.
    """
    relation = " UNION ALL ".join(rows.relation for rows in files.values())
    # Each branch of a union would carry the whole statement; one large file is read as it flows instead.
    kind = "TABLE" if len(files) > 1 else "VIEW"
    connection.execute(f"CREATE TEMP {kind} {_SOURCE} AS {relation}")
    statement = _statement(contract.dataset, today)
    used = {name: value for name, value in keys.items() if f"${name}" in statement}
    # Its projections are laid out as they should run; the optimiser would melt them into one and compute each
    # expression once for every later use.
    connection.execute("PRAGMA disable_optimizer")
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {statement}", used)
    finally:
        connection.execute("PRAGMA enable_optimizer")
    if len(files) == 1:
        release(connection, ("judged",))  # a large file's cells are not held twice while it is written
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fates AS {_fates_sql(contract)}")
    counts = dict.fromkeys(files, Counts(0, 0, 0, 0, 0))
    rows = connection.execute(
        """SELECT file_number, count(*), count(reasons), coalesce(max(duplicate), 0), coalesce(max(replaced), 0)
        FROM judged LEFT JOIN (
            SELECT file_number, count(*) FILTER (is_equal) AS duplicate, count(*) FILTER (NOT is_equal) AS replaced
            FROM fates GROUP BY file_number) AS lost USING (file_number)
        GROUP BY file_number"""
    ).fetchall()
    for number, read, bad, duplicate, replaced in rows:
        counts[number] = Counts(read, read - bad - duplicate - replaced, bad + replaced, duplicate, replaced)
    return counts


def write_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, number: int, counts: Counts, folder: Path
) -> None:
    """Write ``data.parquet`` and, when there are such rows, ``quarantined.parquet`` of one judged file."""
    columns = [name for column in contract.columns.values() for name, _ in column_family(column)]
    landed, places = ", ".join(map(quoted, columns)), ", ".join(name for name, _ in PLACE_COLUMNS)
    changed, everything = _raw_structs(contract.dataset)
    own = f"file_number = {number}"
    unspoilt = "" if not counts.duplicate + counts.replaced else "AND place NOT IN (SELECT place FROM fates)"
    _copy(
        connection,
        f"SELECT {landed}, {changed} AS raw, {places} FROM judged WHERE {own} AND reasons IS NULL {unspoilt}",
        folder / "data.parquet",
    )
    if not counts.quarantined:
        return
    replaced = "[{'column_name': NULL::VARCHAR, 'reason': 'replaced_in_file'}]"
    _copy(
        connection,
        f"SELECT {landed}, {everything} AS raw, {places}, "
        f"CAST(coalesce(reasons, {replaced}) AS {REASONS_COLUMN[1]}) AS reasons FROM judged "
        f"WHERE {own} AND (reasons IS NOT NULL OR place IN (SELECT place FROM fates WHERE NOT is_equal))",
        folder / "quarantined.parquet",
    )


def release(connection: duckdb.DuckDBPyConnection, kept: tuple[str, ...] = ()) -> None:
    """Drop every temporary table and view but those whose names begin with one of ``kept``: memory is free again."""
    names = connection.execute(
        "SELECT table_name, table_type = 'VIEW' FROM information_schema.tables "
        "WHERE table_name LIKE 'grid%' OR table_name IN ('judged', 'fates', 'raw_rows') ORDER BY table_type DESC"
    ).fetchall()
    for name, is_view in names:
        if not name.startswith(kept):
            connection.execute(f"DROP {'VIEW' if is_view else 'TABLE'} IF EXISTS {quoted(name)}")


@lru_cache(maxsize=64)
def _statement(dataset: str, today: str) -> str:
    contract = load_contracts()[dataset]
    return judged_sql(contract, f"({read_rows_sql(contract, _SOURCE)}) AS cells", today)


@lru_cache(maxsize=64)
def _raw_structs(dataset: str) -> tuple[str, str]:
    contract = load_contracts()[dataset]
    return raw_struct_sql(contract, changed_only=True), raw_struct_sql(contract, changed_only=False)


def _fates_sql(contract: Contract) -> str:
    """Rows whose key comes again later in their file: equal to the last one (duplicate), or not (replaced by it)."""
    keys = ["file_number", *(quoted(name) for name in contract.key)]
    compared = [quoted(name) for column in contract.columns.values() for name, _ in column_family(column)]
    same_key = " AND ".join(f"earlier.{key} IS NOT DISTINCT FROM winners.{key}" for key in keys)
    same_row = " AND ".join(f"earlier.{name} IS NOT DISTINCT FROM later.{name}" for name in compared)
    return f"""
        WITH winners AS (
            SELECT {", ".join(keys)}, max(place) AS winner FROM judged WHERE reasons IS NULL
            GROUP BY {", ".join(keys)} HAVING count(*) > 1)
        SELECT earlier.file_number, earlier.place, {same_row} AS is_equal
        FROM judged AS earlier JOIN winners ON {same_key} JOIN judged AS later ON later.place = winners.winner
        WHERE earlier.reasons IS NULL AND earlier.place <> winners.winner"""


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
