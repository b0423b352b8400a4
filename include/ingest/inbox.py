"""What lies in the inbox: which files have stopped growing, what their names say, and taking one out of it.

A file is taken by renaming it into ``state/taking`` under the moment of its arrival. From then on it has one
``received_at``, whatever happens: a run that dies leaves it there, and the next one goes on with it, so that
neither a delivery nor a duplicate is ever written twice.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import time
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from include.contracts import Contract
from include.ingest.moments import next_moment
from include.ingest.reasons import RefusedFileError
from include.periods import SHANGHAI, Month
from include.settings import Settings, private_folder

DONE = ".done"
_COMPANIONS = (DONE, ".ok")
HALF = ".half_"
PULLED = "pulled"
LOOK_AGAIN_SECONDS = 0.4
LONGEST_NAME = 255
LONGEST_READ_NAME = 190
_IGNORED = re.compile(r"\.(?!\.)|~\$|(?:thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_NAME = re.compile(r"(?P<period>\d{6})(?:_(?P<part>[^_].*))?", re.DOTALL)
_STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class InboxFile:
    """A file as it was found: where, in whose folder, of which dataset its folder says it is."""

    path: Path
    department: str
    folder: str
    received_at: datetime

    @property
    def is_pulled(self) -> bool:
        """Whether it was pulled from a database or an API; nobody can lay a file there from outside."""
        return self.path.parents[2].name == PULLED

    @property
    def name(self) -> str:
        """The name it was delivered under, made safe to show."""
        return shown(delivered_name(self.path))

    @property
    def dataset(self) -> str:
        """What its folders say it is, made safe to show."""
        return shown(f"{self.department}.{self.folder}")[:100]


@dataclass(frozen=True)
class FileName:
    """What a well-formed name says: the period, and the part when there is one."""

    period: Month
    part: str
    extension: str


def shown(name: str) -> str:
    """A name made safe to show: no control or direction characters, nothing that is no character, not too long."""
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join("\ufffd" if unicodedata.category(char) in hidden else char for char in name)[:200]


def departments_present(settings: Settings) -> list[str]:
    """The folders of the inbox."""
    if not settings.inbox.is_dir():
        return []
    return sorted(path.name for path in settings.inbox.iterdir() if path.is_dir() and not path.is_symlink())


def settled_files(paths: Iterable[Path], look_again_seconds: float) -> list[Path]:
    """Those files that have stopped growing: unchanged across two looks, or said to be whole by a companion."""
    first: dict[Path, tuple[int, int]] = {}
    ready = []
    for path in paths:
        if _said_done(path):
            ready.append(path)
        elif (look := _look(path)) is not None:
            first[path] = look
    if first:
        time.sleep(look_again_seconds)
        ready += [path for path, look in first.items() if _look(path) == look]
    return sorted(ready)


def _said_done(path: Path) -> list[Path]:
    """What the sender left beside a file to say that it is whole, ``x.csv.done`` or ``x.done``."""
    return [beside for end in _COMPANIONS for beside in (Path(f"{path}{end}"), path.with_suffix(end)) if _lies(beside)]


def _lies(path: Path) -> bool:
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False  # a name too long for a companion has none
        raise
    return True


def files_below(folder: Path) -> list[Path]:
    """Every candidate file below a folder; what office programs and file managers leave behind is none.

    A folder that is not there holds none; one that cannot be read is an error, not an empty one.
    """
    found = []
    for root, folders, names in os.walk(folder, onerror=_unless_missing):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if Path(root, name).is_symlink()]
        for name in [*names, *linked]:
            path = Path(root, name)
            if not _IGNORED.match(name) and not name.endswith(_COMPANIONS):
                found.append(path)
    return sorted(found)


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise error


def _look(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns


def take(settings: Settings, path: Path, department: str, folder: str) -> InboxFile | None:
    """Move a settled file out of the inbox into ``state/taking``; None when somebody else was faster."""
    received_at = next_moment(settings)
    place = private_folder(taking_folder(settings) / department / folder)
    target = place / _name_in_taking(stamp(received_at), path)
    try:
        path.rename(target)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_over(path, target)
    for beside in _said_done(path):
        beside.unlink(missing_ok=True)
    if is_regular(target):
        with suppress(PermissionError):  # it is the sender's own; the folder keeps others out
            target.chmod(0o600)
    return InboxFile(target, department, folder, received_at)


def _name_in_taking(stamp: str, path: Path) -> str:
    """The moment and the delivered name, cut where a file system would not bear both; still too long to be read."""
    name = f"{stamp}__{path.name}"
    if len(os.fsencode(name)) <= LONGEST_NAME:
        return name
    start, end = os.fsencode(path.stem)[:200], os.fsencode(path.suffix)[:20]
    return f"{stamp}__{start.decode(errors='ignore')}{end.decode(errors='ignore')}"


def _carry_over(path: Path, target: Path) -> None:
    """Take a file out of an inbox on another disk: it is whole on this one before it leaves that one.

    Where it may not leave, nothing is taken. Of what is no file only its kind is carried, which is refused later.
    """
    half = target.with_name(HALF + target.name.partition("__")[0])
    try:
        if path.is_symlink():
            half.symlink_to("nowhere")
        elif is_regular(path):
            with path.open("rb") as source, half.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
        else:
            os.mkfifo(half)
        half.rename(target)
        path.unlink(missing_ok=True)
    except OSError:
        half.unlink(missing_ok=True)
        if os.path.lexists(path):
            target.unlink(missing_ok=True)
        raise


def taking_folder(settings: Settings) -> Path:
    """Where files lie between the inbox and their place in landing or quarantine."""
    return settings.state / "taking"


def pulled_folder(settings: Settings) -> Path:
    """Where files that were pulled from a database or an API lie until then."""
    return settings.state / PULLED


def stamp(moment: datetime) -> str:
    """The moment of a file's receipt, as it stands before its name."""
    return moment.strftime(_STAMP)


def left_behind(settings: Settings, department: str) -> list[InboxFile]:
    """Files that were pulled, or taken by a run that did not finish, with the moment they were received then."""
    folders = (taking_folder(settings) / department, pulled_folder(settings) / department)
    found = []
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob("*/*")):
        if path.name.startswith(HALF):
            path.unlink()  # a run died while it carried this over; the whole of it still lies in the inbox
            continue
        moment, separator, _ = path.name.partition("__")
        if separator:
            received_at = datetime.strptime(moment, _STAMP).replace(tzinfo=UTC)
            found.append(InboxFile(path, department, path.parent.name, received_at))
    return found


def delivered_name(path: Path) -> str:
    """The name a taken file had in the inbox."""
    return path.name.partition("__")[2] or path.name


def read_name(name: str, contract: Contract, today: datetime) -> FileName:
    """What a file's name says; refused when it does not follow the rule or its period has not begun."""
    stem, dot, extension = name.rpartition(".")
    prefix = f"{contract.short_name}_"
    match = _NAME.fullmatch(stem.removeprefix(prefix)) if dot and stem.startswith(prefix) else None
    if (
        match is None
        or len(os.fsencode(name)) > LONGEST_READ_NAME
        or any(unicodedata.category(char).startswith("C") for char in name)
    ):
        raise RefusedFileError("bad_name", f"{prefix}<YYYYMM>[_<part>].<csv|xlsx|xls|zip>")
    try:
        period = Month.parse(match["period"])
    except ValueError:
        raise RefusedFileError("bad_name", "YYYYMM") from None
    if period > Month.of(today.astimezone(SHANGHAI).date()):
        raise RefusedFileError("future_period", str(period))
    return FileName(period, match["part"] or "", extension.lower())


def is_regular(path: Path) -> bool:
    """Whether a path is a plain file, not a link, a device or a pipe."""
    return stat.S_ISREG(path.lstat().st_mode)
