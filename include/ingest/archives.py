"""What lies in a ZIP, looked at before anything is unpacked: a bomb or a path out of its folder is refused unread."""

from __future__ import annotations

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from include.ingest.reasons import RefusedFileError

MOST_MEMBERS = 200
MOST_BYTES = 2 << 30
MOST_RATIO = 200
MOST_DIRECTORY_BYTES = 1 << 20
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA may ask for any amount of memory
_LONGEST_END = (1 << 16) + 200
_SMALL = 1 << 20
# What reading a file raises that contradicts itself.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
TABLES = (".csv", ".xlsx", ".xls", ".et", ".xlsm", ".xlsb")
TEXTS = (".txt",)


def checked_directory(path: Path, broken: str, protected: str) -> list[zipfile.ZipInfo]:
    """The members of a ZIP file, refused when their number, size, ratio, names or kind are not safe.

    ``broken`` and ``protected`` are the reasons given for a file that is no ZIP and for one with a password.
    """
    if _directory_size(path) > MOST_DIRECTORY_BYTES:
        raise RefusedFileError("too_large", f"{MOST_MEMBERS}")
    with broken_as(broken), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    members = [member for member in entries if not member.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise RefusedFileError("too_large", f"{len(members)} > {MOST_MEMBERS}")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise RefusedFileError("too_large", "2 GiB")
    for member in entries:
        _refuse_unsafe(member, broken, protected)
    if sum(member.compress_size for member in members) > path.stat().st_size:
        raise RefusedFileError("unsafe_archive")  # members that share their bytes, as a bomb's do
    return members


@contextmanager
def broken_as(reason: str) -> Iterator[None]:
    """Give a file's contradictions the reason of a broken file; a disk that fails is no contradiction."""
    try:
        yield
    except BROKEN:
        raise RefusedFileError(reason) from None
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):
            raise
        raise RefusedFileError(reason) from None


def _refuse_unsafe(member: zipfile.ZipInfo, broken: str, protected: str) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise RefusedFileError(protected)
    if member.file_size > _SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        raise RefusedFileError("too_large", f"{MOST_RATIO}:1")
    if not _is_safe(member):
        raise RefusedFileError("unsafe_archive")
    if member.compress_type not in _METHODS:
        raise RefusedFileError(broken)


def _is_safe(member: zipfile.ZipInfo) -> bool:
    """Whether a member's name stays in its folder and the member is a plain file."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in member.filename[:3]:
        return False
    return stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG, stat.S_IFDIR)


def _directory_size(path: Path) -> int:
    """How long a ZIP says its directory is; a million empty members would fill the memory before they are counted."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - _LONGEST_END, 0))
        tail = stream.read()
    place = tail.rfind(b"PK\5\6")
    end = tail[place : place + 22]
    if place < 0 or len(end) < 22:
        return 0  # no ZIP at all; opening it will say so
    (length,) = struct.unpack_from("<I", end, 12)
    wide = tail.rfind(b"PK\6\6", 0, place)
    if length == 0xFFFFFFFF and 0 <= wide <= len(tail) - 56:
        (length,) = struct.unpack_from("<Q", tail, wide + 40)
    return int(length)


def unpack(path: Path, folder: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    """Unpack every table of a checked archive under a name of our own: (member name, path), by name; and the others.

    A plain text is a table only where there is no other: beside tables it is the note that came with them.
    """
    members = checked_directory(path, "broken_archive", "protected_archive")
    wanted = [member for member in members if _is_kind(_readable_name(member), TABLES)]
    wanted = wanted or [member for member in members if _is_kind(_readable_name(member), TEXTS)]
    unread = sorted(_readable_name(member) for member in members if member not in wanted)
    if any(_readable_name(member).lower().endswith(".zip") for member in members):
        raise RefusedFileError("unsafe_archive", "zip")
    if not wanted:
        raise RefusedFileError("no_members")
    found, budget = [], MOST_BYTES
    with zipfile.ZipFile(path) as archive:
        for number, member in enumerate(sorted(wanted, key=_readable_name)):
            name = _readable_name(member)
            target = folder / f"member_{number}{PurePosixPath(name).suffix.lower()}"
            budget -= _copy(archive, member, target, min(budget, member.file_size))
            found.append((name, target))
    return found, unread


def _is_kind(name: str, kind: tuple[str, ...]) -> bool:
    bare = PurePosixPath(name)
    return bare.suffix.lower() in kind and not bare.name.startswith((".", "~$")) and "__MACOSX" not in bare.parts


def _readable_name(member: zipfile.ZipInfo) -> str:
    """The member's name; archivers on Chinese machines write GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Unpack one member, never more than its directory entry promised."""
    written = 0
    with broken_as("broken_archive"), archive.open(member) as stream, target.open("wb") as out:
        while chunk := stream.read(1 << 20):
            written += len(chunk)
            if written > most:
                raise RefusedFileError("too_large", "2 GiB")
            out.write(chunk)
    return written
