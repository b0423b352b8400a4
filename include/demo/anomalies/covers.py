"""C03, C04 and C05: people who should receive a subsidy or the elder allowance and do not."""

from __future__ import annotations

import numpy as np

from include.demo.anomalies.exits_deaths import die
from include.demo.anomalies.exits_status import move
from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, FOREVER, WINDOW, birthday, day, iso, month, month_of
from include.demo.programmes.assistance import CODES, DIBAO, SINGLE
from include.demo.programmes.children import UNATTENDED, fill_child_amounts
from include.demo.programmes.disability import FROZEN, HEARING, LIMB, fill_living_amounts
from include.demo.programmes.roster import Roster


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the three rules."""
    _living(book, pools)
    _living_near_misses(book, pools)
    _nursing(book)
    _nursing_near_misses(book, pools)
    _elders(book)
    _elder_near_misses(book)


def certify(book: Casebook, person: int, issued_on: int, category: int = LIMB, grade: int = 3) -> str:
    """Issue a certificate; returns its number. It appears in the list of its month."""
    papers = book.world.certificates
    row = papers.add(person, category, grade, issued_on)
    papers.hidden[row] = np.array([month_of(issued_on) > at for at in WINDOW])
    return papers.number(book.world.people, row)


def grant(book: Casebook, roster: Roster, person: int, tier: int, start: int, last: int = FOREVER) -> int:
    """Put a person on a subsidy's roster."""
    papers = book.world.certificates
    paper = papers.row_of(person)
    row = roster.copy_row(
        0,
        person=person,
        start=start,
        last=last,
        tier=tier,
        certificate=paper,
        category=papers.category[paper],
        grade=papers.grade[paper],
    )
    if roster is book.world.living:
        fill_living_amounts(roster)
    return row


def _head(book: Casebook, home: int) -> int:
    help_ = book.world.assistance
    return int(help_.member[help_.members_of(home)[0]])


def _adult_households(book: Casebook, pools: Pools, code: int) -> np.ndarray:
    """Households whose head is grown up and born early enough for any certificate."""
    heads = np.array([_head(book, int(home)) for home in pools.households[code]])
    return pools.households[code][book.world.people.birth[heads] < day(2000, 1, 1)]


def _living(book: Casebook, pools: Pools) -> None:
    world = book.world
    spells = (
        (day(2015, 6, 2), None, range(10)),
        (day(2021, 2, 15), None, range(4, 10)),
        (day(2018, 6, 2), 6, range(6)),
    )
    for code in (DIBAO, SINGLE):
        count = book.amount(30, 3) if code == DIBAO else 2
        for place, home in enumerate(book.take_households(_adult_households(book, pools, code), count, f"C03/{code}")):
            person = _head(book, home)
            issued_on, granted, months = spells[place % 3]
            number = certify(book, person, issued_on)
            if granted is not None:
                grant(book, world.living, person, 1, WINDOW[granted])
            book.plant("C03", "disability_living", person, number, months, "high", CODES[code])
    for home in book.take_households(_adult_households(book, pools, DIBAO), 2, "C03/returning"):
        person = _head(book, home)
        number = certify(book, person, day(2016, 3, 3))
        world.certificates.status[world.certificates.row_of(person), 4:6] = FROZEN
        book.plant("C03", "disability_living", person, number, [0, 1, 2, 3, 6, 7, 8, 9], "high", "returning")
    for home in book.take_households(_adult_households(book, pools, DIBAO), 2, "C03/severe"):
        person = _head(book, home)
        number = certify(book, person, day(2016, 3, 3), HEARING, 1)
        grant(book, world.nursing, person, 5, month(2016, 5))
        book.plant("C03", "disability_living", person, number, range(10), "high", "severe")


def _living_near_misses(book: Casebook, pools: Pools) -> None:
    world = book.world
    homes = _adult_households(book, pools, DIBAO)
    for home in book.take_households(homes, 2, "C03/near/new"):
        certify(book, _head(book, home), day(2021, 9, 6))
        book.near("C03", "disability_living", _head(book, home), "发证一个月", home)
    for home in book.take_households(homes, 2, "C03/near/paused"):
        person = _head(book, home)
        certify(book, person, day(2014, 9, 6))
        row = grant(book, world.living, person, 1, month(2015, 1))
        world.living.paused[row, 2:] = True
        book.near("C03", "disability_living", person, "补贴处于暂停", home)
    for home in book.take_households(homes, 2, "C03/near/injury"):
        person = _head(book, home)
        certify(book, person, day(2014, 9, 6))
        world.add("work_injury", person=person, start=month(2015, 3), end=EMPTY, shown=set(range(10)))
        book.near("C03", "disability_living", person, "领取工伤生活护理费", home)
    for home in book.take_households(homes, 2, "C03/near/frozen"):
        person = _head(book, home)
        certify(book, person, day(2014, 9, 6))
        world.certificates.status[world.certificates.row_of(person)] = FROZEN
        book.near("C03", "disability_living", person, "残疾人证冻结", home)
    children = world.children
    help_ = world.assistance
    steady = np.zeros(len(world.people), dtype=bool)
    steady[help_.member[np.isin(help_.member_household, np.flatnonzero(help_.always())) & help_.covered]] = True
    pool = children.person[
        (children.facts["kind"] == 3)
        & steady[children.person]
        & (world.people.birth[children.person] < day(2017, 1, 1))
    ]
    for person in book.take(pool, 2, "C03/near/unattended"):
        certify(book, person, day(2019, 9, 6))
        children.facts["kind"][children.row_of(person)] = UNATTENDED
        fill_child_amounts(children)
        book.near("C03", "disability_living", person, "事实无人抚养儿童，不重复享受")


def nursing_only(book: Casebook) -> np.ndarray:
    """Nursing recipients who hold nothing else."""
    world = book.world
    other = np.concatenate([world.living.person, world.children.person, world.elders.person])
    roster = world.nursing
    fit = roster.always() & ~world.poor[roster.person] & ~np.isin(roster.person, other)
    fit &= (world.people.died_on[roster.person] == EMPTY) & (world.people.moved_on[roster.person] == EMPTY)
    return roster.person[fit]


def _nursing(book: Casebook) -> None:
    world = book.world
    papers, roster = world.certificates, world.nursing
    for place, person in enumerate(book.take(nursing_only(book), book.amount(160, 4), "C04")):
        row, paper = roster.row_of(person), papers.row_of(person)
        late = (None, 4, 7)[place % 3]
        roster.start[row] = FOREVER if late is None else WINDOW[late]
        end = 10 if late is None else late
        book.plant(
            "C04",
            "disability_nursing",
            person,
            papers.number(world.people, paper),
            range(end),
            "high",
            "never" if late is None else "granted_late",
        )
    for person in book.take(nursing_only(book), 2, "C04/new"):
        row, paper = roster.row_of(person), papers.row_of(person)
        roster.start[row] = FOREVER
        papers.issued_on[paper], papers.valid_until[paper] = day(2021, 3, 9), day(2031, 3, 8)
        papers.hidden[paper, :2] = True
        book.plant(
            "C04",
            "disability_nursing",
            person,
            papers.number(world.people, paper),
            range(5, 10),
            "high",
            "newly_certified",
        )
    for person in book.take(nursing_only(book), 2, "C04/returning"):
        row, paper = roster.row_of(person), papers.row_of(person)
        roster.start[row] = FOREVER
        papers.status[paper, 3:5] = FROZEN
        months = [0, 1, 2, 5, 6, 7, 8, 9]
        book.plant("C04", "disability_nursing", person, papers.number(world.people, paper), months, "high", "returning")


def _nursing_near_misses(book: Casebook, pools: Pools) -> None:
    world = book.world
    papers, roster = world.certificates, world.nursing

    def near(why: str, count: int = 2) -> list[tuple[int, int, int]]:
        found = []
        for person in book.take(nursing_only(book), count, f"C04/near/{why}"):
            book.near("C04", "disability_nursing", person, why)
            found.append((person, roster.row_of(person), papers.row_of(person)))
        return found

    for _, row, paper in near("发证一个月"):
        roster.start[row] = FOREVER
        papers.issued_on[paper], papers.valid_until[paper] = day(2021, 9, 9), day(2031, 9, 8)
        papers.hidden[paper, :8] = True
    for _, row, _ in near("补贴处于暂停"):
        roster.paused[row, 3:] = True
    for person, row, _ in near("领取工伤生活护理费"):
        roster.start[row] = FOREVER
        world.add("work_injury", person=person, start=month(2018, 2), end=EMPTY, shown=set(range(10)))
    for (_, row, paper), (_, other_row, other) in zip(near("残疾人证冻结"), near("残疾等级三级"), strict=True):
        roster.start[row] = roster.start[other_row] = FOREVER
        papers.status[paper] = FROZEN
        papers.grade[other], papers.category[other] = 2, LIMB
    for why, leave in (
        ("户口已迁出", lambda who: move(book, who, -1, "江苏省启东市")),
        ("已死亡", lambda who: die(book, who, -1)),
    ):
        for person, row, _ in near(why):
            roster.start[row] = FOREVER
            leave(person)
    for person in book.take(pools.extreme, 2, "C04/near/extreme"):
        certify(book, person, day(2016, 2, 2), LIMB, 0)
        book.near("C04", "disability_nursing", person, "特困人员不享受护理补贴")


def _turning_eighty(book: Casebook) -> tuple[np.ndarray, np.ndarray]:
    world = book.world
    roster = world.elders
    index = roster.start - WINDOW[0]
    certified = np.isin(roster.person, world.certificates.person)
    fit = (roster.last == FOREVER) & ~world.poor[roster.person] & ~certified
    return roster.person[fit], index[fit]


def _severity(first: int) -> object:
    return lambda index: "high" if index >= first + 2 else "medium"


def _elders(book: Casebook) -> None:
    world, roster = book.world, book.world.elders
    person, index = _turning_eighty(book)

    def find(who: int, months: range | list[int], first: int, limb: str) -> None:
        key = iso(int(birthday(world.people.birth[who], 80)))
        book.plant("C05", "elder_allowance", who, key, months, _severity(first), limb)  # type: ignore[arg-type]

    pool = person[(index >= 0) & (index <= 6)]
    for place, who in enumerate(book.take(pool, book.amount(62, 4), "C05/late")):
        row = roster.row_of(who)
        born = int(roster.start[row]) - WINDOW[0]
        start = born + place % 4 + 2
        roster.start[row] = WINDOW[0] + start
        find(who, range(born + 1, min(start, 10)), born + 1, "granted_late")
    for who in book.take(person[(index >= 0) & (index <= 4)], 2, "C05/never"):
        row = roster.row_of(who)
        born = int(roster.start[row]) - WINDOW[0]
        roster.start[row] = FOREVER
        find(who, range(born + 1, 10), born + 1, "never")
    for who in book.take(person[(index < -2) & (index > -60)], 2, "C05/long_ago"):
        roster.start[roster.row_of(who)] = FOREVER
        find(who, range(10), 0, "long_ago")
    for who in book.take(person[(index < -2) & (index > -60)], 2, "C05/returning"):
        roster.start[roster.row_of(who)] = FOREVER
        world.add("out_of_area", person=who, programme="尊老金", start=WINDOW[4], status="在享", shown={4, 5})
        find(who, [0, 1, 2, 3, 6, 7, 8, 9], 6, "returning")


def _elder_near_misses(book: Casebook) -> None:
    world, roster = book.world, book.world.elders
    person, index = _turning_eighty(book)
    for who in book.take(person[index == 9], 2, "C05/near/birthday"):
        roster.start[roster.row_of(who)] = FOREVER
        book.near("C05", "elder_allowance", who, "评估月内年满八十")
    for who in book.take(person[(index < 0) & (index > -120)], 2, "C05/near/elsewhere"):
        roster.start[roster.row_of(who)] = FOREVER
        world.add(
            "out_of_area", person=who, programme="尊老金", start=month(2020, 1), status="在享", shown=set(range(10))
        )
        book.near("C05", "elder_allowance", who, "外地在享尊老金")
    for who in book.take(person[(index < -2) & (index > -120)], 2, "C05/near/paused"):
        roster.paused[roster.row_of(who), 5:] = True
        book.near("C05", "elder_allowance", who, "尊老金处于暂停")
    for who in book.take(person[(index >= 0) & (index <= 7)], 2, "C05/near/moved"):
        row = roster.row_of(who)
        move(book, who, int(roster.start[row]) - WINDOW[0], "江苏省启东市")
        roster.start[row] = FOREVER
        book.near("C05", "elder_allowance", who, "满八十当月迁出")
    for who in book.take(person[(index >= 0) & (index <= 7)], 2, "C05/near/died"):
        row = roster.row_of(who)
        die(book, who, int(roster.start[row]) - WINDOW[0], day=27, cremated=False)
        roster.start[row] = FOREVER
        book.near("C05", "elder_allowance", who, "满八十当月死亡")
