"""E01: people who died and are still on a roster; and what was paid to them, P09."""

from __future__ import annotations

import numpy as np

from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, FOREVER, WINDOW, first_day, iso, month_of
from include.demo.programmes.assistance import CODES, DIBAO, EDGE, RIGID, SINGLE
from include.demo.programmes.children import CODES as CHILD_CODES
from include.demo.programmes.children import ORPHAN, UNATTENDED
from include.demo.programmes.payments import CODES as PAY_CODES
from include.demo.programmes.payments import REVERSED
from include.demo.programmes.roster import Roster

_SHAPES = ((1, 1), (3, 2), (5, 3), (2, None), (7, None), (-1, 2))
"""Month of death and how many months the roster is late; None: never corrected."""


def plant(book: Casebook, pools: Pools) -> None:
    """Late corrections among natural deaths, and a few of every programme, source and shape."""
    _late_elders(book)
    _by_source(book, pools)
    _returning(book, pools)
    for programme, pool, roster in (
        ("extreme_poverty", pools.extreme, book.world.extreme),
        ("disability_nursing", pools.nursing, book.world.nursing),
    ):
        for place, person in enumerate(book.take(pool, 2, f"E01/{programme}")):
            _person_dies(book, roster, programme, person, *_SHAPES[place + 2], limb=programme)
    _children(book, pools)
    _households(book, pools)
    _near_misses(book, pools)


def die(
    book: Casebook, person: int, index: int, *, cremated: bool = True, certified: bool = True, day: int = 11
) -> int:
    """Let a person die in a month of the window (-1: the month before); returns the day."""
    people = book.world.people
    died_on = int(first_day(WINDOW[0] + index)) + day
    people.died_on[person] = died_on
    people.in_cremation[person], people.in_certificate[person] = cremated, certified
    people.cancelled_on[person] = died_on + (19 if cremated or certified else 0)
    return died_on


def _late_elders(book: Casebook) -> None:
    """Half a percent of the payees a month: the dead whom the roster keeps for one to three months."""
    world, roster = book.world, book.world.elders
    died_in = month_of(world.people.died_on)[roster.person]
    certified = np.zeros(len(world.people), dtype=bool)
    certified[world.certificates.person] = True
    fit = (died_in >= WINDOW[0]) & (died_in < WINDOW[-1]) & ~world.poor[roster.person] & ~certified[roster.person]
    fit &= roster.start < died_in - 1
    pool = roster.person[fit & (roster.amount[:, -1] == roster.amount[:, 0])]
    for place, person in enumerate(book.take(pool, book.amount(1_250, 8), "E01/elder")):
        row = roster.row_of(person)
        died_at = int(month_of(world.people.died_on[person])) - WINDOW[0]
        _stays(book, roster, "elder_allowance", row, died_at, place % 3 + 1, "elder_allowance", place % 2 == 0)


def _stays(
    book: Casebook,
    roster: Roster,
    programme: str,
    row: int,
    died_at: int,
    late: int | None,
    limb: str,
    recovered: bool = False,
) -> None:
    person = int(roster.person[row])
    roster.last[row] = FOREVER if late is None else WINDOW[0] + died_at + late
    roster.reason[row] = "死亡"
    until = 9 if late is None else min(died_at + late, 9)
    months = range(max(died_at + 1, 0), until + 1)
    died_on = iso(book.world.people.died_on[person])
    book.plant("E01", programme, person, died_on, months, "critical", limb)
    paid_after_death(book, programme, person, died_on, months, roster.amount[row], recovered)


def paid_after_death(
    book: Casebook,
    programme: str,
    person: int,
    died_on: str,
    months: range,
    amounts: np.ndarray,
    recovered: bool,
    household: int = -1,
) -> None:
    """P09 for payments that the late roster caused; recovered ones are taken back the month after the last."""
    if not len(months):
        return
    end = 9
    if recovered and months[-1] < 9:
        end = months[-1]
        for index in months:
            book.world.add(
                "payment",
                file=months[-1] + 1,
                programme=PAY_CODES.index(programme),
                person=person,
                town=int(book.world.people.town[person]),
                benefit=WINDOW[index],
                amount=int(amounts[index]),
                kind=REVERSED,
                household=household,
            )
    book.plant(
        "P09",
        programme,
        person,
        died_on,
        range(months[0], end + 1),
        "critical",
        "recovered" if end < 9 else "paid_on",
        household=household,
    )


def _person_dies(
    book: Casebook, roster: Roster, programme: str, person: int, at: int, late: int | None, *, limb: str, **source: bool
) -> None:
    die(book, person, at, **source)
    _stays(book, roster, programme, roster.row_of(person), at, late, limb)


def _by_source(book: Casebook, pools: Pools) -> None:
    """Known from one paper alone; and a cremation without a number that fits exactly one person."""
    world = book.world
    sources = {
        "cremation_only": {"certified": False},
        "certificate_only": {"cremated": False},
        "register_only": {"cremated": False, "certified": False},
    }
    for limb, source in sources.items():
        for place, person in enumerate(book.take(pools.elders, 2, f"E01/{limb}")):
            _person_dies(book, world.elders, "elder_allowance", person, *_SHAPES[place + 3], limb=limb, **source)
            if limb != "register_only":
                world.people.cancelled_on[person] = EMPTY
    _, first_bearer, times = np.unique(world.people.name_code, return_index=True, return_counts=True)
    unique = np.zeros(len(world.people), dtype=bool)
    unique[first_bearer[times == 1]] = True
    for place, person in enumerate(book.take(pools.elders[unique[pools.elders]], 2, "E01/M4")):
        at = (2, 6)[place]
        died_on = die(book, person, at, certified=False)
        world.people.cancelled_on[person] = EMPTY
        world.add("cremation_without_number", person=person)
        book.plant("E01", "elder_allowance", person, iso(died_on), range(at + 1, 10), "medium", "without_number")


def _returning(book: Casebook, pools: Pools) -> None:
    """Suspended for two months after the death was noticed, then back on the roster."""
    for person in book.take(pools.elders, 2, "E01/returning"):
        roster = book.world.elders
        row = roster.row_of(person)
        died_on = die(book, person, 1)
        roster.paused[row, 4:6] = True
        months = [2, 3, 6, 7, 8, 9]
        book.plant("E01", "elder_allowance", person, iso(died_on), months, "critical", "returning")
        book.plant("P09", "elder_allowance", person, iso(died_on), range(2, 10), "critical", "paid_on")


def _children(book: Casebook, pools: Pools) -> None:
    roster = book.world.children
    kinds = roster.facts["kind"]
    for kind in (ORPHAN, UNATTENDED):
        pool = np.intersect1d(pools.orphans, roster.person[kinds == kind])
        for person in book.take(pool, 2, f"E01/child/{kind}"):
            _person_dies(book, roster, CHILD_CODES[kind], person, 4, 2, limb=CHILD_CODES[kind])


def _households(book: Casebook, pools: Pools) -> None:
    """Members of poor households: a head who is the payee, and somebody beside the head."""
    help_ = book.world.assistance
    for code in (DIBAO, SINGLE, EDGE, RIGID):
        pool = pools.larger_dibao if code == DIBAO else pools.households[code]
        for place, home in enumerate(book.take_households(pool, 2, f"E01/{code}")):
            members = help_.members_of(home)
            row = members[0] if code != DIBAO or place else members[-1]
            person, at = int(help_.member[row]), 3 + place
            died_on = die(book, person, at)
            until = (9, at + 2)[place]
            help_.stays_until[row] = FOREVER if until == 9 else WINDOW[until]
            if until < 9 and (len(members) == 1 or code == SINGLE):
                help_.last[home], help_.reason[home] = WINDOW[until], "死亡"
            months = range(at + 1, until + 1)
            book.plant("E01", CODES[code], person, iso(died_on), months, "critical", CODES[code], household=home)
            if row == members[0] and code in (DIBAO, SINGLE):
                book.plant(
                    "P09", CODES[code], person, iso(died_on), range(at + 1, 10), "critical", "paid_on", household=home
                )


def _near_misses(book: Casebook, pools: Pools) -> None:
    roster = book.world.elders
    for person in book.take(pools.elders, 2, "E01/near/same_month"):
        die(book, person, 9, cremated=False)
        book.near("E01", "elder_allowance", person, "死亡月份即评估月份，当月仍可享受")
    for person in book.take(pools.elders, 2, "E01/near/in_time"):
        die(book, person, 5)
        roster.last[roster.row_of(person)] = WINDOW[5]
        book.near("E01", "elder_allowance", person, "死亡次月已停发")
    for person in book.take(pools.elders, 2, "E01/near/paused"):
        die(book, person, 5)
        roster.paused[roster.row_of(person), 6:] = True
        book.near("E01", "elder_allowance", person, "死亡次月起已暂停")
    for person in book.take(pools.elders, 2, "P09/near/back_pay"):
        died_on = die(book, person, 6)
        row = roster.row_of(person)
        roster.last[row] = WINDOW[6]
        book.world.add(
            "payment",
            file=8,
            programme=PAY_CODES.index("elder_allowance"),
            person=person,
            town=int(book.world.people.town[person]),
            benefit=WINDOW[6],
            amount=int(roster.amount[row, 6]) // 2,
            kind="补发",
        )
        book.near("P09", "elder_allowance", person, "补发死亡当月及以前的金额，死亡日 " + iso(died_on))
