"""The moment at which something is received: the clock's, but never one that has been before.

Of two deliveries the later one counts. A clock that is set back, by hand or by its time server, would let an older
delivery win over its own correction; so every moment is later than the last one given, and the last one is kept.
"""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.settings import Settings, private_folder

_STEP = timedelta(microseconds=1)


def next_moment(settings: Settings) -> datetime:
    """Now, or a microsecond after the last moment given where the clock has fallen behind it."""
    path: Path = private_folder(settings.state / "locks") / "last_moment"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        moment = max(datetime.now(UTC), _read(stream.read()) + _STEP)
        stream.seek(0)
        stream.write(moment.isoformat(timespec="microseconds"))
        stream.truncate()
    return moment


def _read(text: str) -> datetime:
    """The moment kept; none where a process died while it wrote the first one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
