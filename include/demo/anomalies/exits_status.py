"""E14 custody, E15 removal and E18 certificates that no longer carry a subsidy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, FOREVER, WINDOW, day, first_day, iso, last_day
from include.demo.programmes.assistance import CODES, DIBAO, EDGE, RIGID, SINGLE
from include.demo.programmes.children import CODES as CHILD_CODES
from include.demo.programmes.children import SEVERE
from include.demo.programmes.disability import CANCELLED, EXPIRED, FROZEN, HEARING, LIMB, MOVED, STATUSES

Holder = tuple[str, int, int]
"""Programme, household (-1 for none) and person."""


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the three rules."""
    _custody(book, pools)
    _removals(book, pools)
    _certificates(book, pools)
    _certificate_near_misses(book)


def holders(book: Casebook, pools: Pools, topic: str, count: int = 2) -> list[Holder]:
    """Some of every programme that a person holds: the poor, the disabled, the old, orphans."""
    result: list[Holder] = []
    help_ = book.world.assistance
    for code in (DIBAO, SINGLE, EDGE, RIGID):
        homes = book.take_households(pools.households[code], count, f"{topic}/{code}")
        result.extend((CODES[code], home, int(help_.member[help_.members_of(home)[0]])) for home in homes)
    for programme, pool in (
        ("extreme_poverty", pools.extreme),
        ("disability_nursing", pools.nursing),
        ("elder_allowance", pools.elders),
        ("orphan", pools.orphans),
    ):
        for person in book.take(pool, count, f"{topic}/{programme}"):
            filed_under = programme
            if programme == "orphan":
                roster = book.world.children
                filed_under = CHILD_CODES[roster.facts["kind"][roster.row_of(person)]]
            result.append((filed_under, -1, person))
    return result


def _detain(book: Casebook, person: int, kind: str, start_on: int, end_on: int = EMPTY) -> None:
    first = next((index for index in range(10) if start_on <= last_day(WINDOW[index])), 0)
    book.world.add("custody", person=person, kind=kind, start_on=start_on, end_on=end_on, shown=set(range(first, 10)))


def _custody(book: Casebook, pools: Pools) -> None:
    kinds = ("服刑", "羁押", "强制隔离戒毒")
    spans = (
        (day(2020, 6, 18), EMPTY, range(10)),
        (day(2021, 3, 10), EMPTY, range(3, 10)),
        (day(2021, 2, 3), day(2021, 7, 20), range(2, 6)),
        (day(2021, 4, 1), day(2021, 8, 31), range(4, 8)),
    )
    for place, (programme, home, person) in enumerate(holders(book, pools, "E14")):
        start_on, end_on, months = spans[(place + place // 4) % 4]
        kind = kinds[place % 3]
        _detain(book, person, kind, start_on, end_on)
        severity = "high" if programme in ("dibao", "dibao_edge", "rigid_expenditure") else "critical"
        book.plant("E14", programme, person, iso(start_on), months, severity, programme, household=home)
    help_ = book.world.assistance
    nears = (
        ("社区矫正", day(2020, 9, 1), EMPTY, "社区矫正"),
        ("监外执行", day(2020, 9, 1), EMPTY, "监外执行"),
        ("服刑", day(2021, 10, 8), EMPTY, "评估月内才入监"),
        ("羁押", day(2021, 3, 5), day(2021, 3, 28), "当月释放"),
        ("服刑", day(2016, 3, 5), day(2020, 12, 30), "早已刑满"),
    )
    for kind, start_on, end_on, why in nears:
        for home in book.take_households(pools.households[DIBAO], 2, f"E14/near/{why}"):
            person = int(help_.member[help_.members_of(home)[0]])
            _detain(book, person, kind, start_on, end_on)
            book.near("E14", "dibao", person, why, home)


def move(book: Casebook, person: int, index: int, destination: str, day_of_month: int = 12) -> int:
    """Let a person move in a month of the window; returns the day."""
    moved_on = int(first_day(WINDOW[0] + index)) + day_of_month
    book.world.people.moved_on[person] = moved_on
    book.world.people.destination[person] = destination
    return moved_on


def stop(book: Casebook, holder: Holder, last: int, reason: str) -> None:
    """End what a person holds after a month of the window."""
    programme, home, person = holder
    if home < 0:
        roster = book.world.roster(programme)
        row = roster.row_of(person)
        roster.last[row], roster.reason[row] = WINDOW[last], reason
        return
    help_ = book.world.assistance
    help_.last[home], help_.reason[home] = WINDOW[last], reason


def _removals(book: Casebook, pools: Pools) -> None:
    shapes = ((-1, 9), (2, 9), (3, 6), (5, 8))
    for place, holder in enumerate(holders(book, pools, "E15")):
        index, last = shapes[(place + place // 4) % 4]
        moved_on = move(book, holder[2], index, ("江苏省启东市汇龙镇", "上海市崇明区", "江苏省南通市崇川区")[place % 3])
        if last < 9:
            stop(book, holder, last, "户籍迁出")
        book.plant(
            "E15",
            holder[0],
            holder[2],
            iso(moved_on),
            range(max(index + 1, 0), last + 1),
            "high",
            holder[0],
            household=holder[1],
        )
    for why, index, destination in (
        ("迁往本区其他镇", 3, "江苏省南通市海门区三星镇"),
        ("迁往地写旧名仍在本区", 4, "江苏省海门市包场镇"),
        ("迁往地空白，不作判断", 2, ""),
        ("评估月内才迁出", 9, "江苏省启东市"),
    ):
        for person in book.take(pools.elders, 2, f"E15/near/{why}"):
            move(book, person, index, destination)
            book.near("E15", "elder_allowance", person, why)
    for person in book.take(pools.elders, 2, "E15/near/stopped"):
        move(book, person, 4, "江苏省启东市")
        stop(book, ("elder_allowance", -1, person), 4, "户籍迁出")
        book.near("E15", "elder_allowance", person, "迁出次月已停发")


def subsidies(book: Casebook, person: int) -> list[str]:
    """The subsidies of a person that stand on a certificate."""
    world = book.world
    held = [
        name
        for name, roster in (("disability_living", world.living), ("disability_nursing", world.nursing))
        if (row := roster.row_of(person)) >= 0 and roster.start[row] != FOREVER
    ]
    row = world.children.row_of(person)
    if row >= 0 and world.children.facts["kind"][row] == SEVERE:
        held.append("child_in_difficulty")
    return held


def _steady(book: Casebook, programme: str) -> np.ndarray:
    """Certified people who hold a subsidy throughout and are neither very old nor leaving."""
    world = book.world
    roster = world.roster(programme)
    people = world.people
    fit = roster.always() & (people.died_on[roster.person] == EMPTY) & (people.moved_on[roster.person] == EMPTY)
    if programme == "child_in_difficulty":
        certified = np.isin(roster.person, world.certificates.person[world.certificates.severe()])
        fit &= (roster.facts["kind"] == SEVERE) & certified
    help_ = world.assistance
    steady_home = np.ones(len(people), dtype=bool)
    steady_home[help_.member[~help_.always()[help_.member_household]]] = False
    severe_poor = np.zeros(len(people), dtype=bool)
    severe_poor[help_.member[help_.certificate == 2]] = True  # their uplift stands on the certificate too
    return roster.person[fit & steady_home[roster.person] & ~severe_poor[roster.person]]


def _fails(book: Casebook, person: int, months: Iterable[int], event: str, severity: str, limb: str) -> None:
    world = book.world
    number = world.certificates.number(world.people, world.certificates.row_of(person))
    for programme in subsidies(book, person):
        book.plant("E18", programme, person, f"{number}|{event}", months, severity, limb)


def _set_status(book: Casebook, person: int, status: int, months: Iterable[int]) -> None:
    papers = book.world.certificates
    papers.status[papers.row_of(person), list(months)] = status


def _expire(book: Casebook, person: int, until: int) -> int:
    papers = book.world.certificates
    row = papers.row_of(person)
    papers.valid_until[row], papers.issued_on[row] = until, until - 3651
    return row


def _certificates(book: Casebook, pools: Pools) -> None:
    shapes = (range(10), range(3, 10), range(2, 6), [1, 2, 6, 7, 8, 9])
    for status, severity in ((CANCELLED, "critical"), (FROZEN, "critical"), (EXPIRED, "high"), (MOVED, "high")):
        for programme in ("disability_nursing", "disability_living", "child_in_difficulty"):
            if programme == "child_in_difficulty" and status in (EXPIRED, MOVED):
                continue
            pool = _steady(book, programme)
            for place, person in enumerate(book.take(pool, 2, f"E18/{programme}/{status}")):
                months = shapes[(place * 2 + status) % 4]
                _set_status(book, person, status, months)
                _fails(book, person, months, STATUSES[status], severity, f"status_{status}")
    for place, person in enumerate(book.take(_steady(book, "disability_nursing"), book.amount(110, 3), "E18/expired")):
        until, begin = ((day(2021, 3, 15), 3), (day(2020, 11, 30), 0), (day(2021, 6, 30), 6))[place % 3]
        _expire(book, person, until)
        _fails(book, person, range(begin, 10), "过期", "high", "expired")
    for person in book.take(_steady(book, "disability_nursing"), 2, "E18/renewal_too_long"):
        row = _expire(book, person, day(2021, 2, 20))
        book.world.certificates.renewal_pending[row] = True
        _fails(book, person, range(5, 10), "过期", "high", "renewal_too_long")
    _misfits(book)
    for person in book.take(np.intersect1d(pools.nursing, _steady(book, "disability_nursing")), 2, "E18/vanished"):
        papers = book.world.certificates
        papers.hidden[papers.row_of(person), 4:] = True
        _fails(book, person, range(4, 10), "无证", "high", "no_certificate")


def _misfits(book: Casebook) -> None:
    """Grade or category that the tier does not cover, with roster and certificate agreeing on it."""
    world = book.world
    papers, living, nursing = world.certificates, world.living, world.nursing
    pool = np.setdiff1d(_steady(book, "disability_nursing"), np.concatenate([living.person, world.children.person]))
    for person in book.take(pool, 2, "E18/grade"):
        row, line = papers.row_of(person), nursing.row_of(person)
        papers.grade[row], papers.category[row] = 2, LIMB
        nursing.facts["grade"][line], nursing.facts["category"][line] = 2, LIMB
        _fails(book, person, range(10), "不符", "high", "grade_too_mild")
    outside = living.person[(living.facts["tier"] == 2) & ~np.isin(living.person, world.children.person)]
    for person in book.take(np.intersect1d(outside, _steady(book, "disability_living")), 2, "E18/category"):
        papers.category[papers.row_of(person)] = HEARING
        for roster in (living, nursing):
            roster.facts["category"][roster.row_of(person)] = HEARING
        number = papers.number(world.people, papers.row_of(person))
        book.plant("E18", "disability_living", person, f"{number}|不符", range(10), "high", "category_not_covered")
    mental = living.person[living.facts["tier"] == 3]
    for person in book.take(np.intersect1d(mental, _steady(book, "disability_living")), 2, "E18/mental"):
        papers.category[papers.row_of(person)] = LIMB
        living.facts["category"][living.row_of(person)] = LIMB
        number = papers.number(world.people, papers.row_of(person))
        book.plant("E18", "disability_living", person, f"{number}|不符", range(10), "high", "not_mental")


def _certificate_near_misses(book: Casebook) -> None:
    world = book.world
    for person in book.take(_steady(book, "disability_nursing"), 2, "E18/near/renewal"):
        row = _expire(book, person, day(2021, 8, 14))
        world.certificates.renewal_pending[row] = True
        book.near("E18", "disability_nursing", person, "换证受理中，未满三个月")
    for person in book.take(_steady(book, "disability_nursing"), 2, "E18/near/last_day"):
        _expire(book, person, day(2021, 10, 1))
        book.near("E18", "disability_nursing", person, "有效期至评估月第一天之后")
    kinds = world.children.facts["kind"]
    ill = np.setdiff1d(world.children.person[(kinds == SEVERE) & world.children.always()], world.certificates.person)
    for person in book.take(ill, 2, "E18/near/never_certified"):
        book.near("E18", "child_in_difficulty", person, "重病儿童从未持证")
    for person in book.take(_steady(book, "disability_nursing"), 2, "E18/near/ended"):
        for programme in subsidies(book, person):
            if programme != "child_in_difficulty":
                stop(book, (programme, -1, person), 3, "残疾人证注销")
        if "child_in_difficulty" in subsidies(book, person):
            stop(book, ("child_in_difficulty", -1, person), 3, "残疾人证注销")
        _set_status(book, person, CANCELLED, range(4, 10))
        book.near("E18", "disability_nursing", person, "注销次月已停发")
