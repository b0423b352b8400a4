"""XLS (BIFF8, also what WPS saves as ET) as grids: read cell by cell with xlrd, each cell as the text it stands for.

Hidden and very hidden sheets are not read, as in new workbooks. Macros are never run: a workbook with a VBA project
is refused. Formulas are read by their stored values; a date is whatever its format says is one.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow
import pyarrow.parquet
import xlrd

from include.contracts import Contract
from include.ingest.grids import Grid, grid_of_cells
from include.ingest.reasons import RefusedFileError
from include.ingest.sheet_parts import MOST_EXACT
from include.ingest.workbooks import HIDDEN_SHEET, SHEET_WITHOUT_HEADER

_ROWS_TOGETHER = 4096
_MIDNIGHT = time()
_DAYS_BEYOND = 2957004  # the last day of 9999, whichever year they count from


def read_old_workbook(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, stage: str, scratch: Path, member: str | None
) -> tuple[list[Grid], list[str]]:
    """Stage every visible sheet that has the header; (grids, notes on sheets that were not read)."""
    _refuse_unreadable(path)
    grids: list[Grid] = []
    notes: list[str] = []
    with Path(os.devnull).open("w", encoding="utf-8") as silence, _open(path, silence) as book:
        for number, name in enumerate(book.sheet_names()):
            sheet = _sheet(book, number)
            if sheet.visibility:
                notes.append(f"{HIDDEN_SHEET}: {name}")
            elif sheet.nrows:
                cells = f"{stage}_{number}"
                path_of_cells = scratch / f"{cells}.parquet"
                _stage_cells(sheet, path_of_cells)
                grid = grid_of_cells(connection, contract, path_of_cells, cells, sheet.ncols, member, name)
                if grid is None:
                    notes.append(f"{SHEET_WITHOUT_HEADER}: {name}")
                else:
                    grids.append(grid)
            book.unload_sheet(number)
    if not grids:
        raise RefusedFileError("no_header", member or "")
    return grids, notes


def _refuse_unreadable(path: Path) -> None:
    """Refuse by what the directory of the OLE file names; it writes names in UTF-16."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for name, reason in (("EncryptedPackage", "protected_workbook"), ("_VBA_PROJECT_CUR", "macro_workbook")):
            if content.find(name.encode("utf-16-le")) >= 0:
                raise RefusedFileError(reason)


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    """A damaged file makes the reader stumble over anything; only what is wrong with this machine passes."""
    try:
        yield
    except (OSError, MemoryError, RefusedFileError):
        raise
    except Exception as error:
        is_protected = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error)
        raise RefusedFileError("protected_workbook" if is_protected else "broken_workbook") from None


def _open(path: Path, silence: TextIO) -> xlrd.book.Book:
    with _damage_is_refused():
        return xlrd.open_workbook(str(path), logfile=silence, on_demand=True, ragged_rows=True)


def _sheet(book: xlrd.book.Book, number: int) -> xlrd.sheet.Sheet:
    with _damage_is_refused():
        return book.sheet_by_index(number)


def _stage_cells(sheet: xlrd.sheet.Sheet, target: Path) -> None:
    """Lay a sheet's cells as texts into a file of columns."""
    schema = pyarrow.schema([(f"c{number}", pyarrow.string()) for number in range(sheet.ncols)])
    with pyarrow.parquet.ParquetWriter(target, schema, compression="none") as writer:
        for start in range(0, sheet.nrows, _ROWS_TOGETHER):
            rows = [_texts(sheet, row) for row in range(start, min(start + _ROWS_TOGETHER, sheet.nrows))]
            columns = [pyarrow.array(column, pyarrow.string()) for column in zip(*rows, strict=True)]
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))


def _texts(sheet: xlrd.sheet.Sheet, row: int) -> list[str | None]:
    days = sheet.book.datemode
    texts = [
        value if kind == xlrd.XL_CELL_TEXT else _text(kind, value, days)
        for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
    ]
    return texts + [None] * (sheet.ncols - len(texts))


def _text(kind: int, value: Any, days: int) -> str | None:
    if kind == xlrd.XL_CELL_NUMBER:
        return _number(value)
    if kind == xlrd.XL_CELL_DATE:
        return _moment(value, days)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#N/A")
    return None


def _number(value: float) -> str:
    """A whole number without decimals; one that is larger than such numbers are exact shows that it is."""
    if not value.is_integer():
        return repr(value)
    return str(int(value)) if abs(value) <= MOST_EXACT else f"{value:.15e}"


def _moment(value: float, days: int) -> str:
    """A day, a day with its time, or a time; a number that no calendar holds stays one."""
    if not 0 <= value < _DAYS_BEYOND:
        return _number(value)
    moment = xlrd.xldate.xldate_as_datetime(value, days)
    if value < 1 and not days:
        return f"{moment:%H:%M:%S}" if value else "0"
    return f"{moment:%Y-%m-%d}" if moment.time() == _MIDNIGHT else f"{moment:%Y-%m-%d %H:%M:%S}"
