"""One small district, made once for all tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from include.demo import make_deliveries

SCALE, SEED = 0.01, 2021


@dataclass(frozen=True)
class Made:
    """Where a district's deliveries and their truth lie."""

    inbox: Path
    truth: Path


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The deliveries of ten months of a district of a hundredth of the size."""
    home = tmp_path_factory.mktemp("district")
    made = Made(home / "inbox", home / "truth")
    make_deliveries(made.inbox, made.truth, SCALE, SEED)
    return made
