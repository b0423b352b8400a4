"""A grid: rows of text cells as they stand in one sheet or one CSV, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from include.contracts import Contract
from include.ingest.headers import SEARCHED_ROWS, Header, find_header
from include.ingest.landing import literal

ROWS_IN_A_GROUP = 20_480
MOST_DISTINCT = 3_000


@dataclass(frozen=True)
class Grid:
    """A staged relation of text cells ``c0…cN`` in the file's order.

    ``relation`` also has ``problem`` (a reason about the row as a whole) and ``line`` (its number in the file).
    ``days_late`` is what its day numbers lack of the usual ones, ``file_id`` which of our lists the file says it is.
    ``head`` are the first rows as far as a header may lie in them; those up to ``skipped`` are not in the relation.
    """

    relation: str
    width: int
    head: list[list[str | None]]
    skipped: int = 0
    member: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    days_late: int = 0
    file_id: str = ""
    notes: list[str] = field(default_factory=list)


def keep_cells(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Keep cells in a file of columns: most columns repeat few values, and each is then judged only once a group."""
    connection.execute(
        f"COPY ({query}) TO {literal(path)} "
        f"(FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE {ROWS_IN_A_GROUP}, "
        f"DICTIONARY_SIZE_LIMIT {MOST_DISTINCT}, WRITE_BLOOM_FILTER false)"
    )


def grid_of_cells(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: Path,
    stage: str,
    width: int,
    member: str | None,
    sheet: str,
    uncached: Sequence[tuple[int, int]] = (),
    days_late: int = 0,
) -> Grid | None:
    """The grid of a sheet whose cells lie in a file of columns, first row first; None when it has no header.

    ``uncached`` are places (row, column) of formulas without a value: the contract's columns among them spoil
    their rows.
    """
    cells = f"read_parquet({literal(path)}, file_row_number = true)"
    texts = ", ".join(f"c{number}" for number in range(width))
    head = connection.execute(f"SELECT {texts} FROM {cells} WHERE file_row_number < {SEARCHED_ROWS}").fetchall()
    header = find_header(contract, head)
    if header is None:
        path.unlink()
        return None
    problem, join = "CAST(NULL AS VARCHAR)", ""
    if _stage_problems(connection, header, stage, uncached):
        problem, join = "problem", f"LEFT JOIN {stage}_problems AS problems ON line = file_row_number + 1"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {stage} AS SELECT {texts}, {problem} AS problem, file_row_number + 1 AS line "
        f"FROM {cells} AS cells {join} WHERE file_row_number >= {header.rows}"
    )
    return Grid(
        relation=stage,
        width=width,
        head=[list(row) for row in head[: header.rows]],
        skipped=header.rows,
        member=member,
        sheet=sheet,
        days_late=days_late,
    )


def _stage_problems(
    connection: duckdb.DuckDBPyConnection, header: Header, stage: str, uncached: Sequence[tuple[int, int]]
) -> bool:
    names = {position: name for name, position in header.positions.items()}
    problems = {line: f"no_cached_value@{names[column]}" for line, column in reversed(uncached) if column in names}
    if not problems:
        return False
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {stage}_problems AS SELECT unnest($lines) AS line, unnest($problems) AS problem",
        {"lines": list(problems), "problems": list(problems.values())},
    )
    return True
