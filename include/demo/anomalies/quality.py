"""D02, D05, D07, D10 and P12: what a register, a roster or a payment file states wrongly of somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subjects
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, WINDOW, month_iso
from include.demo.programmes.assistance import DIBAO, RIGID
from include.demo.programmes.payments import CODES, account_number

_ALL = range(10)
_REGISTER, _ALLOWANCE = "public_security.population", "civil_affairs.elder_allowance"


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the five rules."""
    subjects = Subjects(book, pools)
    _register_and_number(book, pools)
    _missing_contacts(book, subjects)
    _certificate_numbers(book)
    _member_counts(book, subjects)
    _accounts(book, pools)


def _state(book: Casebook, subject: int, column: str, value: Any, months: Iterable[int]) -> None:
    """Let a roster state something else of a household or person in some months."""
    book.world.add("stated", subject=subject, column=column, value=value, shown=set(months))


def _register_and_number(book: Casebook, pools: Pools) -> None:
    for person in book.take(pools.bystanders, book.amount(20, 2), "D02/sex"):
        book.world.add("sex_mistaken", person=person)
        book.plant("D02", "", person, _REGISTER, _ALL, "medium", "sex")
    for place, person in enumerate(book.take(pools.elders, book.amount(40, 2), "D02/birth")):
        months = (_ALL, range(2, 6))[place % 2]
        _state(book, person, "birth", int(book.world.people.birth[person]) + 1, months)
        book.plant("D02", "", person, _ALLOWANCE, months, "medium", "birth")
    for person in book.take(pools.elders, 2, "D02/near/empty"):
        _state(book, person, "birth", EMPTY, _ALL)
        book.near("D02", "", person, "出生日期未填")


def _missing_contacts(book: Casebook, subjects: Subjects) -> None:
    for place, subject in enumerate(subjects.household(DIBAO, "D05", book.amount(20, 4))):
        column, months = ("phone", "address")[place % 2], (_ALL, range(3, 7))[place // 2 % 2]
        _state(book, subject[1], column, None, months)
        book.plant("D05", "", subject[2], column, months, "low", column, household=subject[1], subject="household")
    for subject in subjects.household(RIGID, "D05/ended"):
        help_ = book.world.assistance
        help_.last[subject[1]], help_.reason[subject[1]] = WINDOW[2], "自愿放弃"
        _state(book, subject[1], "phone", None, range(3, 10))
        book.plant(
            "D05", "", subject[2], "phone", range(3, 10), "low", "ended", household=subject[1], subject="household"
        )


def _certificate_numbers(book: Casebook) -> None:
    world, papers = book.world, book.world.certificates
    people = world.people
    stays = (people.died_on == EMPTY) & (people.moved_on == EMPTY) & ~world.poor
    pool = papers.person[stays[papers.person] & ~papers.hidden.any(axis=1)]
    for place, person in enumerate(book.take(pool, book.amount(20, 2), "D07")):
        row = papers.row_of(person)
        category, grade = int(papers.category[row]) + 1, int(papers.grade[row]) + 1
        wrong = ((category % 7 + 1, grade), (category, grade % 4 + 1))[place % 2]
        papers.misprinted[row] = wrong[0] * 10 + wrong[1]
        limb = ("category", "grade")[place % 2]
        book.plant("D07", "", person, papers.number(world.people, row), _ALL, "medium", limb)


def _member_counts(book: Casebook, subjects: Subjects) -> None:
    help_ = book.world.assistance
    for place, subject in enumerate(subjects.household(RIGID, "D10", book.amount(10, 2))):
        months = (_ALL, range(4, 8))[place % 2]
        persons = len(help_.members_of(subject[1]))
        _state(book, subject[1], "member_count", persons + 1, months)
        key = month_iso(WINDOW[months[0]])
        book.plant(
            "D10", "", subject[2], key, months, "medium", "one_too_many", household=subject[1], subject="household"
        )


def _transfer(book: Casebook, person: int, owner: int, months: Iterable[int]) -> None:
    """Pay a person's elder allowance into somebody else's account."""
    for index in months:
        book.world.add("account", file=index, programme=CODES.index("elder_allowance"), person=person, owner=owner)


def _accounts(book: Casebook, pools: Pools) -> None:
    people = book.world.people

    def find(owner: int, months: Iterable[int], limb: str) -> None:
        book.plant("P12", "", -1, account_number(owner), months, "high", limb, subject="payment")

    spells = (_ALL, range(3, 7))
    for place in range(book.amount(4, 2)):
        first, second, third = book.take(pools.elders, 3, f"P12/crowded/{place}")
        for person in (second, third):
            _transfer(book, person, first, spells[place % 2])
        find(first, spells[place % 2], "three_families")
    strangers = book.take(pools.bystanders, book.amount(6, 2), "P12/owner")
    for place, (person, owner) in enumerate(
        zip(book.take(pools.elders, len(strangers), "P12/strange"), strangers, strict=True)
    ):
        if people.household[person] != people.household[owner]:
            _transfer(book, person, owner, spells[place % 2])
            find(owner, spells[place % 2], "owner_unknown")
    together = pools.elders[np.isin(people.spouse[pools.elders], pools.elders)]
    for person in book.take(together, 1, "P12/near/family"):
        _transfer(book, person, int(people.spouse[person]), _ALL)
        book.near("P12", "", person, "开户人是同户的配偶")
