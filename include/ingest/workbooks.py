"""XLSX as grids, one a sheet: the container is checked first, then read by the engine with every cell as text.

Visible sheets that carry the header are data. Hidden sheets are not read, because what they hold is as a rule an
older copy or the choices of a drop-down list; the ledger notes them. Macros are never run: such a workbook is
refused. Entities are never resolved: a document type in any part refuses the file. A formula is read by the value
that is stored with it; where none is, its row is kept back.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import cast
from xml.etree import ElementTree

import duckdb

from include.contracts import FILE_ID, Contract
from include.ingest.archives import checked_directory
from include.ingest.containers import refuse_unsafe_parts
from include.ingest.engine import on_one_thread
from include.ingest.grids import Grid, grid_of_cells, keep_cells
from include.ingest.landing import literal
from include.ingest.reasons import RefusedFileError
from include.ingest.sheet_parts import SheetPart, column_letters, scan_sheet

DAYS_FROM_1900_TO_1904 = 1462
HIDDEN_SHEET = "隐藏工作表未读取 / hidden sheet not read"
SHEET_WITHOUT_HEADER = "工作表没有表头，未读取 / sheet without the header not read"
# What a workbook says of itself and its sheets: thousands of names left behind by copying stay far below this.
LARGEST_INDEX = 4 << 20
MOST_INDEX_ELEMENTS = 100_000
DEEPEST_INDEX = 32
_INDEX_CHUNK = 64 << 10
_CUSTOM_PROPERTIES = "docProps/custom.xml"
_LONGEST_FILE_ID = 120
_ESCAPED = "_x00[01][0-9A-Fa-f]_"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, whether a user sees it, and the part that holds its cells."""

    name: str
    is_hidden: bool
    part: str


@dataclass(frozen=True)
class Workbook:
    """A checked workbook: its worksheets in their order, and what it says of its days and its formulas.

    Those made on older Macs count their days from 1904. Libraries that compute nothing ask for all formulas to be
    computed when the file is opened, and store no values or zeros. ``file_id`` is empty where nobody gave it one.
    """

    sheets: list[Sheet]
    counts_from_1904: bool
    is_stale: bool
    file_id: str


def read_workbook(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: Path,
    stage: str,
    scratch: Path,
    member: str | None,
) -> tuple[list[Grid], list[str]]:
    """Stage every visible sheet that has the header; (grids, notes on sheets that were not read)."""
    grids: list[Grid] = []
    notes: list[str] = []
    workbook = open_workbook(path)
    days_late = DAYS_FROM_1900_TO_1904 if workbook.counts_from_1904 else 0
    for number, sheet in enumerate(workbook.sheets):
        if sheet.is_hidden:
            notes.append(f"{HIDDEN_SHEET}: {sheet.name}")
            continue
        part = scan_sheet(path, sheet.part, workbook.is_stale)
        if part.last_row == 0:
            continue
        relation = f"{stage}_{number}"
        cells = scratch / f"{relation}.parquet"
        _stage_cells(connection, path, sheet, part, cells)
        grid = grid_of_cells(
            connection, contract, cells, relation, part.width, member, sheet.name, part.uncached, days_late
        )
        if grid is not None:
            grids.append(replace(grid, file_id=workbook.file_id))
        else:
            notes.append(f"{SHEET_WITHOUT_HEADER}: {sheet.name}")
    if not grids:
        raise RefusedFileError("no_header", member or "")
    return grids, notes


def open_workbook(path: Path) -> Workbook:
    """Check a workbook's container and read what it says of itself."""
    members = {member.filename for member in checked_directory(path, "broken_workbook", "protected_workbook")}
    if any(name.lower().endswith("vbaproject.bin") for name in members):
        raise RefusedFileError("macro_workbook")
    refuse_unsafe_parts(path)
    try:
        with zipfile.ZipFile(path) as archive:
            workbook = _read_index(archive, "xl/workbook.xml")
            relations = _read_index(archive, "xl/_rels/workbook.xml.rels")
            file_id = _file_id(_read_index(archive, _CUSTOM_PROPERTIES)) if _CUSTOM_PROPERTIES in members else ""
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, OSError, NotImplementedError):
        raise RefusedFileError("broken_workbook") from None
    sheets = _worksheets(workbook, relations, members)
    if not sheets:
        raise RefusedFileError("broken_workbook")
    return Workbook(
        sheets,
        _says_yes(workbook, "workbookPr", "date1904"),
        _says_yes(workbook, "calcPr", "fullCalcOnLoad"),
        file_id,
    )


def _read_index(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A part that only lists others; one larger or deeper than any office program writes it is not read to its end."""
    with archive.open(name) as stream:
        content = stream.read(LARGEST_INDEX + 1)
    if len(content) > LARGEST_INDEX:
        raise RefusedFileError("too_large", name)
    parser = ElementTree.XMLPullParser(("start", "end"))  # no DTD comes here: refuse_unsafe_parts
    root: ElementTree.Element | None = None
    count = depth = 0
    for start in range(0, len(content), _INDEX_CHUNK):
        parser.feed(content[start : start + _INDEX_CHUNK])
        for event, element in cast("Iterator[tuple[str, ElementTree.Element]]", parser.read_events()):
            root = element if root is None else root
            count, depth = (count + 1, depth + 1) if event == "start" else (count, depth - 1)
            if depth > DEEPEST_INDEX:
                raise RefusedFileError("broken_workbook", name)
            if count > MOST_INDEX_ELEMENTS:
                raise RefusedFileError("too_large", name)
    parser.close()
    assert root is not None  # closing a part without an element is a ParseError
    return root


def _file_id(properties: ElementTree.Element) -> str:
    given = (each for each in properties if each.get("name") == FILE_ID)
    return "".join(text for each in given for text in each.itertext()).strip()[:_LONGEST_FILE_ID]


def _worksheets(workbook: ElementTree.Element, relations: ElementTree.Element, members: set[str]) -> list[Sheet]:
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = []
    for element in _elements(workbook, "sheet"):
        identifier = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
        part = str(PurePosixPath("xl") / targets.get(identifier, "")).replace("xl//xl/", "xl/")
        part = part.removeprefix("/")
        if part in members and "worksheets/" in part:
            hidden = element.get("state", "visible") != "visible"
            found.append(Sheet(element.get("name", ""), hidden, part))
    return found


def _elements(workbook: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [*workbook.iter(f"{_MAIN}{name}"), *workbook.iter(f"{_STRICT}{name}")]


def _says_yes(workbook: ElementTree.Element, element: str, attribute: str) -> bool:
    return any(found.get(attribute, "0") in ("1", "true") for found in _elements(workbook, element))


def _stage_cells(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: Sheet, part: SheetPart, target: Path
) -> None:
    names = ", ".join(f"c{number}" for number in range(part.width))
    area = f"A1:{column_letters(part.width)}{part.last_row}"
    cells = (
        f"read_xlsx({literal(path)}, sheet={literal(sheet.name)}, all_varchar=true, header=false, "
        f"stop_at_empty=false, range={literal(area)}) AS cells({names})"
    )
    try:
        with on_one_thread(connection):
            if part.inexact:
                connection.execute(f"CREATE OR REPLACE TEMP TABLE grid_cells AS SELECT * FROM {cells}")
                _mark_inexact(connection, part, "grid_cells")
                cells = "grid_cells"
            texts = ", ".join(_unescaped_sql(f"c{number}") for number in range(part.width))
            keep_cells(connection, f"SELECT {texts} FROM {cells}", target)
    except duckdb.OutOfMemoryException:
        raise  # no word about the workbook: memory or the disk that the engine spills to has run out
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and target.name in str(error):
            raise  # nor is this: our own copy of the cells could not be written
        raise RefusedFileError("broken_workbook", sheet.name) from None


def _mark_inexact(connection: duckdb.DuckDBPyConnection, part: SheetPart, cells: str) -> None:
    """Show numbers with more digits than they can hold as the floating-point numbers that they are."""
    for column in sorted({column for _, column in part.inexact if column < part.width}):
        lines = [line for line, other in part.inexact if other == column]
        connection.execute(
            f"UPDATE {cells} SET c{column} = CAST(CAST(c{column} AS DOUBLE) AS VARCHAR) "
            "WHERE rowid + 1 IN (SELECT unnest($lines))",
            {"lines": lines},
        )


def _unescaped_sql(cell: str) -> str:
    """A cell with its control characters turned back, which the format writes as ``_x000D_`` inside a text."""
    return (
        f"CASE WHEN contains({cell}, '_x00') THEN regexp_replace({cell}, '{_ESCAPED}', ' ', 'g') ELSE {cell} END "
        f"AS {cell}"
    )
