"""What a workbook's parts may not be, looked at before any reader of tables or XML sees them.

A part's prolog is read as XML would read it, in whatever encoding it is, so that a document type hides behind no
comment and no byte order. Parts that are read by the engine alone are unpacked once here to see that they are no
longer than the directory promised.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path

from include.ingest.archives import broken_as
from include.ingest.reasons import RefusedFileError

LONGEST_PROLOG = 1 << 16
_CHUNK = 1 << 20
_MACROS = re.compile(rb"macroEnabled|vbaProject|macrosheet|intlMacrosheet", re.IGNORECASE)
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.\-]+)", re.IGNORECASE)
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ENCODINGS = ("utf-8", "utf8", "utf-16", "us-ascii", "iso-8859-1")
_WIDE = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def refuse_unsafe_parts(path: Path) -> None:
    """Refuse a workbook with a document type, with macros under any name, or with parts that are not what they say."""
    with broken_as("broken_workbook"), zipfile.ZipFile(path) as archive:
        names = [member.filename.lower() for member in archive.infolist()]
        if len(set(names)) < len(names):
            raise RefusedFileError("broken_workbook")  # one reader would see the first, another the last
        for member in archive.infolist():
            with archive.open(member) as part:
                beginning = part.read(LONGEST_PROLOG)
                _refuse_document_type(beginning)
                if member.filename.lower() == "[content_types].xml" and _MACROS.search(beginning):
                    raise RefusedFileError("macro_workbook")
                if "/worksheets/" not in member.filename:  # those are unpacked when their cells are counted
                    while part.read(_CHUNK):
                        pass


def _refuse_document_type(beginning: bytes) -> None:
    text = _as_text(beginning)
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return  # a picture or the like: nobody reads it as XML
    declared = _DECLARED.match(text.lstrip("\ufeff \t\r\n"))
    if declared and declared[1].lower() not in _ENCODINGS:
        raise RefusedFileError("external_entity", "XML")
    place = 1 if text.startswith("\ufeff") else 0
    while found := _BEFORE_ROOT.match(text, place):
        place = found.end()
    if not re.match(r"<[^!?]", text[place : place + 2]):
        raise RefusedFileError("external_entity")


def _as_text(beginning: bytes) -> str:
    for mark, encoding in _WIDE:
        if beginning.startswith(mark):
            return beginning.decode(encoding, "replace")
    return beginning.decode("utf-8", "replace")
