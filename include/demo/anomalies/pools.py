"""Who can serve for a planted case: people and households with nothing else about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.demo.moments import EMPTY, WINDOW, age_in_month, birthday, month_of
from include.demo.programmes.assistance import DIBAO, EDGE, LIVES_HERE, RIGID, SINGLE
from include.demo.programmes.roster import Roster
from include.demo.world import World


@dataclass(frozen=True)
class Pools:
    """Places of people (elders, nursing …) and of households (by programme) that are plain through the window."""

    households: dict[int, np.ndarray]
    larger_dibao: np.ndarray
    elders: np.ndarray
    nursing: np.ndarray
    extreme: np.ndarray
    orphans: np.ndarray
    bystanders: np.ndarray


def make_pools(world: World) -> Pools:
    """Work the pools out from the consistent district."""
    people, help_ = world.people, world.assistance
    certified = np.zeros(len(people), dtype=bool)
    certified[world.certificates.person] = True
    old = age_in_month(people.birth, WINDOW[-1]) >= 79
    on_child_roster = np.zeros(len(people), dtype=bool)
    on_child_roster[world.children.person] = True
    quiet = (people.died_on == EMPTY) & (people.moved_on == EMPTY)
    plain = help_.always()
    bad = (help_.role == LIVES_HERE) & (certified | old | on_child_roster | ~quiet)[help_.member]
    plain[help_.member_household[bad]] = False
    size = np.bincount(help_.member_household[help_.role == LIVES_HERE], minlength=len(help_))
    households = {code: np.flatnonzero(plain & (help_.programme == code)) for code in (DIBAO, SINGLE, EDGE, RIGID)}
    unknown = quiet & ~world.poor & ~certified
    elders = world.elders
    steady = elders.always() & unknown[elders.person] & (elders.amount.min(axis=1) == elders.amount.max(axis=1))
    steady &= world.people.is_registered[elders.person]
    living = np.zeros(len(people), dtype=bool)
    living[world.living.person] = True
    supporters = np.zeros(len(people), dtype=bool)
    supporters[help_.member] = True
    parents = np.zeros(len(people), dtype=bool)
    parents[people.father[people.father >= 0]] = True
    parents[people.mother[people.mother >= 0]] = True
    nursing_only = quiet & ~world.poor & ~old & ~living & ~on_child_roster
    eighty = month_of(birthday(people.birth, 80))
    bystanders = people.is_registered & unknown & ~supporters & ~parents & ~on_child_roster & (people.birth < 11_000)
    bystanders &= eighty > WINDOW[-1] + 14
    return Pools(
        households=households,
        larger_dibao=households[DIBAO][size[households[DIBAO]] >= 2],
        elders=elders.person[steady],
        nursing=_people(world.nursing, nursing_only),
        extreme=_people(world.extreme, quiet & ~certified & ~old),
        orphans=_people(world.children, quiet & (on_child_roster & ~certified & ~world.poor)),
        bystanders=np.flatnonzero(bystanders),
    )


def _people(roster: Roster, fit: np.ndarray) -> np.ndarray:
    return roster.person[roster.always() & fit[roster.person]]
