"""The twin's own files to work on."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.demo import make_deliveries
from tests.ingest.conftest import hurried, regions_home, schemas_home

__all__ = ["hurried", "regions_home", "schemas_home"]


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inbox of the smallest twin's first month."""
    home = tmp_path_factory.mktemp("twin")
    make_deliveries(home / "inbox", home / "truth", 0.002, 2021, ("202101",))
    return home / "inbox"
