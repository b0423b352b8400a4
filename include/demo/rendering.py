"""Turns typed columns into text: the plain way of a database export, or a clerk's way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from include.demo.moments import EMPTY, iso, month_text
from include.demo.tables import Column


def cents_text(cents: int) -> str:
    """An amount with two decimals."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def number_text(value: float) -> str:
    """A number as short as it can be written."""
    return "" if np.isnan(value) else f"{value:g}"


PLAIN: dict[str, Callable[[int], str | None]] = {
    "date": lambda value: None if value == EMPTY else iso(value),
    "month": lambda value: None if value == EMPTY else month_text(value),
    "money": lambda value: None if value == EMPTY else cents_text(value),
    "int": lambda value: None if value == EMPTY else str(value),
    "number": lambda value: number_text(value) or None,
    "bool": lambda value: None if value == EMPTY else "是" if value else "否",
}


def plain_array(column: Column) -> pa.Array:
    """The column as arrow text, written plainly."""
    return styled_array(column, PLAIN.get(column.kind))


def styled_array(column: Column, style: Callable[[int], str | None] | None) -> pa.Array:
    """The column as arrow text; the style is asked once a distinct value."""
    values = column.values
    if isinstance(values, pa.Array):
        return values
    if column.words is not None:
        texts = [style(word) if style else word for word in column.words.tolist()]
        missing = values == EMPTY
        return pa.array(texts, pa.string()).take(pa.array(np.where(missing, 0, values), mask=missing))
    if style is None:
        return pa.array(
            [None if value is None or value == "" else str(value) for value in values.tolist()], pa.string()
        )
    distinct, place = np.unique(values, return_inverse=True)
    return pa.array([style(value) for value in distinct.tolist()], pa.string()).take(pa.array(place))


def plain_texts(column: Column) -> np.ndarray:
    """The column as numpy text objects, None where empty."""
    return np.array(plain_array(column).to_pylist(), dtype=object)
