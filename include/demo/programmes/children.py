"""Orphans, children nobody cares for in fact, and children in difficulty."""

from __future__ import annotations

import numpy as np

from include.demo.moments import EMPTY, day, month
from include.demo.people import People
from include.demo.programmes.disability import Certificates
from include.demo.programmes.roster import Roster
from include.demo.programmes.standards import ORPHAN_DISPERSED, ORPHAN_INSTITUTION, OTHER_CHILD, SEVERE_CHILD
from include.demo.streams import Streams

ORPHAN, UNATTENDED, SEVERE, IN_DIBAO, OTHER = range(5)
KINDS = ("孤儿", "事实无人抚养儿童", "重残重病儿童", "低保家庭儿童", "其他困境儿童")
CODES = ("orphan", "unattended_child", "child_in_difficulty", "child_in_difficulty", "child_in_difficulty")
_YOUNGEST_ADULT = day(2004, 1, 1)  # nobody on the roster comes of age within the window


def choose_orphans(
    people: People, poor: np.ndarray, strangers: np.ndarray, scale: float, streams: Streams
) -> tuple[np.ndarray, np.ndarray]:
    """Children whose parents become two strangers who died years ago; returns orphans and unattended children."""
    random = streams.of("children", "orphans")
    pool = np.flatnonzero(
        people.is_registered
        & ~poor
        & (people.birth > _YOUNGEST_ADULT)
        & (people.birth < day(2018, 1, 1))
        & (people.moved_on == EMPTY)
        & (people.died_on == EMPTY)
        & (people.mother >= 0)
    )
    orphans, unattended = max(round(60 * scale), 24), max(round(110 * scale), 30)
    chosen = random.choice(pool, orphans + unattended, replace=False)
    fathers = strangers[people.is_male[strangers] == 1][: len(chosen)]
    mothers = strangers[people.is_male[strangers] == 0][: len(chosen)]
    people.father[chosen], people.mother[chosen] = fathers, mothers
    people.mother[chosen[orphans:]] = -1
    parents = np.stack([fathers, mothers], axis=1).ravel()
    people.died_on[parents] = day(2012, 1, 1) + random.integers(0, 2800, len(parents))
    people.cancelled_on[parents] = people.died_on[parents]
    return np.sort(chosen[:orphans]), np.sort(chosen[orphans:])


def make_children(
    people: People,
    orphans: np.ndarray,
    unattended: np.ndarray,
    dibao_children: np.ndarray,
    poor: np.ndarray,
    certificates: Certificates,
    leaves: np.ndarray,
    scale: float,
    streams: Streams,
) -> Roster:
    """The children's roster with kinds, guardians and amounts."""
    random = streams.of("children", "roster")
    can_be = people.is_registered & (people.birth > _YOUNGEST_ADULT) & (people.birth < day(2019, 1, 1))
    disabled = certificates.person[certificates.severe() & (certificates.issued_on < day(2020, 10, 1))]
    severe = disabled[can_be[disabled] & ~poor[disabled]]
    certified = np.zeros(len(people), dtype=bool)
    certified[certificates.person] = True
    taken = np.zeros(len(people), dtype=bool)
    taken[np.concatenate([orphans, unattended, severe])] = True
    plain = can_be & ~poor & ~taken & ~certified & (people.mother >= 0) & (leaves > month(2100, 1))
    pool = random.permutation(np.flatnonzero(plain))
    ill, other = max(round(100 * scale), 26), max(round(60 * scale), 20)
    in_dibao = dibao_children[(people.birth[dibao_children] > _YOUNGEST_ADULT) & ~certified[dibao_children]]
    groups = (orphans, unattended, np.concatenate([severe, pool[:ill]]), in_dibao, pool[ill : ill + other])
    person = np.concatenate(groups)
    kind = np.concatenate([np.full(len(group), code) for code, group in enumerate(groups)])
    start = np.maximum(month(2019, 1) + random.integers(0, 20, len(person)), 0)
    guardian = np.where(people.mother[person] >= 0, people.mother[person], people.father[person])
    head = np.full(int(people.household.max()) + 1, -1)
    heads = np.flatnonzero((people.relation == 0) & (people.household >= 0))
    head[people.household[heads]] = heads
    guardian = np.where(np.isin(kind, (ORPHAN, UNATTENDED)), head[people.household[person]], guardian)
    roster = Roster.of(
        "child",
        person,
        start,
        leaves[person],
        kind=kind,
        guardian=guardian,
        in_institution=(kind == ORPHAN) & (random.random(len(person)) < 0.15),
        until=np.where(kind == SEVERE, month(2022, 1) + random.integers(0, 24, len(person)), EMPTY),
    )
    fill_child_amounts(roster)
    return roster


def fill_child_amounts(roster: Roster) -> None:
    """Amounts by kind; children in dibao households get theirs with the household's dibao."""
    kind = roster.facts["kind"]
    orphan = np.where(roster.facts["in_institution"], ORPHAN_INSTITUTION, ORPHAN_DISPERSED)
    amount = np.select(
        [kind == ORPHAN, kind == UNATTENDED, kind == SEVERE, kind == OTHER],
        [orphan, ORPHAN_DISPERSED, SEVERE_CHILD, OTHER_CHILD],
        0,
    )
    roster.amount[:] = amount[:, None]
