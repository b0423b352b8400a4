"""Months as the bureau counts them: the business month is always an explicit value, never a clock's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import total_ordering
from zoneinfo import ZoneInfo

from include.privacy import DoudiError

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PERIOD = re.compile(r"(\d{4})-?(\d{2})")


def bureau_day() -> date:
    """The day that it is now at the bureau; for what people do, never for what is monitored."""
    return datetime.now(UTC).astimezone(SHANGHAI).date()


class NotAMonthError(DoudiError, ValueError):
    """A text or a pair of numbers that names no month."""


@total_ordering
@dataclass(frozen=True)
class Month:
    """One calendar month, written ``YYYYMM`` wherever a person types or reads it."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2999 and 1 <= self.number <= 12):
            raise NotAMonthError(f"不是月份：{self.year:04d}{self.number:02d}", "not a month")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``YYYYMM`` or ``YYYY-MM``; raises ValueError for anything else."""
        match = _PERIOD.fullmatch(text.strip())
        if match is None:
            raise NotAMonthError(f"月份应写作 YYYYMM：{text[:10]!r}", "a month is written YYYYMM")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """The first day, which is how every table writes a month."""
        return date(self.year, self.number, 1)

    def plus(self, months: int) -> Month:
        """The month that many months later (earlier when negative)."""
        ordinal = self.year * 12 + self.number - 1 + months
        return Month(ordinal // 12, ordinal % 12 + 1)

    def __lt__(self, other: Month) -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return f"{self.year:04d}{self.number:02d}"
