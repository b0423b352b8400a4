"""P01, P04, P08, P09 and P13: entitlements that exclude each other, wrong amounts, money sent twice or to the dead."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from include.demo.anomalies.covers import certify, grant
from include.demo.anomalies.exits_deaths import die
from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, FOREVER, WINDOW, age_in_month, birthday, day, iso, month, month_iso, month_of
from include.demo.programmes.assistance import DIBAO, SUPPORTER
from include.demo.programmes.disability import HEARING
from include.demo.programmes.payments import BACK, CODES, NORMAL, REVERSED
from include.demo.programmes.standards import elder_band


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the five rules."""
    _extreme_and_subsidy(book, pools)
    _extreme_near_misses(book, pools)
    _two_households(book, pools)
    _two_households_near_misses(book, pools)
    _wrong_tariff(book, pools)
    _paid_to_the_dead(book, pools)
    _paid_twice(book, pools)


def pay(
    book: Casebook,
    programme: str,
    person: int,
    index: int,
    benefit: int,
    amount: int,
    kind: str,
    *,
    household: int = -1,
    success: bool = True,
    town: int = -1,
) -> None:
    """Add one payment to the file of a month; ``benefit`` is a place in the window, too."""
    at = int(book.world.people.town[person]) if town < 0 else town
    book.world.add(
        "payment",
        file=index,
        programme=CODES.index(programme),
        person=person,
        town=at,
        benefit=WINDOW[0] + benefit,
        amount=amount,
        kind=kind,
        household=household,
        success=success,
    )


def uneven(book: Casebook, programme: str, town: int, index: int) -> None:
    """P16: the number of normal payments of a town and month is no longer that of its roster."""
    code = str(book.world.geography.town_code[town])
    book.world.add("uneven", town=town, file=index)
    book.plant(
        "P16",
        programme,
        -1,
        f"{programme}|{code}|{month_iso(WINDOW[index])}",
        [index],
        "critical",
        "count",
        subject="payment",
    )


def _extreme_and_subsidy(book: Casebook, pools: Pools) -> None:
    world = book.world

    def find(person: int, programme: str, months: range, limb: str) -> None:
        book.plant("P01", programme, person, month_iso(WINDOW[months[0]]), months, "critical", limb)

    for place, person in enumerate(book.take(pools.extreme, book.amount(3, 2), "P01/nursing")):
        certify(book, person, day(2017, 4, 4), 3, 0)
        begin, last = ((0, 9), (3, 6))[place % 2]
        grant(book, world.nursing, person, 5, WINDOW[begin] - (begin == 0), FOREVER if last == 9 else WINDOW[last])
        find(person, "disability_nursing", range(begin, last + 1), "nursing")
    for person in book.take(pools.extreme, 2, "P01/both"):
        certify(book, person, day(2017, 4, 4), 3, 1)
        grant(book, world.nursing, person, 5, WINDOW[5])
        grant(book, world.living, person, 2, WINDOW[2])
        find(person, "disability_nursing", range(5, 10), "both")
        find(person, "disability_living", range(2, 10), "both")
    for person in book.take(pools.extreme, 2, "P01/living"):
        certify(book, person, day(2017, 4, 4), 4, 2)
        row = grant(book, world.living, person, 3, month(2019, 3))
        world.living.paused[row, 4:6] = True
        find(person, "disability_living", range(4), "first_spell")
        find(person, "disability_living", range(6, 10), "second_spell")
    for person in book.take(pools.extreme, 2, "P01/paid"):
        pay(book, "disability_nursing", person, 6, 5, 8_000, BACK)
        find(person, "disability_nursing", range(5, 6), "paid_for_both")


def _extreme_near_misses(book: Casebook, pools: Pools) -> None:
    world = book.world
    for person in book.take(pools.extreme, 2, "P01/near/paused"):
        certify(book, person, day(2017, 4, 4), 3, 0)
        row = grant(book, world.nursing, person, 5, month(2018, 1))
        world.nursing.paused[row] = True
        book.near("P01", "disability_nursing", person, "护理补贴处于暂停")
    for person in book.take(pools.extreme, 2, "P01/near/before"):
        certify(book, person, day(2017, 4, 4), HEARING, 0)
        world.extreme.start[world.extreme.row_of(person)] = WINDOW[4]
        grant(book, world.nursing, person, 5, month(2018, 1), WINDOW[3])
        book.near("P01", "disability_nursing", person, "转特困前一月停发护理补贴")
    for person in book.take(pools.extreme, 2, "P01/near/returned"):
        pay(book, "disability_nursing", person, 6, 5, 8_000, BACK, success=False)
        book.near("P01", "disability_nursing", person, "补发被退汇")


def _two_households(book: Casebook, pools: Pools) -> None:
    world, help_ = book.world, book.world.assistance
    for place in range(book.amount(4, 3)):
        first = book.take_households(pools.larger_dibao, 1, f"P04/first/{place}")[0]
        second = book.take_households(pools.households[DIBAO], 1, f"P04/second/{place}")[0]
        person = int(help_.member[help_.members_of(first)[-1]])
        begin, last = ((0, 9), (4, 9), (2, 6))[place % 3]
        help_.add_member(
            second,
            person,
            covered=True,
            joins=WINDOW[begin] if begin else 0,
            stays_until=FOREVER if last == 9 else WINDOW[last],
        )
        key = "|".join(sorted((str(help_.number[first]), str(help_.number[second]))))
        book.plant("P04", "dibao", person, key, range(begin, last + 1), "critical", "two_households", household=first)
    for place, home in enumerate(book.take_households(pools.households[DIBAO], 3, "P04/extreme")):
        person = int(help_.member[help_.members_of(home)[0]])
        begin, last = ((0, 9), (3, 9), (1, 5))[place]
        row = world.extreme.copy_row(
            0,
            person=person,
            start=WINDOW[begin] - (begin == 0) * 5,
            last=FOREVER if last == 9 else WINDOW[last],
            in_institution=False,
        )
        world.extreme.reason[row] = "重复享受"
        book.plant(
            "P04",
            "dibao",
            person,
            f"{help_.number[home]}|特困",
            range(begin, last + 1),
            "critical",
            "dibao_and_extreme",
            household=home,
        )


def _two_households_near_misses(book: Casebook, pools: Pools) -> None:
    help_ = book.world.assistance

    def pair(topic: str) -> tuple[int, int, int]:
        first = book.take_households(pools.larger_dibao, 1, f"{topic}/first")[0]
        second = book.take_households(pools.households[DIBAO], 1, f"{topic}/second")[0]
        return first, second, int(help_.members_of(first)[-1])

    for turn in range(2):
        first, second, row = pair(f"P04/near/supporter/{turn}")
        help_.add_member(second, int(help_.member[row]), role=SUPPORTER, relation="儿子")
        book.near("P04", "dibao", int(help_.member[row]), "在另一户是赡养人", first)
        first, second, row = pair(f"P04/near/uncovered/{turn}")
        help_.add_member(second, int(help_.member[row]), covered=False)
        book.near("P04", "dibao", int(help_.member[row]), "在另一户不是保障对象", first)
        first, second, row = pair(f"P04/near/moved/{turn}")
        help_.stays_until[row] = WINDOW[3]
        help_.add_member(second, int(help_.member[row]), covered=True, joins=WINDOW[4])
        book.near("P04", "dibao", int(help_.member[row]), "先出一户再进另一户", first)
    for home in book.take_households(pools.households[DIBAO], 2, "P04/near/ended"):
        person = int(help_.member[help_.members_of(home)[0]])
        help_.last[home], help_.reason[home] = WINDOW[4], "转特困供养"
        book.world.extreme.copy_row(0, person=person, start=WINDOW[5], last=FOREVER, in_institution=False)
        book.near("P04", "dibao", person, "低保终止次月转特困", home)


def _wrong_tariff(book: Casebook, pools: Pools) -> None:
    world, roster = book.world, book.world.elders
    band = {
        name: np.array([who for who in pools.elders.tolist() if elder_band(_age(book, who, 9)) == name])
        for name in ("80-89", "90-99")
    }

    def find(person: int, months: Iterable[int], amount: int, severity: str, limb: str) -> None:
        row = roster.row_of(person)
        months = list(months)
        roster.amount[row, months] = amount
        book.plant("P08", "elder_allowance", person, elder_band(_age(book, person, months[-1])), months, severity, limb)

    for place, person in enumerate(book.take(band["80-89"], book.amount(40, 3), "P08/over")):
        find(person, (range(10), range(2, 6), [1, 2, 6, 7])[place % 3], 10_000, "high", "over_80")
    for person in book.take(band["80-89"], 2, "P08/under_80"):
        find(person, range(4, 10), 3_000, "medium", "under_80")
    for place, person in enumerate(book.take(band["90-99"], book.amount(20, 2), "P08/under")):
        find(person, (range(10), range(5, 10))[place % 2], 5_000, "medium", "under_90")
    for person in book.take(band["90-99"], 2, "P08/over_90"):
        find(person, range(3, 8), 30_000, "high", "over_90")
    _centenarians(book)
    ages = age_in_month(world.people.birth, WINDOW[-1])
    almost = np.flatnonzero(
        world.people.is_registered
        & (ages >= 76)
        & (ages <= 78)
        & ~world.poor
        & (world.people.died_on == EMPTY)
        & (world.people.moved_on == EMPTY)
        & ~np.isin(np.arange(len(world.people)), world.certificates.person)
        & ~np.isin(np.arange(len(world.people)), world.assistance.member)
    )
    for place, person in enumerate(book.take(almost, 2, "P08/below")):
        begin = (0, 4)[place]
        row = roster.copy_row(0, person=person, start=WINDOW[begin] - (begin == 0), last=FOREVER)
        roster.amount[row] = 5_000
        find(person, range(begin, 10), 5_000, "high", "below_80")
    turning = month_of(birthday(world.people.birth, 90))[roster.person] - WINDOW[0]
    pool = roster.person[
        roster.always()
        & (turning >= 2)
        & (turning <= 6)
        & ~world.poor[roster.person]
        & ~np.isin(roster.person, world.certificates.person)
    ]
    for place, person in enumerate(book.take(pool, 4, "P08/birthday")):
        row = roster.row_of(person)
        turns = int(month_of(birthday(world.people.birth[person], 90))) - WINDOW[0]
        roster.amount[row, turns] = 5_000
        if place < 2:
            book.near("P08", "elder_allowance", person, "满九十当月按哪一档都可以")
        else:
            find(person, range(turns + 1, turns + 3), 5_000, "medium", "late_rise")


def _centenarians(book: Casebook) -> None:
    world, roster = book.world, book.world.elders
    ages = age_in_month(world.people.birth, WINDOW[0])[roster.person]
    pool = roster.person[
        roster.always() & (ages >= 99) & ~world.poor[roster.person] & ~np.isin(roster.person, world.certificates.person)
    ]
    hundred = [who for who in pool.tolist() if _age(book, who, 0) >= 100]
    for who in book.take(np.array(hundred, dtype="int64"), min(2, len(hundred)), "P08/hundred"):
        roster.amount[roster.row_of(who)] = 10_000
        book.plant("P08", "elder_allowance", who, "100+", range(10), "medium", "under_100")


def _age(book: Casebook, person: int, index: int) -> int:
    return int(age_in_month(book.world.people.birth[person], WINDOW[index]))


def _paid_to_the_dead(book: Casebook, pools: Pools) -> None:
    """The roster ended in time, the money went on; unlike E01's payments these have no roster row."""
    roster = book.world.elders
    for place, person in enumerate(book.take(pools.elders, 6, "P09/back_pay")):
        at = (1, 4, 3)[place % 3]
        died_on = die(book, person, at)
        row = roster.row_of(person)
        roster.last[row] = WINDOW[at]
        amount = int(roster.amount[row, 0])
        pay(book, "elder_allowance", person, at + 1, at + 1, amount, BACK)
        pay(book, "elder_allowance", person, at + 2, at + 2, amount, BACK)
        end = 9
        if place % 3 == 1:
            pay(book, "elder_allowance", person, at + 3, at + 1, amount, REVERSED)
        if place % 3 == 2:
            pay(book, "elder_allowance", person, at + 4, at + 1, amount, REVERSED)
            pay(book, "elder_allowance", person, at + 4, at + 2, amount, REVERSED)
            end = at + 3
        limb = ("back_pay", "partly_recovered", "recovered")[place % 3]
        book.plant("P09", "elder_allowance", person, iso(died_on), range(at + 1, end + 1), "critical", limb)
    for person in book.take(pools.elders, 2, "P09/near/recovered_at_once"):
        died_on = die(book, person, 4)
        row = roster.row_of(person)
        roster.last[row] = WINDOW[4]
        amount = int(roster.amount[row, 0])
        pay(book, "elder_allowance", person, 5, 5, amount, BACK)
        pay(book, "elder_allowance", person, 5, 5, amount, REVERSED)
        book.near("P09", "elder_allowance", person, "死亡后所发当月已扣回")
    for person in book.take(pools.elders, 2, "P09/near/returned"):
        die(book, person, 4)
        row = roster.row_of(person)
        roster.last[row] = WINDOW[4]
        pay(book, "elder_allowance", person, 5, 5, int(roster.amount[row, 0]), BACK, success=False)
        book.near("P09", "elder_allowance", person, "死亡后所发已退汇")


def _paid_twice(book: Casebook, pools: Pools) -> None:
    world, help_ = book.world, book.world.assistance
    for programme, pool in (
        ("elder_allowance", pools.elders),
        ("disability_nursing", pools.nursing),
        ("extreme_poverty", pools.extreme),
    ):
        roster = world.roster(programme)
        for place, person in enumerate(
            book.take(pool, book.amount(20, 2) if programme == "elder_allowance" else 2, f"P13/{programme}")
        ):
            for index in ((6,), (2, 8))[place % 2]:
                pay(book, programme, person, index, index, int(roster.amount[roster.row_of(person), index]), NORMAL)
                book.plant("P13", programme, person, month_iso(WINDOW[index]), [index], "critical", programme)
                uneven(book, programme, int(world.people.town[person]), index)
    for place, home in enumerate(book.take_households(pools.households[DIBAO], 2, "P13/dibao")):
        index, person = 4 + place, int(help_.member[help_.members_of(home)[0]])
        town = int(world.geography.village_town[help_.village[home]])
        pay(book, "dibao", person, index, index, 30_000, NORMAL, household=home, town=town)
        book.plant(
            "P13",
            "dibao",
            person,
            month_iso(WINDOW[index]),
            [index],
            "critical",
            "dibao",
            household=home,
            subject="household",
        )
        uneven(book, "dibao", town, index)
    for person in book.take(pools.elders, 2, "P13/near/back_pay"):
        pay(book, "elder_allowance", person, 6, 6, 1_000, BACK)
        book.near("P13", "elder_allowance", person, "第二笔是补发")
    for person in book.take(pools.elders, 2, "P13/near/returned"):
        row = world.elders.row_of(person)
        world.add("payment_change", file=5, programme=CODES.index("elder_allowance"), person=person)
        pay(book, "elder_allowance", person, 5, 5, int(world.elders.amount[row, 5]), NORMAL)
        uneven(book, "elder_allowance", int(world.people.town[person]), 5)
        book.near("P13", "elder_allowance", person, "第一笔退汇后重发")
    for person in book.take(pools.elders, 2, "P13/near/other_month"):
        pay(book, "elder_allowance", person, 7, 6, 1_000, BACK)
        book.near("P13", "elder_allowance", person, "同月发放但所属月份不同")
