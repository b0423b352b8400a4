"""Which months an API is asked for: those not yet received, and the newest known one again for its corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from include.contracts import Contract
from include.periods import SHANGHAI, Month
from include.settings import Settings
from include.sources.memory import Memory

EMPTY_MONTHS_BEFORE_THE_FIRST = 12


def last_month(settings: Settings) -> Month:
    """The month to monitor, or else the current one."""
    if settings.as_of:
        return Month.parse(settings.as_of)
    return Month.of(datetime.now(UTC).astimezone(SHANGHAI).date())


def months_to_ask(settings: Settings, memory: Memory, contract: Contract) -> list[Month]:
    """The months from the oldest that anybody sent anything for, or else the last one, oldest first.

    Left out are those received by whatever way, but for the newest that was pulled and those that were pulled
    before they had ended.
    """
    last = last_month(settings)
    newest_pulled = memory.newest_pulled(contract.dataset)
    oldest = memory.oldest_received()
    month = min(Month.parse(oldest), last) if oldest else last
    months = []
    while month <= last:
        earlier = memory.of(contract.dataset, str(month))
        was_going_on = earlier is not None and Month.of(earlier.received_on) <= month
        if str(month) == newest_pulled or was_going_on or not memory.has_received(contract.dataset, str(month)):
            months.append(month)
        month = month.plus(1)
    return months


def months_before(month: Month) -> Iterator[Month]:
    """The months before a month, newest first, for whoever looks where a source begins."""
    while month > Month(1901, 1):
        month = month.plus(-1)
        yield month
