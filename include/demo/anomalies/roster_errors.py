"""C20, P03, P06, P07, P10, P11, P15 and P17: rosters that papers, the age or the formula do not bear out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from include.demo.anomalies.covers import certify, grant, nursing_only
from include.demo.anomalies.overpayments import pay
from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, WINDOW, day, iso, month, month_iso
from include.demo.programmes.assistance import DIBAO, ELDER, MINOR, NONE, SEVERE
from include.demo.programmes.children import IN_DIBAO, ORPHAN, UNATTENDED
from include.demo.programmes.children import SEVERE as SEVERE_CHILD
from include.demo.programmes.disability import HEARING, INTELLECT, LIMB, TIERS
from include.demo.programmes.payments import BACK

_ALL = range(10)
_INSIDE_SEVERE, _OUTSIDE_SEVERE, _MENTAL, _NURSING = 0, 2, 3, 5
_LONG_AGO = month(2016, 3)
_RISE = 6
"""The place in the window of the month from which a higher standard is in force."""


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the eight rules."""
    book.world.assistance.settle(book.world.people)
    _children_without_uplift(book)
    _two_child_benefits(book, pools)
    _tiers(book, pools)
    _grades(book)
    _amounts(book, pools)
    _uplifts(book, pools)
    _long_term_care(book, pools)


def _state(book: Casebook, person: int, uplift: int, months: Iterable[int]) -> None:
    """Let a household's list state an uplift of a covered member in some months."""
    help_ = book.world.assistance
    (row,) = np.flatnonzero((help_.member == person) & help_.covered)
    for index in months:
        help_.stated_uplift[(int(row), index)] = uplift


def _children_of(book: Casebook, kinds: tuple[int, ...], born_before: int) -> np.ndarray:
    """Children of some kinds who are on their roster all along and hold no certificate."""
    world, roster = book.world, book.world.children
    fit = roster.always() & np.isin(roster.facts["kind"], kinds)
    fit &= ~np.isin(roster.person, world.certificates.person) & (world.people.birth[roster.person] < born_before)
    return roster.person[fit & (world.people.died_on[roster.person] == EMPTY)]


def _children_without_uplift(book: Casebook) -> None:
    spells = ((NONE, _ALL), (ELDER, range(3, 10)), (NONE, range(2, 5)))
    pool = _children_of(book, (IN_DIBAO,), day(2020, 1, 1))
    for place, person in enumerate(book.take(pool, book.amount(20, 3), "C20")):
        uplift, months = spells[place % 3]
        _state(book, person, uplift, months)
        key = iso(int(book.world.people.birth[person]))
        book.plant("C20", "dibao", person, key, months, "medium", f"spell_{place % 3}")


def _two_child_benefits(book: Casebook, pools: Pools) -> None:
    world = book.world
    pool = np.intersect1d(pools.orphans, _children_of(book, (ORPHAN, UNATTENDED), day(2017, 1, 1)))
    for place, person in enumerate(book.take(pool, 2, "P03/living")):
        certify(book, person, day(2019, 9, 6), INTELLECT, 2)
        row = grant(book, world.living, person, _MENTAL, month(2019, 10))
        spells = [_ALL] if place else [range(4), range(6, 10)]
        world.living.paused[row, 4:6] = not place
        for months in spells:
            book.plant("P03", "disability_living", person, month_iso(WINDOW[months[0]]), months, "critical", "living")
    for person in book.take(pool, 2, "P03/paid"):
        pay(book, "child_in_difficulty", person, 6, 5, 50_000, BACK)
        book.plant("P03", "child_in_difficulty", person, month_iso(WINDOW[5]), [5], "critical", "two_paid")
    for person in book.take(pool, 2, "P03/near/returned"):
        pay(book, "child_in_difficulty", person, 6, 5, 50_000, BACK, success=False)
        book.near("P03", "child_in_difficulty", person, "另一项已退汇")


def _disabled(book: Casebook, person: int, tier: int, start: int) -> None:
    """A person with a certificate of the second grade, the nursing subsidy and a tier of the living subsidy."""
    certify(book, person, day(2015, 6, 2), LIMB, 1)
    grant(book, book.world.nursing, person, _NURSING, _LONG_AGO)
    grant(book, book.world.living, person, tier, start)


def _adult_heads(book: Casebook, pools: Pools, count: int, topic: str) -> list[int]:
    help_ = book.world.assistance
    heads = {int(home): int(help_.member[help_.members_of(home)[0]]) for home in pools.households[DIBAO].tolist()}
    adult = [home for home, head in heads.items() if book.world.people.birth[head] < day(1996, 1, 1)]
    return [heads[home] for home in book.take_households(np.array(adult), count, topic)]


def _tiers(book: Casebook, pools: Pools) -> None:
    for person in book.take(pools.bystanders, book.amount(10, 2), "P06/outside"):
        _disabled(book, person, _INSIDE_SEVERE, _LONG_AGO)
        book.plant("P06", "disability_living", person, TIERS[_INSIDE_SEVERE], _ALL, "high", "not_in_dibao")
    for person in _adult_heads(book, pools, book.amount(10, 2), "P06/inside"):
        _disabled(book, person, _OUTSIDE_SEVERE, _LONG_AGO)
        book.plant("P06", "disability_living", person, TIERS[_OUTSIDE_SEVERE], _ALL, "high", "in_dibao")
    for person in _adult_heads(book, pools, 2, "P06/near/inside"):
        _disabled(book, person, _INSIDE_SEVERE, _LONG_AGO)
        book.near("P06", "disability_living", person, "低保内的档次，本人在低保")


def _grades(book: Casebook) -> None:
    world = book.world
    roster, papers = world.nursing, world.certificates
    for place, person in enumerate(book.take(nursing_only(book), book.amount(20, 2), "P07")):
        row, paper = roster.row_of(person), papers.row_of(person)
        if place % 2:
            roster.facts["grade"][row] = 1 - papers.grade[paper]
        else:
            roster.facts["category"][row] = HEARING if papers.category[paper] != HEARING else LIMB
        number = papers.number(world.people, paper)
        limb = ("category", "grade")[place % 2]
        book.plant("P07", "disability_nursing", person, number, _ALL, "high", limb)
    for person in book.take(nursing_only(book), 2, "P07/near/paused"):
        row = roster.row_of(person)
        roster.facts["grade"][row] = 1 - papers.grade[papers.row_of(person)]
        roster.paused[row, :] = True
        book.near("P07", "disability_nursing", person, "补贴处于暂停")


def _amounts(book: Casebook, pools: Pools) -> None:
    help_ = book.world.assistance
    homes = pools.households[DIBAO]
    homes = homes[help_.amount[homes].min(axis=1) >= 30_000]

    def find(rule: str, home: int, months: Iterable[int], key: int | str, severity: str, limb: str) -> None:
        head = int(help_.member[help_.members_of(home)[0]])
        event = key if isinstance(key, str) else month_iso(WINDOW[key])
        book.plant(rule, "dibao", head, event, months, severity, limb, household=home, subject="household")

    for place, home in enumerate(book.take_households(homes, book.amount(20, 3), "P10")):
        begin, end = ((0, 10), (3, 10), (2, 5))[place % 3]
        persons = int(help_.count[home, 0])
        for index in range(begin, end):
            off = 100 * (persons + 1) if place % 3 else -int(help_.amount[home, index]) // 200 * 100
            help_.amount_off[(home, index)] = off
        severity, limb = ("medium", "a_yuan_more") if place % 3 else ("high", "half")
        find("P10", home, range(begin, end), begin, severity, limb)
    for home in book.take_households(homes, 2, "P10/near/rounding"):
        for index in _ALL:
            help_.amount_off[(home, index)] = 100 * int(help_.count[home, 0])
        book.near("P10", "dibao", int(help_.member[help_.members_of(home)[0]]), "每人差一元以内", home)
    poorest = homes[help_.income[homes].max(axis=1) * 4 < help_.count[homes].min(axis=1) * 12 * 71_000]
    poorest = poorest[help_.count[poorest].max(axis=1) == help_.covered_count[poorest].min(axis=1)]
    for home in book.take_households(poorest, book.amount(10, 2), "P17"):
        help_.lags_behind.add(home)
        find("P10", home, range(_RISE, 10), _RISE, "medium", "old_standard")
        find("P17", home, range(_RISE, 10), month_iso(WINDOW[_RISE]), "high", "old_standard")


def _uplifts(book: Casebook, pools: Pools) -> None:
    world = book.world
    stated = ((MINOR, "未成年人", _ALL), (SEVERE, "重残", range(4, 10)), (MINOR, "未成年人", range(2, 6)))
    for place, person in enumerate(_adult_heads(book, pools, book.amount(15, 3), "P11/adult")):
        uplift, key, months = stated[place % 3]
        _state(book, person, uplift, months)
        book.plant("P11", "dibao", person, key, months, "medium", f"adult_{place % 3}")
    children = world.children
    pool = _children_of(book, (SEVERE_CHILD,), day(2020, 1, 1))
    for person in book.take(pool, 2, "P11/determined"):
        children.facts["until"][children.row_of(person)] = WINDOW[3]
        book.plant("P11", "child_in_difficulty", person, "重残重病儿童", range(4, 10), "medium", "determination_over")
    for person in book.take(pool, 2, "P11/near/determined"):
        children.facts["until"][children.row_of(person)] = WINDOW[9]
        book.near("P11", "child_in_difficulty", person, "认定期到本月止")


def _pensioners(book: Casebook, pools: Pools, count: int, topic: str) -> list[int]:
    """People with an employer's pension, a severe disability and the nursing subsidy, whom no cover rule asks about."""
    people = book.take(pools.bystanders[book.world.has_pension[pools.bystanders]], count, topic)
    for person in people:
        certify(book, person, day(2015, 6, 2), LIMB, 1)
        grant(book, book.world.nursing, person, _NURSING, _LONG_AGO)
    return people


def _long_term_care(book: Casebook, pools: Pools) -> None:
    world = book.world

    def insure(person: int, start_on: int, end_on: int) -> str:
        world.add("long_term_care", person=person, start_on=start_on, end_on=end_on, shown=set(_ALL))
        return iso(start_on)

    spells = (
        (day(2019, 2, 1), EMPTY, _ALL),
        (day(2021, 4, 30), EMPTY, range(3, 10)),
        (day(2018, 5, 6), day(2021, 6, 1), range(6)),
    )
    for place, person in enumerate(_pensioners(book, pools, book.amount(15, 3), "P15")):
        start_on, end_on, months = spells[place % 3]
        key = insure(person, start_on, end_on)
        book.plant("P15", "disability_nursing", person, key, months, "medium", f"spell_{place % 3}")
    for person in _pensioners(book, pools, 2, "P15/near/ended"):
        insure(person, day(2017, 1, 1), day(2020, 12, 31))
        book.near("P15", "disability_nursing", person, "长护险待遇上年底已终止")
    for person in _pensioners(book, pools, 2, "P15/near/later"):
        insure(person, day(2021, 11, 1), EMPTY)
        book.near("P15", "disability_nursing", person, "长护险待遇下月才开始")
