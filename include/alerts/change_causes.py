"""Which deliveries may have brought a change: those received in between of the datasets that its value is made from.

Nobody can say more from two publications: a row of the newest month may be dated years ago. Late and corrected
deliveries are named before those of the month itself, and where none of the datasets came, rule or parameter changed.
"""

from __future__ import annotations

import csv
from functools import cache

from include.alerts.changes import ALERT, CORRECTED, LATE, MEANS, PAYMENT, Change, Received, plain
from include.contracts import load_contracts
from include.settings import DBT_PROJECT

NO_DELIVERY = "规则、参数或人员归并的调整"
_PAYMENTS = "civil_affairs.payment"
_HOUSEHOLD = ("civil_affairs.assistance_household", "civil_affairs.assistance_member")
_MOST_NAMED = 6


class Causes:
    """Tells of a change which of the deliveries received since may have brought it."""

    def __init__(self, received: list[Received]) -> None:
        self._received = received
        self._known: dict[tuple[object, ...], str] = {}

    def of(self, change: Change) -> str:
        """The deliveries in words, the likelier ones alone where there are any."""
        datasets = _datasets(change)
        key = (datasets, change.month)
        if key not in self._known:
            matching = [received for received in self._received if received.dataset in datasets]
            late = [received for received in matching if received.manner in (CORRECTED, LATE)]
            self._known[key] = _words(late or matching)
        return self._known[key]


def _words(received: list[Received]) -> str:
    if not received:
        return NO_DELIVERY
    named = [_name(each) for each in received[:_MOST_NAMED]]
    rest = len(received) - len(named)
    return "；".join(named) + (f"；等 {len(received)} 份" if rest else "")


def _name(received: Received) -> str:
    contract = load_contracts().get(received.dataset)
    title = contract.title_zh if contract else received.dataset
    return " ".join(part for part in (title, plain(received.period), received.part, f"（{received.manner}）") if part)


def _datasets(change: Change) -> frozenset[str]:
    if change.kind == PAYMENT or change.field == "实发金额":
        return frozenset({_PAYMENTS})
    if change.kind == MEANS:
        return frozenset(_HOUSEHOLD)
    rosters = _rosters().get(change.programme, frozenset())
    return rosters | _of_rules().get(change.rule_id, frozenset()) if change.kind == ALERT else rosters


@cache
def _rosters() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in _seed("programme_roster"):
        if row["dataset"]:
            found.setdefault(row["programme"], set()).add(row["dataset"])
    return {programme: frozenset(datasets) for programme, datasets in found.items()}


@cache
def _of_rules() -> dict[str, frozenset[str]]:
    """The datasets that a rule names; an absent dataset silences the rule, a delivery of it may move it."""
    return {
        row["rule_id"]: frozenset(filter(None, f"{row['requires']};{row['requires_any']}".split(";")))
        for row in _seed("rule_catalogue")
    }


def _seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / "rules" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
