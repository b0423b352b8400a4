"""Chinese working days, from which deadlines are counted.

``chinesecalendar`` knows the State Council's yearly notices, with their shifted rest days. They come out a year
ahead, so for later years there is a table of our own: statutory holidays on their own days, no shifts; and where the
table ends, the holidays whose date is fixed. A deadline that is a few days early is better than none. Every row of the
seed says whether it comes from a notice; ``python -m include.alerts.working_days`` writes the seed anew.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from include.settings import DBT_PROJECT

FIRST_YEAR = 2019
LAST_YEAR = 2045
SEED = DBT_PROJECT / "seeds" / "codes" / "working_days.csv"

NOTICE = "chinesecalendar"
PLACEHOLDER = "placeholder: weekdays less fixed holidays"

# The days that move with the moon and the sun: 春节 (its first day), 清明, 端午, 中秋.
_MOVING = {
    2027: ("0206", "0405", "0609", "0915"),
    2028: ("0126", "0404", "0528", "1003"),
    2029: ("0213", "0404", "0616", "0922"),
    2030: ("0203", "0405", "0605", "0912"),
    2031: ("0123", "0405", "0624", "1001"),
}
# Days off from a festival's day: (offset of the first, number of days), as in the holiday regulation since 2025.
_SPRING_FESTIVAL = (-1, 4)
_FIXED = (("0101", 1), ("0501", 2), ("1001", 3))


@dataclass(frozen=True)
class WorkingDay:
    """One calendar day: whether offices work, and how many working days have begun up to and on it."""

    day: date
    is_working: bool
    working_day_number: int
    source: str


def calendar() -> Iterator[WorkingDay]:
    """Every day of the years covered, in order.

    A deadline ``n`` working days after a day is the working day whose number is that day's number plus ``n``;
    a day of rest has the number of the working day before it, so counting starts with the next one.
    """
    number = 0
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        is_working, source = _is_working(day)
        number += is_working
        yield WorkingDay(day, is_working, number, source)
        day += timedelta(days=1)


def seed_text() -> str:
    """The seed ``codes/working_days`` as it should stand in the repository."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("day", "is_working", "working_day_number", "source"))
    for row in calendar():
        writer.writerow((row.day.isoformat(), str(row.is_working).lower(), row.working_day_number, row.source))
    return text.getvalue()


def write_seed(path: Path = SEED) -> Path:
    """Write the seed and return its path."""
    path.write_text(seed_text(), encoding="utf-8")
    return path


def _is_working(day: date) -> tuple[bool, str]:
    try:
        return bool(chinese_calendar.is_workday(day)), NOTICE
    except NotImplementedError:
        return day.weekday() < 5 and day not in _statutory_holidays(day.year), PLACEHOLDER


def _statutory_holidays(year: int) -> set[date]:
    days: set[date] = set()
    if year in _MOVING:
        spring, *others = (_on(year, text) for text in _MOVING[year])
        first, length = _SPRING_FESTIVAL
        days = {spring + timedelta(days=first + step) for step in range(length)} | set(others)
    for text, count in _FIXED:
        days |= {_on(year, text) + timedelta(days=step) for step in range(count)}
    return days


def _on(year: int, month_day: str) -> date:
    return date(year, int(month_day[:2]), int(month_day[2:]))


if __name__ == "__main__":
    write_seed()
