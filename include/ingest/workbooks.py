"""XLSX as grids, one a sheet: the container is checked first, then read by the engine with every cell as text.

Visible sheets that carry the header are data. Hidden sheets are not read, because what they hold is as a rule an
older copy or the choices of a drop-down list; the ledger notes them. Macros are never run: such a workbook is
refused. Entities are never resolved: a document type in any part refuses the file.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import duckdb

from include.contracts import Contract
from include.ingest.archives import checked_directory
from include.ingest.grids import Grid
from include.ingest.headers import SEARCHED_ROWS, find_header
from include.ingest.landing import literal
from include.ingest.reasons import RefusedFileError

WIDEST = 512
DAYS_FROM_1900_TO_1904 = 1462
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]{1,7})"')
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, whether a user sees it, and the part that holds its cells."""

    name: str
    is_hidden: bool
    part: str


def read_workbook(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, stage: str, member: str | None
) -> tuple[list[Grid], list[str]]:
    """Stage every visible sheet that has the header; (grids, notes on sheets that were not read)."""
    grids: list[Grid] = []
    notes: list[str] = []
    sheets = sheets_of(path)
    days_late = DAYS_FROM_1900_TO_1904 if _counts_from_1904(path) else 0
    for number, sheet in enumerate(sheets):
        if sheet.is_hidden:
            notes.append(f"隐藏工作表未读取 / hidden sheet not read: {sheet.name}")
            continue
        last_row, width = _used_cells(path, sheet.part)
        if last_row == 0:
            continue
        area = f"A1:{_letters(width)}{last_row}"
        grid = _read_sheet(connection, contract, path, sheet, area, width, f"{stage}_{number}", member)
        if grid is not None:
            grids.append(replace(grid, days_late=days_late))
        else:
            notes.append(f"工作表没有表头，未读取 / sheet without the header not read: {sheet.name}")
    if not grids:
        raise RefusedFileError("no_header", member or "")
    return grids, notes


def sheets_of(path: Path) -> list[Sheet]:
    """The worksheets of a checked workbook, in their order."""
    _refuse_foreign(path)
    members = {member.filename for member in checked_directory(path, "broken_workbook", "protected_workbook")}
    if any(name.lower().endswith("vbaproject.bin") for name in members):
        raise RefusedFileError("macro_workbook")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_doctypes(archive, members)
            workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no DTD, checked above
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - likewise
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, OSError, NotImplementedError):
        raise RefusedFileError("broken_workbook") from None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = []
    for element in [*workbook.iter(f"{_MAIN}sheet"), *workbook.iter(f"{_STRICT}sheet")]:
        identifier = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
        part = str(PurePosixPath("xl") / targets.get(identifier, "")).replace("xl//xl/", "xl/")
        part = part.removeprefix("/")
        if part in members and "worksheets/" in part:
            hidden = element.get("state", "visible") != "visible"
            found.append(Sheet(element.get("name", ""), hidden, part))
    if not found:
        raise RefusedFileError("broken_workbook")
    return found


def _counts_from_1904(path: Path) -> bool:
    """Whether the days of a checked workbook count from 1904, as those made on older Macs do."""
    with zipfile.ZipFile(path) as archive:
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no DTD, checked before
    properties = [*workbook.iter(f"{_MAIN}workbookPr"), *workbook.iter(f"{_STRICT}workbookPr")]
    return any(element.get("date1904", "0") in ("1", "true") for element in properties)


def _refuse_foreign(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(8)
        if start != _OLE:
            return
        encrypted = "EncryptedPackage".encode("utf-16-le") in start + stream.read(1 << 20)
    raise RefusedFileError("protected_workbook" if encrypted else "unknown_format", "" if encrypted else "XLS")


def _refuse_doctypes(archive: zipfile.ZipFile, members: set[str]) -> None:
    for name in members:
        if not name.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(name) as part:
            beginning = part.read(4096)
        if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning or b"<\0!\0D\0" in beginning:
            raise RefusedFileError("external_entity")


def _read_sheet(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    path: Path,
    sheet: Sheet,
    area: str,
    width: int,
    stage: str,
    member: str | None,
) -> Grid | None:
    names = ", ".join(f"c{number}" for number in range(width))
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {stage}_cells AS SELECT * FROM read_xlsx({literal(path)}, "
            f"sheet={literal(sheet.name)}, all_varchar=true, header=false, stop_at_empty=false, "
            f"range={literal(area)}) AS cells({names})"
        )
        head = connection.execute(f"SELECT * FROM {stage}_cells LIMIT {SEARCHED_ROWS}").fetchall()
    except duckdb.Error:
        raise RefusedFileError("broken_workbook", sheet.name) from None
    header = find_header(contract, head)
    if header is None:
        connection.execute(f"DROP TABLE {stage}_cells")
        return None
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {stage} AS SELECT *, CAST(NULL AS VARCHAR) AS problem, rowid + 1 AS line "
        f"FROM {stage}_cells WHERE rowid >= {header.rows}"
    )
    return Grid(
        relation=stage,
        width=width,
        head=[list(row) for row in head[: header.rows]],
        skipped=header.rows,
        member=member,
        sheet=sheet.name,
    )


def _used_cells(path: Path, part: str) -> tuple[int, int]:
    """The last row and the width that a sheet really uses; its own statement about that is not believed.

    The width is that of the first megabyte, where the header lies: cells to the right of every header mean nothing.
    """
    rows, last_row, width, tail = 0, 0, 0, b""
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not rows:
                columns = {match[0] for match in _CELL.findall(chunk)}
                width = max((_column_number(column.decode("ascii")) for column in columns), default=0)
            block = tail + chunk
            cut = max(block.rfind(b"<"), 0)
            block, tail = block[:cut], block[cut:]
            rows += block.count(b"<row") + block.count(b":row")
            start = max(block.rfind(b"<row "), block.rfind(b":row ") - 20, 0)
            numbers = _ROW.findall(block, start)
            if numbers:
                last_row = max(last_row, int(numbers[-1]))
    if width > WIDEST or last_row > 2 * rows + 100_000:
        raise RefusedFileError("too_large", f"{_letters(width)}{last_row}")
    return max(last_row, rows), width or (64 if rows else 0)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
