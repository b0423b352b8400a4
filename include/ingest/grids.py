"""A grid: rows of text cells as they stand in one sheet or one CSV, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from include.contracts import Contract
from include.ingest.headers import SEARCHED_ROWS, Header, find_header


@dataclass(frozen=True)
class Grid:
    """A staged relation of text cells ``c0…cN`` in the file's order.

    ``relation`` also has ``problem`` (a reason about the row as a whole) and ``line`` (its number in the file).
    ``days_late`` is what its day numbers lack of the usual ones.
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
    notes: list[str] = field(default_factory=list)


def grid_of_cells(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    stage: str,
    width: int,
    member: str | None,
    sheet: str,
    uncached: Sequence[tuple[int, int]] = (),
    days_late: int = 0,
) -> Grid | None:
    """The grid of a sheet whose cells lie in ``<stage>_cells``, first row first; None when it has no header.

    ``uncached`` are places (row, column) of formulas without a value: the contract's columns among them spoil
    their rows.
    """
    head = connection.execute(f"SELECT * FROM {stage}_cells LIMIT {SEARCHED_ROWS}").fetchall()
    header = find_header(contract, head)
    if header is None:
        connection.execute(f"DROP TABLE {stage}_cells")
        return None
    problem, join = "CAST(NULL AS VARCHAR)", ""
    if _stage_problems(connection, header, stage, uncached):
        problem, join = "problems.problem", f"LEFT JOIN {stage}_problems AS problems ON problems.line = cells.rowid + 1"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {stage} AS SELECT cells.*, {problem} AS problem, cells.rowid + 1 AS line "
        f"FROM {stage}_cells AS cells {join} WHERE cells.rowid >= {header.rows}"
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
