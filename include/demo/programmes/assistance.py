"""Households on dibao, dibao for one person, dibao edge and rigid expenditure: who they are and what they get."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from include.demo.moments import EMPTY, FOREVER, WINDOW, birthday, first_day, month_of
from include.demo.people import People
from include.demo.programmes.standards import STANDARD

DIBAO, SINGLE, EDGE, RIGID = 0, 1, 2, 3
CODES = ("dibao", "dibao_single", "dibao_edge", "rigid_expenditure")
FILED_AS = ("低保", "低保", "低保边缘", "刚性支出困难")
LIVES_HERE, SUPPORTER = 0, 1
NONE, MINOR, ELDER, ILL, SEVERE = 0, 1, 2, 3, 4
UPLIFTS = ("无", "未成年人", "老年人", "重病", "重残")


def _unknown() -> np.ndarray:
    return np.empty(0)


@dataclass
class Assistance:
    """Households and, flat beside them, their members; matrices have one column a month of the window.

    What a clerk stated otherwise than it should be is kept apart, by place of a member or household and of a month:
    the uplift of a member, the cents by which an amount is off, and households whose amount lags a standard behind.
    """

    programme: np.ndarray
    village: np.ndarray
    start: np.ndarray
    last: np.ndarray
    reason: np.ndarray
    paused: np.ndarray
    in_grace: np.ndarray
    grace_until: np.ndarray
    review_day: np.ndarray
    register: np.ndarray
    member_household: np.ndarray
    member: np.ndarray
    role: np.ndarray
    covered: np.ndarray
    relation: np.ndarray
    wage: np.ndarray
    business: np.ndarray
    transfer: np.ndarray
    pension: np.ndarray
    is_ill: np.ndarray
    certificate: np.ndarray
    stays_until: np.ndarray
    joins: np.ndarray
    number: np.ndarray = field(default_factory=_unknown)
    count: np.ndarray = field(default_factory=_unknown)
    covered_count: np.ndarray = field(default_factory=_unknown)
    income: np.ndarray = field(default_factory=_unknown)
    amount: np.ndarray = field(default_factory=_unknown)
    head: np.ndarray = field(default_factory=_unknown)
    stated_uplift: dict[tuple[int, int], int] = field(default_factory=dict)
    amount_off: dict[tuple[int, int], int] = field(default_factory=dict)
    lags_behind: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.programme)

    def held(self, index: int) -> np.ndarray:
        """Households that count as receiving in a month of the window."""
        at = WINDOW[index]
        return (self.start <= at) & (at <= self.last) & ~self.paused[:, index]

    def shown(self, index: int) -> np.ndarray:
        """Households the month's delivery lists."""
        return self.start <= WINDOW[index]

    def present(self, index: int) -> np.ndarray:
        """Members listed with their household; an ended household keeps those it ended with."""
        at = np.minimum(WINDOW[index], self.last[self.member_household])
        return (self.joins <= at) & (at <= self.stays_until) & (self.start[self.member_household] <= WINDOW[index])

    def members_of(self, household: int) -> np.ndarray:
        """Places of the members who share the household's life."""
        return np.flatnonzero((self.member_household == household) & (self.role == LIVES_HERE))

    def always(self) -> np.ndarray:
        """Households that receive in every month and whose members all stay."""
        stays = np.ones(len(self), dtype=bool)
        living = self.role == LIVES_HERE
        changing = living & ((self.stays_until != FOREVER) | (self.joins > WINDOW[0]))
        stays[self.member_household[changing]] = False
        return stays & (self.start < WINDOW[0]) & (self.last == FOREVER) & ~self.paused.any(1) & ~self.in_grace.any(1)

    def settle(self, people: People) -> None:
        """Count members, add incomes up and compute the amounts, after everything that was planted."""
        shape = (len(self), len(WINDOW))
        self.count, self.covered_count = np.zeros(shape, dtype="int64"), np.zeros(shape, dtype="int64")
        self.income, self.amount = np.zeros(shape, dtype="int64"), np.zeros(shape, dtype="int64")
        self.head = np.zeros(shape, dtype="int64")
        own_income = self.wage + self.business + self.transfer
        for index in range(len(WINDOW)):
            here = self.present(index) & (self.role == LIVES_HERE)
            household = self.member_household[here]
            self.count[:, index] = np.bincount(household, minlength=len(self))
            covered = self.covered[here]
            self.covered_count[:, index] = np.bincount(household[covered], minlength=len(self))
            self.income[:, index] = np.bincount(household, weights=own_income[here], minlength=len(self)).round()
            self.head[:, index] = self._heads(np.flatnonzero(here), people)
            children = np.bincount(household[self.uplift(index, people)[here] == MINOR], minlength=len(self))
            self.amount[:, index] = self._amounts(index, children)

    def _heads(self, here: np.ndarray, people: People) -> np.ndarray:
        """The first member who is there; a dead head gives way to the next."""
        order = here[np.lexsort((here, self.member_household[here]))]
        household = self.member_household[order]
        head = np.full(len(self), -1, dtype="int64")
        head[household[::-1]] = order[::-1]
        return head

    def _amounts(self, index: int, children: np.ndarray) -> np.ndarray:
        standard = np.full(len(self), STANDARD[index])
        standard[list(self.lags_behind)] = STANDARD[0]
        count = np.maximum(self.count[:, index], 1)
        covered = self.covered_count[:, index]
        raised = self.in_grace[:, index]
        # cents: c·S − c/n·income/12 + 0.2·S·k, rounded up to whole yuan once for the household
        twelfths = 12 * count * covered * standard - covered * self.income[:, index]
        twelfths += 12 * count * children * standard // 5
        yuan = -(-twelfths // (12 * count * 100))
        gap = np.maximum(yuan, 0) * 100
        gap = np.where(self.income[:, index] >= standard * 12 * count, 0, gap)
        before = self.amount[:, index - 1] if index else gap
        amount = np.where(raised, np.where(before > 0, before, gap), gap)
        amount = np.select(
            [self.programme == DIBAO, self.programme == SINGLE], [amount, standard * self.covered_count[:, index]], 0
        )
        for (home, at), cents in self.amount_off.items():
            if at == index:
                amount[home] += cents
        return amount

    def annual_income(self, index: int) -> np.ndarray:
        """What the delivery states as the household's yearly income; in grace it lies above the standard."""
        raised = self.count[:, index] * 12 * 95_000
        return np.where(self.in_grace[:, index], raised, self.income[:, index])

    def uplift(self, index: int, people: People) -> np.ndarray:
        """The uplift category of each member: minors until the month after their eighteenth birthday."""
        births = people.birth[self.member]
        begins = int(first_day(WINDOW[index]))
        adult_on = birthday(births, 18)
        age = (WINDOW[index] - month_of(births)) // 12
        is_dibao = self.programme[self.member_household] == DIBAO
        plain = np.select(
            [adult_on > begins, self.is_ill, self.certificate == 2, age >= 70], [MINOR, ILL, SEVERE, ELDER], NONE
        )
        uplift = np.where(is_dibao & self.covered & (self.role == LIVES_HERE), plain, NONE)
        for (row, at), stated in self.stated_uplift.items():
            if at == index:
                uplift[row] = stated
        return uplift

    def status(self, index: int) -> np.ndarray:
        """在享, 渐退, 暂停 or 终止 for every household."""
        at = WINDOW[index]
        return np.select(
            [at > self.last, self.paused[:, index], self.in_grace[:, index]], ["终止", "暂停", "渐退"], "在享"
        )

    def until(self) -> np.ndarray:
        """End months as the delivery writes them."""
        return np.where(self.last == FOREVER, EMPTY, self.last)

    def add_member(
        self,
        household: int,
        person: int,
        *,
        role: int = LIVES_HERE,
        covered: bool = False,
        relation: str = "其他亲属",
        joins: int = 0,
        stays_until: int = FOREVER,
        transfer: int = 120_000,
    ) -> None:
        """List one more person with a household."""
        values = {
            "member_household": household,
            "member": person,
            "role": role,
            "covered": covered,
            "relation": relation,
            "wage": 0,
            "business": 0,
            "transfer": transfer,
            "pension": 0,
            "is_ill": False,
            "certificate": 0,
            "stays_until": stays_until,
            "joins": joins,
        }
        for name, value in values.items():
            setattr(self, name, np.append(getattr(self, name), np.array([value], dtype=getattr(self, name).dtype)))
