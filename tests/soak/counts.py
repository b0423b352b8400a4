"""How often things are repeated: a little in every run of the tests, all of it in ``make soak``."""

from __future__ import annotations

REPETITIONS = {
    "mutated files": (300, 10_000),
    "kills": (10, 200),
    "histories": (5, 100),
    "districts read twice": (1, 67),
    "hundredths of the district": (1, 100),
}
share = {"done": 0.0}


def repetitions(what: str) -> int:
    """How often something is to be repeated in this run, by the share of it that was asked for."""
    least, most = REPETITIONS[what]
    return max(least, int(most * share["done"]))
