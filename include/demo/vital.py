"""Deaths and removals of the window, and through which papers they become known."""

from __future__ import annotations

import numpy as np

from include.demo.moments import EMPTY, WINDOW, first_day, last_day
from include.demo.people import People
from include.demo.streams import Streams
from include.demo.vocabulary import OUTSIDE_PLACES


def make_deaths(people: People, streams: Streams) -> None:
    """Let residents die at the rates of their age; every death has a paper with the right day."""
    random = streams.of("deaths")
    start, end = int(first_day(WINDOW[0])), int(last_day(WINDOW[-1]))
    age = (start - people.birth) // 365
    yearly = np.select(
        [age >= 90, age >= 80, age >= 65, age >= 45, age >= 1], [0.17, 0.077, 0.018, 0.004, 0.0006], 0.002
    )
    dies = people.is_registered & (random.random(len(people)) < yearly * 10 / 12)
    died_on = random.integers(start, end + 1, len(people))
    dies &= died_on > people.birth + 30
    in_cremation = dies & (random.random(len(people)) < 0.92)
    in_certificate = dies & (random.random(len(people)) < 0.85)
    lag = random.gamma(2.0, 12.0, len(people)).astype("int64")
    only_register = dies & ~in_cremation & ~in_certificate
    people.died_on[dies] = died_on[dies]
    people.in_cremation[:] = in_cremation
    people.in_certificate[:] = in_certificate
    people.cancelled_on[dies] = (died_on + np.where(only_register, 0, lag))[dies]


def make_removals(people: People, streams: Streams) -> None:
    """Let some residents move to another district."""
    random = streams.of("removals")
    start, end = int(first_day(WINDOW[0])), int(last_day(WINDOW[-1]))
    moves = people.is_registered & (people.died_on == EMPTY) & (random.random(len(people)) < 0.0012)
    moves &= people.birth < start
    people.moved_on[moves] = random.integers(start, end + 1, int(moves.sum()))
    places = random.integers(0, len(OUTSIDE_PLACES), len(people))
    for person in np.flatnonzero(moves).tolist():
        people.destination[person] = OUTSIDE_PLACES[places[person]]
