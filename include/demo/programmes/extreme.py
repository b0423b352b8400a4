"""People in extreme poverty (特困), supported at home or in an institution."""

from __future__ import annotations

import numpy as np

from include.demo.geography import Geography
from include.demo.moments import month
from include.demo.people import People
from include.demo.programmes.roster import Roster
from include.demo.programmes.standards import CARE_SHARE, EXTREME_RURAL, EXTREME_URBAN, STANDARD
from include.demo.streams import Streams
from include.demo.vocabulary import INSTITUTIONS

CARE = tuple(CARE_SHARE)


def make_extreme(
    people: People, geography: Geography, person: np.ndarray, leaves: np.ndarray, streams: Streams
) -> Roster:
    """Basic amount by the class of the area, care by what the person can still do alone."""
    random = streams.of("extreme")
    urban = geography.village_is_urban[people.village[person]]
    care = random.choice(3, len(person), p=[0.62, 0.23, 0.15])
    roster = Roster.of(
        "extreme_poverty",
        person,
        random.integers(month(2008, 1), month(2020, 10), len(person)),
        leaves[person],
        in_institution=random.random(len(person)) < 0.25,
        institution=random.integers(0, len(INSTITUTIONS), len(person)),
        care=care,
        urban=urban,
        review_day=random.integers(0, 365, len(person)),
    )
    share = np.array([CARE_SHARE[word] for word in CARE])[care]
    basic = np.where(urban, EXTREME_URBAN, EXTREME_RURAL)
    roster.amount[:] = basic[:, None] + share[:, None] * STANDARD[None, :] // 100
    return roster
