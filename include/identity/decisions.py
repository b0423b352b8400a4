"""People's decisions that two numbers are one person, or are two after all: append-only files, each written once.

A decision lies in ``state/identity/`` and names keyed hashes, never a number. A merge sends every row of ``other`` to
``keep``; a split takes the merge of the two back. What holds at a moment follows from the decisions made by then.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path

from include.journal.entries import PERSON, Entry, write
from include.privacy import DoudiError
from include.privacy.masking import mask
from include.settings import Settings, private_folder, put_in_place

MERGE, SPLIT = "merge", "split"
_IDENTITY, _LONGEST_NAME = "identity", 60


class ContradictoryDecisionError(DoudiError):
    """A decision that cannot stand beside those before it."""


@dataclass(frozen=True)
class Decision:
    """Who decided what of two people; ``keep`` and ``other`` are the keyed hashes that landing holds."""

    kind: str
    keep: str
    other: str
    decided_at: str
    by: str
    reason: str

    @property
    def decision_id(self) -> str:
        """The moment and a hash of the rest: the file's name, and the order in which decisions count."""
        stamp = datetime.fromisoformat(self.decided_at).strftime("%Y%m%dT%H%M%S%fZ")
        text = "|".join((self.kind, self.keep, self.other, self.by, self.reason))
        return f"{stamp}_{sha256(text.encode()).hexdigest()[:8]}"


def person_key(secret: str) -> str:
    """The pseudonym that the models make of a keyed hash."""
    return "P" + sha256(f"person:{secret}".encode()).hexdigest()[:31]


def read_decisions(settings: Settings, known_moment: str | None = None) -> list[Decision]:
    """Every decision made by a moment, oldest first."""
    decisions = [
        Decision(**{name: value for name, value in json.loads(path.read_bytes()).items() if name in _FIELDS})
        for path in sorted(_folder(settings).glob("*.json"))
    ]
    if known_moment:
        moment = datetime.fromisoformat(known_moment)
        decisions = [each for each in decisions if datetime.fromisoformat(each.decided_at) <= moment]
    return sorted(decisions, key=lambda each: (each.decided_at, each.decision_id))


def merged_into(decisions: Iterable[Decision]) -> dict[str, str]:
    """Each merged hash with the one its rows count under, chains followed to their end.

    Raises ContradictoryDecisionError at the first decision that cannot stand.
    """
    kept_by: dict[str, str] = {}
    for decision in decisions:
        _refuse_contradiction(decision, kept_by)
        if decision.kind == MERGE:
            kept_by[decision.other] = decision.keep
        else:
            kept_by.pop(decision.other if kept_by.get(decision.other) == decision.keep else decision.keep)
    return {other: _end_of_chain(other, kept_by) for other in sorted(kept_by)}


def record(settings: Settings, kind: str, keep: str, other: str, by: str, reason: str) -> Decision:
    """Write a decision down, if it can stand; ``keep`` and ``other`` are person keys, never numbers."""
    if not by.strip() or len(by.strip()) > _LONGEST_NAME or not reason.strip():
        raise DoudiError(
            f"须写明决定人（至多 {_LONGEST_NAME} 字）和理由（--by、--reason）",
            f"say who decides, in {_LONGEST_NAME} characters, and why (--by, --reason)",
        )
    if mask(by + " " + reason) != by + " " + reason:
        raise DoudiError("决定人和理由中不得写证件号码", "neither who decides nor why may hold a number")
    with _alone(settings):
        earlier = read_decisions(settings)
        secrets = _secrets(settings, earlier, (keep, other))
        decision = Decision(kind, secrets[keep], secrets[other], _moment_after(earlier), by.strip(), reason.strip())
        merged_into([*earlier, decision])
        _write(settings, decision)
        told = {"decision": decision.decision_id}
        write(settings, Entry(f"{_IDENTITY}|{decision.decision_id}", _IDENTITY, kind, decision.by, PERSON, detail=told))
    return decision


def write_aliases(settings: Settings, known_moment: str) -> str:
    """Leave what holds at a moment for the models, one line a merged hash; returns the path, empty for none."""
    aliases = merged_into(read_decisions(settings, known_moment))
    if not aliases:
        return ""
    lines = [json.dumps({"person_secret": other, "canonical_secret": keep}) for other, keep in aliases.items()]
    path = private_folder(settings.state / "dbt") / "person_aliases.json"
    with put_in_place(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii")
    return str(path)


_FIELDS = ("kind", "keep", "other", "decided_at", "by", "reason")


def _refuse_contradiction(decision: Decision, kept_by: dict[str, str]) -> None:
    keep, other = person_key(decision.keep), person_key(decision.other)
    told = f"{keep}、{other}", f"{keep}, {other} ({decision.decision_id})"
    if decision.kind == SPLIT:
        if kept_by.get(decision.other) != decision.keep and kept_by.get(decision.keep) != decision.other:
            raise ContradictoryDecisionError(f"两人并未合并，无从拆分：{told[0]}", f"these are not merged: {told[1]}")
        return
    if decision.keep == decision.other:
        raise ContradictoryDecisionError(
            f"不能与自己合并：{told[0]}", f"a person cannot be merged with itself: {told[1]}"
        )
    if decision.other in kept_by:
        raise ContradictoryDecisionError(
            f"后者已并入他人，须先拆分：{told[0]}", f"the other is merged already, split it first: {told[1]}"
        )
    if _end_of_chain(decision.keep, kept_by) == decision.other:
        raise ContradictoryDecisionError(
            f"前者已并入后者，不能再反向合并：{told[0]}", f"the first is merged into the other already: {told[1]}"
        )


def _end_of_chain(secret: str, kept_by: dict[str, str]) -> str:
    while secret in kept_by:
        secret = kept_by[secret]
    return secret


def _secrets(settings: Settings, earlier: Iterable[Decision], keys: tuple[str, ...]) -> dict[str, str]:
    """The keyed hashes behind person keys: of earlier decisions, else of the standing warehouse."""
    known = {person_key(secret): secret for each in earlier for secret in (each.keep, each.other)}
    missing = [key for key in keys if key not in known]
    if missing:
        known |= _seen(settings, missing)
    for key in keys:
        if key not in known:
            raise DoudiError(
                "没有这个人员标识（应为 P 加 31 位，见限制库；不接受身份证号）",
                "no such person key; it is P and 31 characters, and never a citizen number",
            )
    return known


def _seen(settings: Settings, keys: list[str]) -> dict[str, str]:
    from include.warehouse import engine

    standing = settings.warehouse / "warehouse.duckdb"
    if not standing.exists():
        raise DoudiError("尚未建库，无从查找人员标识", "nothing has been built yet, so no person key is known")
    with engine.connect(settings) as connection:
        engine.attach_warehouse(connection, settings, standing.resolve())
        rows = connection.execute(
            f"SELECT person_key, person_secret FROM {engine.WAREHOUSE_ALIAS}.intermediate.int_person_seen "
            "WHERE list_contains(?, person_key)",
            [keys],
        ).fetchall()
    return dict(rows)


def _moment_after(earlier: list[Decision]) -> str:
    """Now, or just after the last decision where the clock was set back."""
    now = datetime.now(UTC)
    if earlier:
        now = max(now, datetime.fromisoformat(earlier[-1].decided_at) + timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds")


def _write(settings: Settings, decision: Decision) -> None:
    path = _folder(settings) / f"{decision.decision_id}.json"
    temporary = path.with_suffix(".tmp")
    told = {**asdict(decision), "keep_person": person_key(decision.keep), "other_person": person_key(decision.other)}
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(told, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.chmod(0o600)
    os.link(temporary, path)  # never over one that is there
    temporary.unlink()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    with (_folder(settings) / "decisions.lock").open("a", encoding="ascii") as stream:
        flock(stream, LOCK_EX)
        yield


def _folder(settings: Settings) -> Path:
    return private_folder(settings.state / "identity")
