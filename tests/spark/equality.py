"""Whether two engines made the same table: columns and types, then every row, both ways."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

_FLOATS = ("DOUBLE", "FLOAT")
#: Summed in another order, a binary float differs in its last bits; more than this is another number.
TOLERANCE = 1e-12


def differences(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str) -> Iterator[str]:
    """What differs between two relations, as sentences; nothing where they are equal.

    Rows are compared as a multiset on all that is no float, floats by their sums with a relative tolerance.
    """
    columns, others = (_columns(connection, relation) for relation in (ours, theirs))
    if columns != others:
        yield f"columns: {[pair for pair in zip(columns, others, strict=False) if pair[0] != pair[1]] or len(others)}"
        return
    exact = ", ".join(f'"{name}"' for name, sql_type in columns if sql_type not in _FLOATS)
    for here, there, where in ((ours, theirs, "the first"), (theirs, ours, "the second")):
        query = f"select count(*) from (select {exact} from {here} except all select {exact} from {there})"
        if rows := connection.execute(query).fetchall()[0][0]:
            yield f"{rows} rows are in {where} alone"
    for name, sql_type in columns:
        if sql_type in _FLOATS:
            sums = [connection.execute(f'select fsum("{name}") from {one}').fetchall()[0][0] for one in (ours, theirs)]
            if abs((sums[0] or 0) - (sums[1] or 0)) > TOLERANCE * abs(sums[0] or 0):
                yield f"{name} differs by more than {TOLERANCE}"


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute(f"describe from {relation}").fetchall()]
