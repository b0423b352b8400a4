"""CSV in any of its forms as a grid: the engine's strict reader where it is exact, our own reader where it is not.

The engine reads with a fixed dialect and every column as text. Whatever it refuses (ragged rows, stray quotes,
mixed line ends), and whatever it might merge in silence (a quote that is closed many lines later), is read again
record by record here, so that each bad record is one bad row with its line and no good one is lost.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from include.contracts import Contract
from include.ingest.encodings import TextFile
from include.ingest.grids import Grid, keep_cells
from include.ingest.headers import SEARCHED_ROWS, find_header
from include.ingest.landing import literal
from include.ingest.reasons import RefusedFileError

DELIMITERS = (",", "\t", ";", "|")
LONGEST_RECORD = 50
_HEAD_CHARACTERS = 400_000
_Line = tuple[int, str]
csv.field_size_limit(1 << 24)


def read_delimited(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    text: TextFile,
    stage: str,
    scratch: Path,
    member: str | None,
) -> Grid:
    """Stage a CSV as a grid below the table name ``stage``; refuses a file in which no header is found."""
    delimiter, rows, physical = _dialect(contract, text.path)
    header = find_header(contract, rows)
    if header is None:
        raise RefusedFileError("no_header", member or "")
    width, start = len(rows[header.rows - 1]), physical[header.rows - 1]
    notes: list[str] = []
    is_simple = not text.has_oddities and start == header.rows
    if not (is_simple and _read_fast(connection, text, stage, scratch, delimiter, width, start)):
        careful = scratch / f"{stage}.csv"
        records = _careful_records(text.path, delimiter, width, start)
        _stage_careful(connection, records, careful, stage, width)
        notes.append("read record by record")
    return Grid(
        relation=stage,
        width=width,
        head=[list(row) for row in rows[: header.rows]],
        skipped=header.rows,
        member=member,
        encoding=text.encoding,
        notes=notes,
    )


def _dialect(contract: Contract, path: Path) -> tuple[str, list[list[str]], list[int]]:
    """The delimiter under which most headers are found, the first records under it, and the lines they end on."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        beginning = stream.read(_HEAD_CHARACTERS)
    best: tuple[int, str, list[list[str]], list[int]] | None = None
    for delimiter in DELIMITERS:
        rows, ends = _first_records(beginning, delimiter)
        header = find_header(contract, rows)
        named = len(header.positions) if header else 0
        if best is None or named > best[0]:
            best = (named, delimiter, rows, ends)
    assert best is not None
    return best[1], best[2], best[3]


def _first_records(beginning: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(beginning.replace("\0", ""), newline=""), delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) >= SEARCHED_ROWS:
                break
    except csv.Error:
        pass  # what was read so far may still hold the header
    return rows, ends


def _read_fast(
    connection: duckdb.DuckDBPyConnection,
    text: TextFile,
    stage: str,
    scratch: Path,
    delimiter: str,
    width: int,
    start: int,
) -> bool:
    """Stage with the engine's strict reader; False when it stumbles or may have merged lines."""
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    reader = (
        f"read_csv({literal(text.path)}, auto_detect=false, header=false, skip={start}, delim={literal(delimiter)}, "
        f"quote='\"', escape='\"', strict_mode=true, null_padding=false, columns={{{columns}}})"
    )
    if text.lines <= start:
        reader = "(SELECT " + ", ".join(f"CAST(NULL AS VARCHAR) AS c{number}" for number in range(width)) + " LIMIT 0)"
    cells = scratch / f"{stage}.parquet"
    try:
        keep_cells(connection, f"SELECT * FROM {reader}", cells)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException):
        return False
    (count,) = connection.execute(f"SELECT count(*) FROM read_parquet({literal(cells)})").fetchone() or (0,)
    if count != max(text.lines - start, 0):
        return False
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {stage} AS SELECT * EXCLUDE (file_row_number), CAST(NULL AS VARCHAR) AS problem, "
        f"file_row_number + {start + 1} AS line FROM read_parquet({literal(cells)}, file_row_number = true)"
    )
    return True


def _stage_careful(
    connection: duckdb.DuckDBPyConnection,
    records: Iterator[tuple[int, str | None, list[str]]],
    path: Path,
    stage: str,
    width: int,
) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([line, problem or "", *fields] for line, problem, fields in records)
    names = {"line": "BIGINT", "problem": "VARCHAR"} | {f"c{number}": "VARCHAR" for number in range(width)}
    columns = ", ".join(f"'{name}': '{sql_type}'" for name, sql_type in names.items())
    cells = path.with_suffix(".parquet")
    keep_cells(
        connection,
        f"SELECT * FROM read_csv({literal(path)}, auto_detect=false, header=false, delim=',', quote='\"', "
        f"escape='\"', columns={{{columns}}})",
        cells,
    )
    path.unlink()
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {stage} AS SELECT * FROM read_parquet({literal(cells)})")


def _careful_records(path: Path, delimiter: str, width: int, start: int) -> Iterator[tuple[int, str | None, list[str]]]:
    """Every record after the header with its line, what is wrong with it as a whole, and exactly ``width`` fields."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        numbered = enumerate((line.removesuffix("\n") for line in stream), 1)
        pending: deque[_Line] = deque()

        def take() -> _Line | None:
            return pending.popleft() if pending else next(numbered, None)

        while (current := take()) is not None:
            number, line = current
            if number <= start or not line.strip():
                continue
            if '"' not in line:
                yield _fitted(number, line.split(delimiter), width, delimiter)
                continue
            record = _strict(line, delimiter)
            if record is None:
                record = _continued(line, delimiter, width, take, pending)
            if record is None:
                yield _unclosed(number, line, delimiter, width)
            else:
                yield _fitted(number, record, width, delimiter)


def _strict(text: str, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _continued(
    line: str, delimiter: str, width: int, take: Callable[[], _Line | None], pending: deque[_Line]
) -> list[str] | None:
    """A record that goes on over line breaks inside quotes; None when its quote is not honestly closed.

    A following line that is a whole record by itself shows that the quote was never meant to go on.
    """
    taken: list[_Line] = []
    record: list[str] | None = None
    while record is None and len(taken) < LONGEST_RECORD and (more := take()) is not None:
        taken.append(more)
        alone = _strict(more[1], delimiter)
        if width > 1 and alone is not None and len(alone) == width:
            break
        record = _strict("\n".join((line, *(text for _, text in taken))), delimiter)
    if record is None:
        pending.extendleft(reversed(taken))
    return record


def _unclosed(number: int, line: str, delimiter: str, width: int) -> tuple[int, str | None, list[str]]:
    lenient = next(csv.reader([line], delimiter=delimiter), [])
    if line.count('"') % 2 == 0 and len(lenient) == width:
        return _fitted(number, lenient, width, delimiter)  # text after a closing quote: readable all the same
    _, _, fields = _fitted(number, line.split(delimiter), width, delimiter)
    return number, "unclosed_quote", fields


def _fitted(number: int, fields: list[str], width: int, delimiter: str) -> tuple[int, str | None, list[str]]:
    fields = [field.replace("\0", "\ufffd") for field in fields]
    if len(fields) == width:
        return number, None, fields
    if len(fields) < width:
        return number, "too_few_fields", fields + [""] * (width - len(fields))
    if not any(field.strip() for field in fields[width:]):
        return number, None, fields[:width]
    return number, "too_many_fields", [*fields[: width - 1], delimiter.join(fields[width - 1 :])]
