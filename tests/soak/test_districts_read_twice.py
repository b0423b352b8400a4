"""Random districts of 300 people, one after another: the rules in SQL and in plain Python find the same in each."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.oracle.test_oracle import SEED, compare, hidden
from tests.soak.counts import repetitions
from tests.soak.page import Note


@pytest.mark.soak
def test_both_readings_find_the_same_in_every_district(tmp_path: Path, note: Note) -> None:
    count, begun, alerts = repetitions("districts read twice"), time.monotonic(), 0
    for seed in range(SEED + 1, SEED + 1 + count):
        home = tmp_path / str(seed)
        compared = compare(seed, home)
        assert (seed, sorted(map(hidden, compared.expected ^ compared.found))) == (seed, [])
        assert (seed, compared.alone) == (seed, [])
        alerts += len(compared.found)
        shutil.rmtree(home)
    note(
        "districts read twice",
        f"{count:,} of 300 people and six months, {alerts:,} alerts, the same in SQL and in plain Python; "
        f"{time.monotonic() - begun:,.0f} s",
    )
