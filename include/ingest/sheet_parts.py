"""One pass over a sheet's XML before the engine reads it: how far it goes, and which cells do not hold what they show.

A formula without a stored value has no value at all until a spreadsheet program opens the file, and a number of more
digits than a floating-point number holds is not the one that somebody typed. The engine would read the first as
empty and the second as it stands; both are named here by row and column instead.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from include.ingest.archives import broken_as
from include.ingest.reasons import RefusedFileError

WIDEST = 512
MOST_EXACT = 1 << 53
_CHUNK = 1 << 20
_LONGEST_CELL = 32 << 20  # a cell holds 32 767 characters; what goes on without end is none
_FARTHEST = 1 << 14  # no longer is a formula between the cell and its value
# A cell that closes in itself holds a format alone, as office programs leave far to the right.
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})[0-9]{1,7}"(?:[^<>]*[^<>/])?>')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]{1,7})"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f\s*>)\s*"
    rb"(<(?:\w+:)?v(?:\s[^<>]*)?(?:/>|>([^<]*)<))?"
)
_LONG_NUMBER = re.compile(rb"v>([0-9]{16,})")
_OPENING = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_TEXT = re.compile(rb'\bt="(?:s|str|inlineStr|d)"')
Place = tuple[int, int]


@dataclass
class SheetPart:
    """The last row and the width that a sheet really uses, and its cells that cannot be taken at their word.

    ``uncached`` and ``inexact`` are places (row, column), the column counted from 0.
    """

    last_row: int = 0
    width: int = 0
    rows: int = 0
    uncached: list[Place] = field(default_factory=list)
    inexact: list[Place] = field(default_factory=list)

    def take(self, block: bytes, is_stale: bool) -> None:
        """Learn from a block that ends before a tag and holds whole cells."""
        self.rows += block.count(b"<row") + block.count(b":row")
        start = max(block.rfind(b"<row "), block.rfind(b":row ") - 20, 0)
        numbers = _ROW.findall(block, start)
        if numbers:
            self.last_row = max(self.last_row, int(numbers[-1]))
        if b"<f" in block or b":f" in block:
            self.uncached += _uncached(block, is_stale)
        self.inexact += _inexact(block)


def scan_sheet(path: Path, part: str, is_stale: bool) -> SheetPart:
    """Stream a sheet's part; its own statement about its size is not believed.

    The width is that of the first megabyte, where the header lies: cells to the right of every header mean nothing.
    ``is_stale`` says that the workbook asks for all its formulas to be computed again: a stored 0 is then what the
    program that wrote it puts where it computes nothing.
    """
    found = SheetPart()
    with broken_as("broken_workbook"), zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        for number, block in enumerate(_blocks(stream)):
            if number < 2:  # the second begins with the cell at which the first was cut
                letters = {match.decode("ascii") for match in _CELL.findall(block)}
                found.width = max([found.width, *map(column_number, letters)])
            found.take(block, is_stale)
    if found.width > WIDEST or found.last_row > 2 * found.rows + 100_000:
        raise RefusedFileError("too_large", f"{column_letters(found.width)}{found.last_row}")
    found.last_row = max(found.last_row, found.rows)
    found.width = found.width or (64 if found.rows else 0)
    return found


def column_number(letters: str) -> int:
    """The number of a column from its letters, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column from its number, counted from 1."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces of about a megabyte, cut before a cell where there is one, so that no cell is torn."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        if not tail and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise RefusedFileError("broken_workbook", "UTF-16")
        block = tail + chunk
        cell = max(block.rfind(b"<c "), block.rfind(b":c "))
        cut = max(block.rfind(b"<", 0, cell + 1) if cell > 0 else block.rfind(b"<"), 0)
        tail = block[cut:]
        if len(tail) > _LONGEST_CELL:
            raise RefusedFileError("broken_workbook")
        if cut:
            yield block[:cut]
    yield tail


def _uncached(block: bytes, is_stale: bool) -> list[Place]:
    found = []
    for attributes, element, value in _FORMULA.findall(block):
        is_text = element and _TEXT.search(attributes)  # a formula may well give a text of no characters
        if not is_text and (not value.strip() or (is_stale and value == b"0")):
            found += _places(attributes)
    return found


def _inexact(block: bytes) -> list[Place]:
    found = []
    for number in _LONG_NUMBER.finditer(block):
        cells = list(_OPENING.finditer(block, max(number.start() - _FARTHEST, 0), number.start()))
        if int(number[1][:20]) > MOST_EXACT and cells and not _TEXT.search(cells[-1][1]):
            found += _places(cells[-1][1])
    return found


def _places(attributes: bytes) -> list[Place]:
    place = _PLACE.search(attributes)
    if place is None:
        raise RefusedFileError("broken_workbook", "r")
    return [(int(place[2]), column_number(place[1].decode("ascii")) - 1)]
