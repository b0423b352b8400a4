"""Which encoding a text file has, and its text as UTF-8, whatever the clerk's machine made of it.

UTF-8 is believed when all of the file is UTF-8; else GB18030 (which holds GBK) when all of it is; else the one
that fails on fewer lines, and only the lines that it cannot explain are damaged. UTF-16 is believed by its mark.
"""

from __future__ import annotations

import codecs
import struct
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

# Small enough to stay in a core's cache while it is looked through several times.
_CHUNK = 1 << 20
_CHINESE = "gb18030"


@dataclass(frozen=True)
class TextFile:
    """A file as UTF-8 text, with what a reader must know before it trusts a fast path."""

    path: Path
    encoding: str
    lines: int
    has_oddities: bool


@dataclass
class _Census:
    """Counts over UTF-8 bytes: lines and bytes that a strict reader would stumble over."""

    feeds: int = 0
    returns: int = 0
    pairs: int = 0
    nulls: int = 0
    last: bytes = b""
    tail: bytes = b""

    def add(self, data: bytes) -> None:
        if not data:
            return
        self.feeds += data.count(b"\n")
        returns = data.count(b"\r")
        if returns:  # looking for two bytes in a row costs twice as much
            self.returns += returns
            self.pairs += data.count(b"\r\n")
        self.pairs += self.last == b"\r" and data[:1] == b"\n"
        self.nulls += data.count(b"\0")
        self.last = data[-1:]
        self.tail = (self.tail + data)[-256:]

    def as_text_file(self, path: Path, encoding: str) -> TextFile:
        trailing = self.tail[len(self.tail.rstrip(b"\r\n")) :].count(b"\n")
        lines = self.feeds - trailing + (1 if self.tail.rstrip(b"\r\n") else 0)
        mixed = self.returns != self.pairs or (self.pairs not in (0, self.feeds))
        return TextFile(path, encoding, lines, mixed or self.nulls > 0)


def as_utf8(path: Path, scratch: Path, expected: str) -> TextFile:
    """The file as UTF-8: itself when it is, else a copy below ``scratch``; ``expected`` breaks a tie."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _transcoded(path, scratch, "utf-16", "replace")
    census = _valid_utf8(path)
    if census is not None:
        return census.as_text_file(path, "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8")
    try:
        return _transcoded(path, scratch, _CHINESE, "strict")
    except UnicodeDecodeError:
        encoding = _less_wrong(path, expected)
    return _line_by_line(path, scratch, encoding)


def _valid_utf8(path: Path) -> _Census | None:
    census, tail = _Census(), b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            census.add(chunk)
            block = tail + chunk
            tail = _begun_character(block)
            if not _is_utf8(block[: len(block) - len(tail)]):
                return None
    return census if _is_utf8(tail) else None


def _begun_character(block: bytes) -> bytes:
    """The last bytes of a block if they may be the beginning of a character that goes on behind it."""
    start = next((len(block) - back for back in (1, 2, 3) if block[-back:][:1] >= b"\xc0"), len(block))
    return block[start:]


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are valid UTF-8: told without making text of them."""
    offsets = pa.py_buffer(struct.pack("<qq", 0, len(data)))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _transcoded(path: Path, scratch: Path, encoding: str, errors: str) -> TextFile:
    decoder, census = codecs.getincrementaldecoder(encoding)(errors), _Census()
    target = scratch / f"{path.name[:40]}.utf8"
    with path.open("rb") as stream, target.open("wb") as out:
        while True:
            chunk = stream.read(_CHUNK)
            data = decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
            census.add(data)
            out.write(data)
            if not chunk:
                break
    return census.as_text_file(target, encoding)


def _less_wrong(path: Path, expected: str) -> str:
    wrong = {"utf-8": 0, _CHINESE: 0}
    with path.open("rb") as stream:
        for line in stream:
            if line.isascii():
                continue
            for encoding in wrong:
                try:
                    line.decode(encoding)
                except UnicodeDecodeError:
                    wrong[encoding] += 1
    preferred = _CHINESE if expected != "utf-8" else "utf-8"
    return min(wrong, key=lambda encoding: (wrong[encoding], encoding != preferred))


def _line_by_line(path: Path, scratch: Path, encoding: str) -> TextFile:
    """Decode each line by itself, so that a damaged one spoils no other; U+FFFD marks what nothing explains."""
    census = _Census()
    target = scratch / f"{path.name[:40]}.utf8"
    with path.open("rb") as stream, target.open("wb") as out:
        for line in stream:
            data = line.decode(encoding, "replace").encode("utf-8")
            census.add(data)
            out.write(data)
    return census.as_text_file(target, encoding)
