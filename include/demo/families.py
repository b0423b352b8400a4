"""Register households: couples, their children, and parents who live with them; 2.22 people each."""

from __future__ import annotations

import numpy as np

from include.demo.people import People
from include.demo.streams import Streams

PEOPLE_PER_HOUSEHOLD = 2.22
HEAD, SPOUSE, CHILD, PARENT = 0, 1, 2, 3
RELATIONS = ("户主", "配偶", "子女", "父母")
_YEAR = 365


def make_families(people: People, streams: Streams) -> int:
    """Fill household, relation and the parents' and spouse's places; returns the number of households."""
    random = streams.of("families")
    residents = int(people.is_registered.sum())
    husbands, wives = _couples(people, residents, random)
    people.spouse[husbands], people.spouse[wives] = wives, husbands
    young = np.flatnonzero((_age(people, residents) < 23) & (people.spouse[:residents] < 0))
    _attach_children(people, young, husbands, wives, random)
    return _assign_households(people, residents, husbands, wives, young, random)


def _age(people: People, residents: int) -> np.ndarray:
    return (18_779 - people.birth[:residents]) // _YEAR  # at the middle of the window


def _couples(people: People, residents: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    age = _age(people, residents)
    partners = []
    for is_male in (1, 0):
        members = np.flatnonzero(
            (people.is_male[:residents] == is_male) & (age >= 25) & (random.random(residents) < 0.86)
        )
        members = members[np.lexsort((people.birth[members], people.village[members]))]
        village = people.village[members]
        start = np.searchsorted(village, village)
        partners.append((members, village.astype("int64") * 1_000_000 + np.arange(len(members)) - start))
    (men, man_key), (women, woman_key) = partners
    _, man_place, woman_place = np.intersect1d(man_key, woman_key, return_indices=True)
    husbands, wives = men[man_place], women[woman_place]
    fits = np.abs(people.birth[husbands] - people.birth[wives]) < 12 * _YEAR
    return husbands[fits], wives[fits]


def _attach_children(
    people: People, young: np.ndarray, husbands: np.ndarray, wives: np.ndarray, random: np.random.Generator
) -> None:
    """Give the young the couple of their village whose wife was nearest to a drawn age at the birth."""
    key = people.village[wives].astype("int64") * 200_000 + people.birth[wives] + 60_000
    order = np.argsort(key, kind="stable")
    wish = people.birth[young] - (random.normal(28, 3.5, len(young)) * _YEAR).astype("int64")
    target = people.village[young].astype("int64") * 200_000 + wish + 60_000
    place = np.clip(np.searchsorted(key[order], target), 0, len(order) - 1)
    couple = order[place]
    gap = people.birth[young] - people.birth[wives[couple]]
    fits = (people.village[wives[couple]] == people.village[young]) & (gap > 18 * _YEAR) & (gap < 46 * _YEAR)
    people.mother[young[fits]] = wives[couple[fits]]
    people.father[young[fits]] = husbands[couple[fits]]


def _assign_households(
    people: People,
    residents: int,
    husbands: np.ndarray,
    wives: np.ndarray,
    young: np.ndarray,
    random: np.random.Generator,
) -> int:
    household = np.full(residents, -1, dtype="int32")
    household[husbands] = np.arange(len(husbands))
    household[wives] = household[husbands]
    people.relation[wives] = SPOUSE
    with_parents = young[people.mother[young] >= 0]
    household[with_parents] = household[people.mother[with_parents]]
    people.relation[with_parents] = CHILD
    alone = np.flatnonzero(household < 0)
    alone = alone[random.permutation(len(alone))]
    minor = _age(people, residents)[alone] < 18
    wanted = int(residents / PEOPLE_PER_HOUSEHOLD) - len(husbands)
    own = np.flatnonzero(~minor)[: max(wanted, 0)]
    heads = alone[own]
    household[heads] = len(husbands) + np.arange(len(heads))
    rest = np.setdiff1d(alone, heads, assume_unique=False)
    hosts = _hosts(people, rest, husbands, random)
    household[rest] = household[hosts]
    people.relation[rest] = np.where(_age(people, residents)[rest] > 60, PARENT, CHILD)
    people.household[:residents] = household
    return len(husbands) + len(heads)


def _hosts(people: People, guests: np.ndarray, husbands: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A couple of the same village for everyone who has no household of their own."""
    order = np.argsort(people.village[husbands], kind="stable")
    village = people.village[husbands][order]
    low = np.searchsorted(village, people.village[guests], side="left")
    high = np.searchsorted(village, people.village[guests], side="right")
    drawn = low + (random.random(len(guests)) * np.maximum(high - low, 1)).astype("int64")
    return husbands[order[np.clip(drawn, 0, len(order) - 1)]]
