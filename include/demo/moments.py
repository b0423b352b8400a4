"""Days and months as plain integers, so that a million of them can be compared at once.

A day is the number of days since 1970-01-01; a month is ``year * 12 + number - 1``.
"""

from __future__ import annotations

from datetime import date

import numpy as np

EMPTY = -100_000
"""A day, month or amount that is not there."""

FOREVER = 9_999_999
"""A month later than any other: an entitlement without an end."""

_EPOCH = 1970 * 12


def month(year: int, number: int) -> int:
    """The integer of a calendar month."""
    return year * 12 + number - 1


def day(year: int, number: int, day_of_month: int) -> int:
    """The integer of a calendar day."""
    return (date(year, number, day_of_month) - date(1970, 1, 1)).days


WINDOW = tuple(range(month(2021, 1), month(2021, 11)))
"""The months of the district's deliveries: January to October 2021."""


def first_day(months: np.ndarray | int) -> np.ndarray:
    """First day of each month."""
    return (np.asarray(months, dtype="int64") - _EPOCH).astype("datetime64[M]").astype("datetime64[D]").astype("int64")


def last_day(months: np.ndarray | int) -> np.ndarray:
    """Last day of each month."""
    return first_day(np.asarray(months, dtype="int64") + 1) - 1


def month_of(days: np.ndarray | int) -> np.ndarray:
    """The month each day lies in; EMPTY stays EMPTY."""
    days = np.asarray(days, dtype="int64")
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype("int64") + _EPOCH
    return np.where(days == EMPTY, EMPTY, months)


def birthday(births: np.ndarray | int, years: int) -> np.ndarray:
    """The day a person turns so many years old; 29 February becomes 1 March in common years."""
    births = np.asarray(births, dtype="int64")
    born_in = month_of(births)
    offset = births - first_day(born_in)
    return first_day(born_in + 12 * years) + offset


def age_in_month(births: np.ndarray, at: int) -> np.ndarray:
    """Whole years between the month of birth and a month."""
    return (at - month_of(births)) // 12


def iso(value: int) -> str:
    """A day as ``YYYY-MM-DD``; empty for EMPTY."""
    return "" if value == EMPTY else str(np.datetime64(int(value), "D"))


def month_text(value: int) -> str:
    """A month as ``YYYYMM``; empty for EMPTY or FOREVER."""
    return "" if value in (EMPTY, FOREVER) else f"{value // 12:04d}{value % 12 + 1:02d}"


def month_iso(value: int) -> str:
    """A month as its first day, ``YYYY-MM-01``."""
    return f"{value // 12:04d}-{value % 12 + 1:02d}-01"
