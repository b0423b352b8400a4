"""A delivery before it is written: typed columns, so that each clerk can write the same facts in a way of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.demo.moments import EMPTY
from include.demo.people import People

Words: TypeAlias = np.ndarray | Any  # or an arrow array, which has no types of its own


@dataclass
class Column:
    """One column: ``kind`` says how ``values`` are to be written.

    text, name and id hold strings (arrow or numpy); date, month, money (cents), int hold integers with
    EMPTY for nothing; number holds floats; bool 0, 1 or EMPTY; code holds places in ``words``.
    """

    header: str
    kind: str
    values: np.ndarray | pa.Array
    words: np.ndarray | None = None
    group: str = ""

    def take(self, rows: np.ndarray) -> Column:
        """The same column with these rows alone."""
        values = self.values.take(pa.array(rows)) if isinstance(self.values, pa.Array) else self.values[rows]
        return Column(self.header, self.kind, values, self.words, self.group)


@dataclass
class Table:
    """What one file will say. ``person`` names the person of each row (-1: nobody), for the clerks' slips."""

    columns: list[Column]
    person: np.ndarray
    part: str = ""
    foot: str = ""
    marks: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: np.ndarray, part: str = "") -> Table:
        """The same table with these rows alone."""
        return Table([column.take(rows) for column in self.columns], self.person[rows], part or self.part)


def text(header: str, values: Words | Sequence[str], group: str = "") -> Column:
    """Free text."""
    if not isinstance(values, pa.Array):
        values = np.asarray(values, dtype=object)
    return Column(header, "text", values, group=group)


def names(header: str, people: People, who: np.ndarray, group: str = "") -> Column:
    """Names of people; nothing where there is nobody."""
    return Column(header, "name", _lookup(people.name, who), group=group)


def ids(header: str, people: People, who: np.ndarray, group: str = "") -> Column:
    """Citizen numbers of people; nothing where there is nobody."""
    return Column(header, "id", _lookup(people.id_no, who), group=group)


def _lookup(values: pa.Array, who: np.ndarray) -> pa.Array:
    who = np.asarray(who, dtype="int64")
    nobody = who < 0
    return values.take(pa.array(np.where(nobody, 0, who), mask=nobody))


def code(
    header: str, places: np.ndarray, words: Sequence[str] | np.ndarray, kind: str = "code", group: str = ""
) -> Column:
    """A word out of a fixed list; EMPTY writes nothing."""
    return Column(header, kind, np.asarray(places, dtype="int64"), np.asarray(words, dtype=object), group)


def words(header: str, values: np.ndarray, group: str = "") -> Column:
    """A word out of a fixed list, given as the words themselves."""
    distinct, places = np.unique(np.asarray(values, dtype=str), return_inverse=True)
    return Column(header, "code", places.astype("int64"), distinct.astype(object), group)


def days(header: str, values: np.ndarray, group: str = "") -> Column:
    """Dates."""
    return Column(header, "date", np.asarray(values, dtype="int64"), group=group)


def months(header: str, values: np.ndarray, group: str = "") -> Column:
    """Months."""
    return Column(header, "month", np.asarray(values, dtype="int64"), group=group)


def money(header: str, cents: np.ndarray, group: str = "") -> Column:
    """Amounts of money, given in cents."""
    return Column(header, "money", np.asarray(cents, dtype="int64"), group=group)


def whole(header: str, values: np.ndarray, group: str = "") -> Column:
    """Whole numbers."""
    return Column(header, "int", np.asarray(values, dtype="int64"), group=group)


def number(header: str, values: np.ndarray, group: str = "") -> Column:
    """Numbers with decimals; NaN writes nothing."""
    return Column(header, "number", np.asarray(values, dtype="float64"), group=group)


def yes(header: str, values: np.ndarray, group: str = "") -> Column:
    """是 or 否; EMPTY writes nothing."""
    return Column(header, "bool", np.asarray(values, dtype="int64"), group=group)


def nothing(count: int) -> np.ndarray:
    """A column of EMPTY."""
    return np.full(count, EMPTY, dtype="int64")


def join(*pieces: Words | str) -> pa.Array:
    """Concatenate texts element by element; a missing piece makes the whole missing."""
    length = max(len(piece) for piece in pieces if not isinstance(piece, str))
    arrays = []
    for piece in pieces:
        if isinstance(piece, str):
            arrays.append(pa.array([piece] * 1).take(pa.array(np.zeros(length, dtype="int64"))))
        elif isinstance(piece, pa.Array):
            arrays.append(piece)
        else:
            arrays.append(pa.array(piece.astype(str).astype(object), pa.string()))
    return pc.binary_join_element_wise(*arrays, "")


def pick(vocabulary: Sequence[str], places: np.ndarray) -> pa.Array:
    """Words by place, as an arrow array."""
    return pa.array(list(vocabulary)).take(pa.array(np.asarray(places, dtype="int64")))


def digits(values: np.ndarray, width: int) -> pa.Array:
    """Whole numbers with leading zeros."""
    return pc.utf8_lpad(pa.array(np.asarray(values, dtype="int64")).cast(pa.string()), width, "0")
