"""P02, P05 and P14: paid from two sides, paid without being on the roster, and on the roster without being paid."""

from __future__ import annotations

from collections.abc import Iterable

from include.demo.anomalies.covers import nursing_only
from include.demo.anomalies.overpayments import pay, uneven
from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, WINDOW, month, month_iso
from include.demo.programmes.assistance import DIBAO, EDGE
from include.demo.programmes.payments import CODES, NORMAL
from include.demo.vocabulary import ELSEWHERE

_ALL = range(10)


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the three rules."""
    _injured(book)
    _elsewhere(book, pools)
    _unpaid(book, pools)
    _unlisted(book, pools)


def _injured(book: Casebook) -> None:
    """Lists of work injuries come in January, April, July and October."""
    world = book.world
    spells = (
        (month(2019, 3), EMPTY, 0, range(10)),
        (month(2018, 6), month(2021, 4), 0, range(4)),
        (month(2021, 5), EMPTY, 6, range(6, 10)),
    )
    for place, person in enumerate(book.take(nursing_only(book), book.amount(4, 3), "P02")):
        start, end, shown_from, months = spells[place % 3]
        world.add("work_injury", person=person, start=start, end=end, shown=set(range(shown_from, 10)))
        first = month_iso(WINDOW[months[0]])
        book.plant("P02", "disability_nursing", person, first, months, "critical", f"spell_{place % 3}")
    for person in book.take(nursing_only(book), 2, "P02/near/ended"):
        world.add("work_injury", person=person, start=month(2016, 1), end=month(2020, 12), shown=set(_ALL))
        book.near("P02", "disability_nursing", person, "工伤护理费已于上年底终止")
    for person in book.take(nursing_only(book), 2, "P02/near/paused"):
        world.nursing.paused[world.nursing.row_of(person), :] = True
        world.add("work_injury", person=person, start=month(2019, 1), end=EMPTY, shown=set(_ALL))
        book.near("P02", "disability_nursing", person, "护理补贴处于暂停")


def _abroad(book: Casebook, person: int, programme: str, start: int, shown: Iterable[int], status: str = "在享") -> str:
    book.world.add("out_of_area", person=person, programme=programme, start=start, status=status, shown=set(shown))
    return str(ELSEWHERE[person % len(ELSEWHERE)])


def _elsewhere(book: Casebook, pools: Pools) -> None:
    help_ = book.world.assistance
    spells = (
        (month(2020, 5), range(10), range(10)),
        (month(2020, 2), range(2, 7), range(2, 7)),
        (WINDOW[4], range(10), range(4, 10)),
    )
    for place, person in enumerate(book.take(pools.elders, book.amount(6, 3), "P05/elder")):
        start, shown, months = spells[place % 3]
        region = _abroad(book, person, "尊老金", start, shown)
        book.plant("P05", "elder_allowance", person, region, months, "critical", f"elder_{place % 3}")
    for place, home in enumerate(book.take_households(pools.households[DIBAO], 2, "P05/dibao")):
        person = int(help_.member[help_.members_of(home)[0]])
        region = _abroad(book, person, ("低保", "特困")[place], month(2019, 8), _ALL)
        book.plant("P05", "dibao", person, region, _ALL, "critical", ("dibao", "extreme_poverty")[place])
    for person in book.take(pools.extreme, 2, "P05/extreme"):
        region = _abroad(book, person, "低保", month(2018, 8), _ALL)
        book.plant("P05", "extreme_poverty", person, region, _ALL, "critical", "against_extreme_poverty")
    for person in book.take(pools.elders, 2, "P05/near/other"):
        _abroad(book, person, "重度残疾人护理补贴", month(2019, 8), _ALL)
        book.near("P05", "elder_allowance", person, "外地享受的是另一项")
    for home in book.take_households(pools.households[EDGE], 2, "P05/near/edge"):
        person = int(help_.member[help_.members_of(home)[0]])
        _abroad(book, person, "低保", month(2019, 8), _ALL)
        book.near("P05", "dibao_edge", person, "边缘家庭不与外地低保相重", home)


def _miss(book: Casebook, person: int, index: int) -> None:
    """Leave a person's regular payment of a month out of its file, which leaves the town's batch one short."""
    book.world.add("unpaid", file=index, programme=CODES.index("elder_allowance"), person=person)
    uneven(book, "elder_allowance", int(book.world.people.town[person]), index)


def _unpaid(book: Casebook, pools: Pools) -> None:
    for place, person in enumerate(book.take(pools.elders, book.amount(8, 2), "P14/unpaid")):
        first, last = ((0, 1), (3, 4))[place % 2]
        for index in range(first, last + 1):
            _miss(book, person, index)
        months = range(first + 1, last + 1)
        book.plant("P14", "elder_allowance", person, month_iso(WINDOW[first + 1]), months, "high", "held_and_unpaid")
    for person in book.take(pools.elders, 2, "P14/near/one_month"):
        _miss(book, person, 3)
        book.near("P14", "elder_allowance", person, "只漏发一个月")


def _unlisted(book: Casebook, pools: Pools) -> None:
    for place, person in enumerate(book.take(pools.bystanders, book.amount(6, 2), "P14/unlisted")):
        index = (1, 7)[place % 2]
        pay(book, "elder_allowance", person, index, index, 5_000, NORMAL)
        book.plant("P14", "elder_allowance", person, month_iso(WINDOW[index]), [index], "high", "paid_and_unlisted")
        uneven(book, "elder_allowance", int(book.world.people.town[person]), index)
