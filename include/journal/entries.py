"""Entries of the journal: appended with the hash of the one before, read back, and the whole chain verified."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from include.journal.schema import ENTRY, engine, writing
from include.privacy import DoudiError
from include.settings import Settings

FIRST_HASH = "0" * 64
#: The kinds of an entry: a step of an alert, and what is decided for a time.
ALERT_STEP, SILENCE, RELEASE, EXEMPTION = "alert", "silence", "release", "exemption"
#: The roles of whoever is nobody, and of somebody who decides by a command, where no account tells the role.
SYSTEM, PERSON = "system", "person"
_COLUMNS = [ENTRY.c[name] for name in ENTRY.c.keys()]  # noqa: SIM118 (a column collection iterates over columns)


class BrokenChainError(DoudiError):
    """An entry was changed, left out or cut off."""


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did.

    ``entry_id`` is the writer's own name for it: the same name again is the same entry and is not written twice.
    ``state`` is the alert's state after it; both are empty where it is about no alert. ``detail`` names nobody.
    """

    entry_id: str
    kind: str
    event: str
    account: str
    role: str
    alert_no: str | None = None
    state: str | None = None
    at: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """An entry as it stands in the journal."""

    sequence: int
    entry: Entry
    previous_hash: str
    entry_hash: str


def append(connection: Connection, entries: Iterable[Entry]) -> list[Written]:
    """Write entries at the journal's end, inside ``writing``; those whose name is known are left out.

    Returns what was written.
    """
    entries = list(entries)
    known = _known(connection, [entry.entry_id for entry in entries])
    end = connection.execute(select(ENTRY.c.sequence, ENTRY.c.entry_hash).order_by(ENTRY.c.sequence.desc()).limit(1))
    sequence, previous = next(iter(end), (0, FIRST_HASH))
    written = []
    for entry in entries:
        if entry.entry_id in known:
            continue
        known.add(entry.entry_id)
        dated = Entry(**{**asdict(entry), "at": entry.at or _now()})
        sequence += 1
        digest = _hash(sequence, dated, previous)
        written.append(Written(sequence, dated, previous, digest))
        previous = digest
    if written:
        connection.execute(insert(ENTRY), [_row(one) for one in written])
    return written


def write(settings: Settings, *entries: Entry) -> list[Written]:
    """Append entries in a transaction of their own."""
    with writing(engine(settings)) as connection:
        return append(connection, entries)


def read(connection: Connection, asked: Select[Any] | None = None) -> Iterator[Written]:
    """Entries in order: all of them, or those of a select over the whole table."""
    for row in connection.execute(asked if asked is not None else select(*_COLUMNS).order_by(ENTRY.c.sequence)):
        yield _written(row)


def of_alerts(connection: Connection, alert_nos: Iterable[str]) -> dict[str, list[Written]]:
    """The steps of some alerts, oldest first."""
    steps: dict[str, list[Written]] = {}
    for some in _slices(list(alert_nos)):
        asked = (
            select(*_COLUMNS).where(ENTRY.c.alert_no.in_(some), ENTRY.c.kind == ALERT_STEP).order_by(ENTRY.c.sequence)
        )
        for one in read(connection, asked):
            steps.setdefault(one.entry.alert_no or "", []).append(one)
    return steps


def of_kind(settings: Settings, kind: str) -> list[Entry]:
    """The entries of a kind, oldest first."""
    asked = select(*_COLUMNS).where(ENTRY.c.kind == kind).order_by(ENTRY.c.sequence)
    with engine(settings).connect() as connection:
        return [one.entry for one in read(connection, asked)]


def first_broken(connection: Connection, printed_head: str | None = None) -> int | None:
    """The sequence of the first entry that is not what was written, or does not follow the one before; else none.

    ``printed_head`` is the hash of some entry as it was printed once. A chain that was cut off at its end is whole in
    itself; without that entry it is broken where its next one would stand.
    """
    previous, expected, is_reached = FIRST_HASH, 1, printed_head is None
    for one in read(connection):
        is_whole = one.sequence == expected and one.previous_hash == previous
        if not is_whole or _hash(one.sequence, one.entry, previous) != one.entry_hash:
            return expected if one.sequence != expected else one.sequence
        previous, expected = one.entry_hash, expected + 1
        is_reached = is_reached or one.entry_hash == printed_head
    return None if is_reached else expected


def head(connection: Connection) -> tuple[int, str]:
    """How many entries there are, and the hash of the last."""
    last = connection.execute(select(ENTRY.c.sequence, ENTRY.c.entry_hash).order_by(ENTRY.c.sequence.desc()).limit(1))
    sequence, digest = next(iter(last), (0, FIRST_HASH))
    return sequence, digest


def verified(settings: Settings, printed_head: str | None = None) -> tuple[int, str]:
    """The head of a journal that is whole; raises BrokenChainError."""
    with engine(settings).connect() as connection:
        broken, end = first_broken(connection, printed_head), head(connection)
    if broken is not None:
        raise BrokenChainError(f"记录链在第 {broken} 条断开", f"the chain is broken at entry {broken}")
    return end


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _hash(sequence: int, entry: Entry, previous: str) -> str:
    text = json.dumps([sequence, asdict(entry), previous], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _row(one: Written) -> dict[str, Any]:
    return {
        **asdict(one.entry),
        "detail": json.dumps(one.entry.detail, ensure_ascii=False, sort_keys=True),
        "sequence": one.sequence,
        "previous_hash": one.previous_hash,
        "entry_hash": one.entry_hash,
    }


def _written(row: Row[Any]) -> Written:
    cells = dict(row._mapping)
    sequence, previous, digest = (cells.pop(name) for name in ("sequence", "previous_hash", "entry_hash"))
    return Written(sequence, Entry(**{**cells, "detail": json.loads(cells["detail"])}), previous, digest)


def _known(connection: Connection, names: list[str]) -> set[str]:
    return {
        name
        for some in _slices(names)
        for (name,) in connection.execute(select(ENTRY.c.entry_id).where(ENTRY.c.entry_id.in_(some)))
    }


def _slices(values: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
