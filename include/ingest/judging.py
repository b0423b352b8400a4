"""Rows judged by the contract and written to landing: accepted ones, kept-back ones, and none unaccounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import duckdb

from include.contracts import Contract, load_contracts
from include.ingest.landed_files import ROWS_IN_A_GROUP, LandedFiles
from include.ingest.reading import RawRows, read_rows_sql
from include.ingest.schema import PLACE_COLUMNS, REASONS_COLUMN, column_family, key_domains, quoted
from include.ingest.statement import judged_sql, raw_struct_sql

HELD_SHARE = 10
FEWEST_BAD_ROWS_TO_HOLD = 3
MOST_ROWS_OF_ONE = 12_000
_SOURCE = "raw_rows"
_FATES = "file_number INTEGER, place BIGINT, is_equal BOOLEAN"
_WORKING_RELATIONS = ("judged", "fates", "raw_rows", "cells_together", "key_hashes", "rival_cells", "rivals")


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


def judge(connection: duckdb.DuckDBPyConnection, contract: Contract, files: Mapping[int, RawRows], today: str) -> None:
    """Make every row of some files of one dataset ready to be written, as the relations ``judged`` and ``fates``.

    Planning the statement costs more than running it over a town's list, so small files are judged together and at
    once; they share nothing else: a key may come again in another file. A large file is judged while it is written,
    so that no more of it than a few thousand rows is ever held; its rows whose keys come again are judged before.
    """
    relation = " UNION ALL ".join(rows.relation for rows in files.values())
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {_SOURCE} AS {relation}")
    source = _SOURCE
    # Files that are judged together are judged once: as they were written each would be judged again with all others.
    is_judged_at_once = len(files) > 1 or _count_rows(connection) <= MOST_ROWS_OF_ONE
    if len(files) > 1:
        # Each branch of a union would carry the whole statement.
        source = "cells_together"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {source} AS SELECT * FROM {_SOURCE}")
    judged = _judged_sql(contract.dataset, source, today)
    if is_judged_at_once:
        with as_laid_out(connection):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {judged}")
        connection.execute("CREATE OR REPLACE TEMP VIEW rivals AS SELECT * FROM judged")
    else:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW judged AS {judged}")
        if not _find_rivals(connection, contract, today):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE fates ({_FATES})")
            return
        with as_laid_out(connection):
            rivals = _judged_sql(contract.dataset, "rival_cells", today)
            connection.execute(f"CREATE OR REPLACE TEMP TABLE rivals AS {rivals}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fates AS {_fates_sql(contract)}")


def _count_rows(connection: duckdb.DuckDBPyConnection) -> int:
    (rows,) = connection.execute(f"SELECT count(*) FROM {_SOURCE}").fetchone() or (0,)
    return int(rows)


def _find_rivals(connection: duckdb.DuckDBPyConnection, contract: Contract, today: str) -> bool:
    """Whether keys may come again in a large file, which its key columns alone show; ``rival_cells`` are those rows."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE key_hashes AS
        SELECT place, hash({", ".join(map(quoted, contract.key))}) AS key_hash
        FROM ({_keys_sql(contract.dataset, today)}) AS keyed WHERE reasons IS NULL"""
    )
    (count,) = connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE rival_cells AS SELECT * FROM {_SOURCE} WHERE place IN (
            SELECT place FROM key_hashes WHERE key_hash IN (
                SELECT key_hash FROM key_hashes GROUP BY key_hash HAVING count(*) > 1))"""
    ).fetchone() or (0,)
    return bool(count)


def write_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, number: int, folder: Path, key: str
) -> Counts:
    """Write ``data.parquet`` and, when there are such rows, ``quarantined.parquet`` of one judged file, and count."""
    columns = [name for column in contract.columns.values() for name, _ in column_family(column)]
    landed, places = ", ".join(map(quoted, columns)), ", ".join(name for name, _ in PLACE_COLUMNS)
    changed, everything = _raw_structs(contract.dataset)
    lost = connection.execute(
        f"SELECT place, is_equal FROM fates WHERE file_number = {number} ORDER BY place"
    ).fetchnumpy()
    replaced = "[{'column_name': NULL::VARCHAR, 'reason': 'replaced_in_file'}]"
    with LandedFiles(folder, key_domains(contract), key) as files:
        with as_laid_out(connection):
            judged = connection.execute(
                f"SELECT {landed}, {changed} AS raw, {places}, CAST(reasons AS {REASONS_COLUMN[1]}) AS reasons, place "
                f"FROM judged WHERE file_number = {number}"
            )
            files.write(judged.to_arrow_reader(ROWS_IN_A_GROUP), lost["place"])
        if not lost["is_equal"].all():
            replaced_rows = connection.execute(
                f"SELECT {landed}, {everything} AS raw, {places}, CAST({replaced} AS {REASONS_COLUMN[1]}) AS reasons "
                f"FROM rivals WHERE place IN (SELECT place FROM fates WHERE NOT is_equal AND file_number = {number}) "
                "ORDER BY place"
            )
            files.keep_back(replaced_rows.to_arrow_reader(ROWS_IN_A_GROUP))
    duplicate = int(lost["is_equal"].sum())
    return Counts(
        read=files.accepted + files.quarantined + duplicate,
        accepted=files.accepted,
        quarantined=files.quarantined,
        duplicate=duplicate,
        replaced=int(lost["is_equal"].size) - duplicate,
    )


@contextmanager
def as_laid_out(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run statements with their projections as they are laid out.

    The optimiser would melt them into one and compute each expression once for every later use.
    """
    connection.execute("PRAGMA disable_optimizer")
    try:
        yield
    finally:
        connection.execute("PRAGMA enable_optimizer")


def release(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop every temporary table and view of judged files: memory is free again."""
    names = connection.execute(
        f"SELECT table_name, table_type = 'VIEW' FROM information_schema.tables "
        f"WHERE table_name LIKE 'grid%' OR table_name IN {_WORKING_RELATIONS} ORDER BY table_type DESC"
    ).fetchall()
    for name, is_view in names:
        connection.execute(f"DROP {'VIEW' if is_view else 'TABLE'} IF EXISTS {quoted(name)}")


@lru_cache(maxsize=64)
def _judged_sql(dataset: str, source: str, today: str) -> str:
    contract = load_contracts()[dataset]
    return judged_sql(contract, f"({read_rows_sql(contract, source)}) AS cells", today)


@lru_cache(maxsize=64)
def _keys_sql(dataset: str, today: str) -> str:
    """The key of every row; a village is found by its town."""
    contract = load_contracts()[dataset]
    needed = {
        name: column for name, column in contract.columns.items() if name in contract.key or column.level == "town"
    }
    return judged_sql(
        replace(contract, columns=needed), f"(SELECT *, false AS is_damaged FROM {_SOURCE}) AS cells", today
    )


@lru_cache(maxsize=64)
def _raw_structs(dataset: str) -> tuple[str, str]:
    contract = load_contracts()[dataset]
    return raw_struct_sql(contract, "reasons IS NOT NULL"), raw_struct_sql(contract, "true")


def _fates_sql(contract: Contract) -> str:
    """Rows whose key comes again later in their file: equal to the last one (duplicate), or not (replaced by it)."""
    keys = ["file_number", *(quoted(name) for name in contract.key)]
    compared = [quoted(name) for column in contract.columns.values() for name, _ in column_family(column)]
    same_key = " AND ".join(f"earlier.{key} IS NOT DISTINCT FROM winners.{key}" for key in keys)
    same_row = " AND ".join(f"earlier.{name} IS NOT DISTINCT FROM later.{name}" for name in compared)
    return f"""
        WITH winners AS (
            SELECT {", ".join(keys)}, max(place) AS winner FROM rivals WHERE reasons IS NULL
            GROUP BY {", ".join(keys)} HAVING count(*) > 1)
        SELECT earlier.file_number, earlier.place, {same_row} AS is_equal
        FROM rivals AS earlier JOIN winners ON {same_key} JOIN rivals AS later ON later.place = winners.winner
        WHERE earlier.reasons IS NULL AND earlier.place <> winners.winner"""
