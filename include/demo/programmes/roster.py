"""A roster of people who receive a programme, month by month."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from include.demo.moments import FOREVER, WINDOW


@dataclass
class Roster:
    """One row a person; the matrices have one column a month of the window.

    ``last`` is the last month in which the row still counts as received; a planted case moves it.
    """

    programme: str
    person: np.ndarray
    start: np.ndarray
    last: np.ndarray
    amount: np.ndarray
    paused: np.ndarray
    reason: np.ndarray
    facts: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: str, person: np.ndarray, start: np.ndarray, last: np.ndarray, **facts: np.ndarray) -> Roster:
        """A roster with nothing paused and amounts still to be filled."""
        rows = len(person)
        return cls(
            programme=programme,
            person=np.asarray(person, dtype="int64"),
            start=np.asarray(start, dtype="int64"),
            last=np.asarray(last, dtype="int64"),
            amount=np.zeros((rows, len(WINDOW)), dtype="int64"),
            paused=np.zeros((rows, len(WINDOW)), dtype=bool),
            reason=np.full(rows, "", dtype=object),
            facts=facts,
        )

    def __len__(self) -> int:
        return len(self.person)

    def held(self, index: int) -> np.ndarray:
        """Rows that count as received in a month of the window."""
        at = WINDOW[index]
        return (self.start <= at) & (at <= self.last) & ~self.paused[:, index]

    def shown(self, index: int) -> np.ndarray:
        """Rows that the month's delivery lists; an ended row stays listed as ended."""
        return self.start <= WINDOW[index]

    def always(self) -> np.ndarray:
        """Rows received in every month of the window."""
        return (self.start < WINDOW[0]) & (self.last == FOREVER) & ~self.paused.any(axis=1)

    def row_of(self, person: int) -> int:
        """The row of a person, or -1."""
        found = np.flatnonzero(self.person == person)
        return int(found[0]) if len(found) else -1

    def without(self, rows: np.ndarray) -> None:
        """Strike rows as if they had never been."""
        keep = np.ones(len(self), dtype=bool)
        keep[rows] = False
        for name in ("person", "start", "last", "amount", "paused", "reason"):
            setattr(self, name, getattr(self, name)[keep])
        self.facts = {name: values[keep] for name, values in self.facts.items()}

    def append(self, other: Roster) -> None:
        """Add the rows of a roster of the same shape."""
        for name in ("person", "start", "last", "amount", "paused", "reason"):
            setattr(self, name, np.concatenate([getattr(self, name), getattr(other, name)]))
        self.facts = {name: np.concatenate([values, other.facts[name]]) for name, values in self.facts.items()}

    def copy_row(self, row: int, **changes: object) -> int:
        """Append a copy of a row with other person, start or facts; returns its place."""
        take = np.array([row])
        other = Roster(
            self.programme,
            self.person[take],
            self.start[take],
            self.last[take],
            self.amount[take].copy(),
            np.zeros_like(self.paused[take]),
            np.full(1, "", dtype=object),
            {name: values[take].copy() for name, values in self.facts.items()},
        )
        for name, value in changes.items():
            if name in other.facts:
                other.facts[name][0] = value
            else:
                getattr(other, name)[0] = value
        self.append(other)
        return len(self) - 1
