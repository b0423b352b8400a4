"""What left the system as files, in the chain: which, of which publication, and how much of it; never of whom."""

from __future__ import annotations

from include.journal.entries import SYSTEM, Entry, write
from include.settings import Settings

EXPORT = "export"


def note_export(settings: Settings, what: str, version: str, **counts: int) -> None:
    """Write down that files of a kind were laid into the outbox; once a publication, however often they are written."""
    detail = {"version": version, **counts}
    write(settings, Entry(f"{EXPORT}|{what}|{version}", EXPORT, what, SYSTEM, SYSTEM, detail=detail))
