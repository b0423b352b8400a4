"""The benchmark's officers really sign in and really open pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from include import bench_desk
from include.journal.entries import read
from include.journal.schema import engine
from tests.small_warehouse import make_publication


def test_every_officer_signs_in_and_every_page_that_is_due_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_desk, "OFFICERS", {"village": 3, "town": 2, "district": 1})
    monkeypatch.setattr(bench_desk, "PAUSE_SECONDS", 0.2)
    settings = make_publication(tmp_path)
    found = bench_desk.measure(settings)
    assert found["pages"] == 6 * bench_desk.PAGES_EACH
    assert 0 < found["median"] <= found["p95"]
    with engine(settings).connect() as connection:
        signed_in = [one.entry.account for one in read(connection) if one.entry.event == "signed_in"]
    assert len(set(signed_in)) == 6
