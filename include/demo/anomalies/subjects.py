"""Low-income subjects of planted cases: a household with a member of it, or a person in extreme poverty."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import WINDOW, age_in_month
from include.demo.programmes.assistance import CODES, LIVES_HERE

Subject = tuple[str, int, int, str]
"""Programme, household (-1 for none), a member, and whether person or household is the subject."""


class Subjects:
    """Hands out a low-income subject: a household with one of its members, or a person in extreme poverty."""

    def __init__(self, book: Casebook, pools: Pools) -> None:
        self.book, self.pools = book, pools

    def household(self, code: int, topic: str, count: int = 2) -> list[Subject]:
        """Households with their last member."""
        homes = self.book.take_households(self.pools.households[code], count, topic)
        return [self._subject(code, home, -1) for home in homes]

    def headed(self, code: int, topic: str, count: int = 2, ages: tuple[int, int] = (20, 60)) -> list[Subject]:
        """Households with a head who is from so old to younger than so old through the window."""
        homes, world = self.pools.households[code], self.book.world
        help_ = world.assistance
        living = np.flatnonzero(help_.role == LIVES_HERE)
        owners, first = np.unique(help_.member_household[living], return_index=True)
        heads = help_.member[living[first[np.searchsorted(owners, homes)]]]
        births = world.people.birth[heads]
        fit = (age_in_month(births, WINDOW[0]) >= ages[0]) & (age_in_month(births, WINDOW[-1]) < ages[1])
        return [self._subject(code, home, 0) for home in self.book.take_households(homes[fit], count, topic)]

    def among(self, homes: np.ndarray, code: int, topic: str, count: int = 2) -> list[Subject]:
        """Households of a narrower pool with their heads."""
        return [self._subject(code, home, 0) for home in self.book.take_households(homes, count, topic)]

    def extreme(self, topic: str, count: int = 2) -> list[Subject]:
        """The same for extreme poverty, where the subject is the person."""
        return [("extreme_poverty", -1, who, "person") for who in self.book.take(self.pools.extreme, count, topic)]

    def find(
        self,
        rule_id: str,
        subject: Subject,
        key: str,
        months: Iterable[int],
        severity: str | Callable[[int], str],
        limb: str,
    ) -> None:
        """Write a case of a subject down."""
        programme, home, person, kind = subject
        self.book.plant(rule_id, programme, person, key, months, severity, limb, household=home, subject=kind)

    def find_each(self, rule_id: str, subject: Subject, found: dict[int, tuple[str, str]], limb: str) -> None:
        """Write down what is found month by month, given as key and severity: one case a key."""
        for key in sorted({key for key, _ in found.values()}):
            levels = {index: severity for index, (other, severity) in found.items() if other == key}
            self.find(rule_id, subject, key, levels, levels.__getitem__, limb)

    def near(self, rule_id: str, subject: Subject, why: str) -> None:
        """Write a near miss of a subject down."""
        self.book.near(rule_id, subject[0], subject[2], why, subject[1])

    def suspend(self, subject: Subject, months: Iterable[int]) -> None:
        """Suspend a household in some months of the window."""
        self.book.world.assistance.paused[subject[1], list(months)] = True

    def exempt(
        self, subject: Subject, kind: str, number: str, reason: str, until: int, shown: Iterable[int] = range(10)
    ) -> None:
        """Exempt a property of the subject until a day, in the lists of some months."""
        _, home, person, _ = subject
        self.book.world.add(
            "asset_exemption",
            household=home,
            person=person,
            kind=kind,
            number=number,
            reason=reason,
            until=until,
            shown=set(shown),
        )

    def _subject(self, code: int, home: int, place: int) -> Subject:
        help_ = self.book.world.assistance
        return (CODES[code], home, int(help_.member[help_.members_of(home)[place]]), "household")
