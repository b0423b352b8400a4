"""Files made to harm whoever opens them; nothing in them is real."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

from tests.faults.workbooks import HEADER, elder, xlsx

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
BOOK = "xl/workbook.xml"
_ROWS = b'<row r="1"><c r="A1" t="inlineStr"><is><t>0</t></is></c></row>' * 4096


def sound_workbook() -> bytes:
    """A small elders' list as a workbook."""
    return xlsx({"表": [HEADER, elder()]})


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A ZIP of these members, in this order, also under one name twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items() if isinstance(members, Mapping) else members:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def with_parts(parts: Mapping[str, bytes], workbook: bytes | None = None) -> bytes:
    """A workbook some of whose parts are replaced by, or joined by, others."""
    with zipfile.ZipFile(io.BytesIO(workbook or sound_workbook())) as source:
        members = {name: source.read(name) for name in source.namelist()}
    return zipped(members | parts)


def part_of(name: str) -> bytes:
    """A part of the small workbook."""
    with zipfile.ZipFile(io.BytesIO(sound_workbook())) as source:
        return source.read(name)


def swollen(name: str, begin: bytes, middle: bytes, end: bytes, size: int) -> bytes:
    """A workbook in which one part unpacks to ``size`` bytes, packed about a thousand to one."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sound_workbook())) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        with target.open(name, "w", force_zip64=True) as part:
            part.write(begin)
            for _ in range(size // len(middle)):
                part.write(middle)
            part.write(end)
    return stream.getvalue()


def swollen_sheet(size: int) -> bytes:
    """A workbook whose only sheet is one of very many rows."""
    begin, end = part_of(SHEET).split(b"<sheetData>")[0] + b"<sheetData>", b"</sheetData></worksheet>"
    return swollen(SHEET, begin, _ROWS, end, size)


def swollen_strings(size: int) -> bytes:
    """A workbook with very many shared texts."""
    begin = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return swollen(STRINGS, begin, b"<si><t>0</t></si>" * 16384, b"</sst>", size)


def lying(archive: bytes, name: str, size: int) -> bytes:
    """The same archive, in which one member says that it is shorter than it is."""
    changed = bytearray(archive)
    for mark, at_size, at_name in ((b"PK\1\2", 24, 46), (b"PK\3\4", 22, 30)):
        place = -1
        while (place := changed.find(mark, place + 1)) >= 0:
            if changed[place + at_name : place + at_name + len(name)] == name.encode():
                struct.pack_into("<I", changed, place + at_size, size)
    return bytes(changed)


def encrypted(archive: bytes) -> bytes:
    """The same archive with every member marked as encrypted."""
    changed = bytearray(archive)
    for mark, at_flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        place = -1
        while (place := changed.find(mark, place + 1)) >= 0:
            changed[place + at_flags] |= 1
    return bytes(changed)


def overlapping(members: int) -> bytes:
    """A directory in which many names stand for the same packed bytes, as in the bombs that need no nesting."""
    one = zipped({"a.csv": b"0" * (1 << 20)})
    start, end = one.index(b"PK\1\2"), one.index(b"PK\5\6")
    entry = one[start:end]
    tail = bytearray(one[end:])
    struct.pack_into("<HHII", tail, 8, members, members, len(entry) * members, start)
    return one[:start] + entry * members + bytes(tail)


def member(name: str, mode: int) -> zipfile.ZipInfo:
    """A member of a given kind, as Unix archivers note it."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info
