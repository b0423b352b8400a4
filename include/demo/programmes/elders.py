"""The elder allowance: everybody of eighty and more who is registered."""

from __future__ import annotations

import numpy as np

from include.demo.moments import WINDOW, birthday, month_of
from include.demo.people import People
from include.demo.programmes.roster import Roster
from include.demo.programmes.standards import elder_tariff


def make_elders(people: People, leaves: np.ndarray) -> Roster:
    """Start with the month of the eightieth birthday, end with the month of death or removal."""
    turns = month_of(birthday(people.birth, 80))
    person = np.flatnonzero(people.is_registered & (turns <= WINDOW[-1]) & (leaves >= WINDOW[0]) & (leaves >= turns))
    roster = Roster.of("elder_allowance", person, turns[person], leaves[person])
    roster.amount[:] = elder_tariff(people.birth[person])
    return roster
