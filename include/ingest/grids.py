"""A grid: rows of text cells as they stand in one sheet or one CSV, before anybody knows what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grid:
    """A staged relation of text cells ``c0…cN`` in the file's order.

    ``relation`` also has ``problem`` (a reason about the row as a whole) and ``line`` (its number in the file).
    ``days_late`` is what its day numbers lack of the usual ones.
    ``head`` are the first rows as far as a header may lie in them; those up to ``skipped`` are not in the relation.
    """

    relation: str
    width: int
    head: list[list[str | None]]
    skipped: int = 0
    member: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    days_late: int = 0
    notes: list[str] = field(default_factory=list)
