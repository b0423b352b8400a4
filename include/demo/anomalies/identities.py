"""D03 and D04: one number under two names, and one elder under two numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.demo.anomalies.pools import Pools
from include.demo.casebook import Casebook
from include.demo.identity_numbers import assemble
from include.demo.moments import day
from include.demo.people import People
from include.demo.world import World

_EVENT = "civil_affairs.elder_allowance|public_security.vehicle"
_HOME_AREA = 320625
_SEQUENCES = 490


def plant(book: Casebook, pools: Pools) -> None:
    """Motorcycles registered under another's name, or nearly the elder's own; elders who are there twice."""
    count = book.amount(20, 2)
    for place, person in enumerate(book.take(pools.elders, count, "D03/vehicle")):
        shown = (range(10), range(3, 7))[place % 2]
        _motorcycle(book, person, shown, _stranger_name(book.world, place))
        book.plant("D03", "", person, _EVENT, shown, "high", "vehicle")
    for person in book.take(pools.elders, count, "D03/lost_character"):
        _motorcycle(book, person, range(10), book.world.people.name_of(person)[:-1] + "?")
        book.near("D03", "", person, "a character of the name was lost")
    for first, second in _pairs(book, pools, count, "D04/pair"):
        _double(book.world, first, second)
        book.world.people.village[second] = book.world.people.village[first]
        book.world.people.town[second] = book.world.people.town[first]
        one, other = sorted((first, second), key=book.world.people.id_of)
        event = f"{book.world.people.id_of(one)}|{book.world.people.id_of(other)}"
        book.plant("D04", "", one, event, range(10), "medium", "elder_allowance")
    for first, second in _pairs(book, pools, count, "D04/other_village"):
        _double(book.world, first, second)
        for person in (first, second):
            book.near("D04", "", person, "the same name and birthday in another village")


def _motorcycle(book: Casebook, person: int, shown: range, name: str) -> None:
    rows = book.world.extra.setdefault("vehicle", [])
    book.world.add(
        "vehicle",
        person=person,
        owner_name=name,
        plate=f"苏F{len(rows) + 10_001:05d}",
        kind="普通摩托车",
        shown=dict.fromkeys(shown, "正常"),
        registered_on=day(2016, 5, 9),
    )


def _stranger_name(world: World, place: int) -> str:
    strangers = np.flatnonzero(~world.people.is_registered)
    return world.people.name_of(int(strangers[place]))


def _pairs(book: Casebook, pools: Pools, count: int, topic: str) -> list[tuple[int, int]]:
    """Elders of one sex and of the commonest allowance, of whom there are many, who live in different villages."""
    world, people, pairs = book.world, book.world.people, []
    amounts = world.elders.amount[:, 0]
    commonest = max(np.unique(amounts), key=lambda amount: np.count_nonzero(amounts == amount))
    usual = np.intersect1d(pools.elders, world.elders.person[amounts == commonest])
    for number in range(count):
        (first,) = book.take(usual, 1, f"{topic}/{number}")
        is_alike = (people.is_male[usual] == people.is_male[first]) & (people.village[usual] != people.village[first])
        (second,) = book.take(usual[is_alike], 1, f"{topic}/{number}/other")
        pairs.append((first, second))
    return pairs


def _double(world: World, first: int, second: int) -> None:
    """Give the second the name and birthday of the first, and a number of that birthday that nobody has."""
    people = world.people
    people.birth[second] = people.birth[first]
    people.name_code[second] = people.name_code[first]
    people.write_over(second, people.name_of(first), free_number(people, second))


def free_number(people: People, person: int) -> str:
    """A citizen number of a person's birthday and sex that nobody has."""
    births = np.full(_SEQUENCES, people.birth[person])
    sequences = np.arange(1, _SEQUENCES + 1) * 2 + int(people.is_male[person])
    tried = pa.array(assemble(np.full(_SEQUENCES, _HOME_AREA), births, sequences).astype(str))
    free = pc.invert(pc.is_in(tried, value_set=people.id_no))
    return str(tried.filter(free)[0].as_py())
