"""What lies in a ZIP, looked at before anything is unpacked: a bomb or a path out of its folder is refused unread."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

from include.ingest.reasons import RefusedFileError

MOST_MEMBERS = 200
MOST_BYTES = 2 << 30
MOST_RATIO = 200
_ENCRYPTED = 0x1
_SMALL = 1 << 20
TABLES = (".csv", ".xlsx", ".xls", ".et", ".xlsm", ".xlsb")
TEXTS = (".txt",)


def checked_directory(path: Path, broken: str, protected: str) -> list[zipfile.ZipInfo]:
    """The members of a ZIP file, refused when their number, size, ratio, names or kind are not safe.

    ``broken`` and ``protected`` are the reasons given for a file that is no ZIP and for one with a password.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise RefusedFileError(broken) from None
    if len(members) > MOST_MEMBERS:
        raise RefusedFileError("too_large", f"{len(members)} > {MOST_MEMBERS}")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise RefusedFileError("too_large", "2 GiB")
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise RefusedFileError(protected)
        if member.file_size > _SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise RefusedFileError("too_large", f"{MOST_RATIO}:1")
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.filename[:3]:
            raise RefusedFileError("unsafe_archive")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise RefusedFileError("unsafe_archive")
    return members


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
    try:
        with archive.open(member) as stream, target.open("wb") as out:
            while chunk := stream.read(1 << 20):
                written += len(chunk)
                if written > most:
                    raise RefusedFileError("too_large", "2 GiB")
                out.write(chunk)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        raise RefusedFileError("broken_archive") from None
    return written
