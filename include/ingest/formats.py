"""What kind of file a file is: by its content, held against what its name says."""

from __future__ import annotations

from pathlib import Path

from include.ingest.reasons import RefusedFileError

WORKBOOKS = ("xlsx", "xls", "et")
_TEXTS = ("csv", "txt")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7Z", b"\x1f\x8b": "GZIP"}
_LOOKED_AT = 4096
_PAGES = {b"<html": "HTML", b"<!doc": "HTML", b"<table": "HTML", b"<meta": "HTML", b"<?xml": "XML", b"%pdf": "PDF"}


def detect_format(path: Path, extension: str) -> str:
    """``csv``, ``xlsx``, ``xls`` or ``zip``; anything else is refused with what to send instead.

    Workbooks are read by their content whichever of a workbook's names they bear, because office programs open
    them so too.
    """
    with path.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
    if not start:
        raise RefusedFileError("empty_file")
    if extension in ("xlsm", "xltm", "xlsb"):
        raise RefusedFileError("macro_workbook" if extension != "xlsb" else "unknown_format", extension.upper())
    if extension in WORKBOOKS:
        return _workbook_format(start)
    if extension == "zip":
        return _archive_format(start)
    if extension not in _TEXTS:
        raise RefusedFileError("unknown_format", extension.upper()[:10])
    if start.startswith((_OLE, *_ZIP)):
        raise _disguised("XLSX/XLS/ZIP")
    if (page := _page(start)) is not None:
        raise _disguised(page)
    return "csv"


def _workbook_format(start: bytes) -> str:
    if start.startswith(_OLE):
        return "xls"
    if start.startswith(_ZIP):
        return "xlsx"
    if (kind := _page(start) or _text(start)) is not None:
        raise _disguised(kind)
    raise RefusedFileError("broken_workbook")


def _archive_format(start: bytes) -> str:
    if start.startswith(_ZIP):
        return "zip"
    for mark, kind in _ARCHIVES.items():
        if start.startswith(mark):
            raise RefusedFileError("unknown_format", f"{kind}，请压缩为 ZIP 再发 / pack it as ZIP and send again")
    raise RefusedFileError("broken_archive")


def _page(start: bytes) -> str | None:
    """The kind of page that systems and browsers save under a table's name."""
    bare = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return next((kind for mark, kind in _PAGES.items() if bare.startswith(mark)), None)


def _text(start: bytes) -> str | None:
    """``CSV`` for what is plain text in any encoding that departments use, its last character perhaps cut."""
    for encoding in ("utf-16",) if start.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030"):
        text = start.decode(encoding, "ignore")
        if len(text.encode(encoding, "ignore")) >= len(start) - 4 and all(
            char.isprintable() or char in "\r\n\t\ufeff" for char in text
        ):
            return "CSV"
    return None


def _disguised(kind: str) -> RefusedFileError:
    return RefusedFileError(
        "wrong_extension",
        f"内容是 {kind}，请用 Excel 或 WPS 打开，另存为 xlsx 再发 / it holds {kind}: "
        "open it in Excel or WPS, save it as xlsx and send that",
    )
