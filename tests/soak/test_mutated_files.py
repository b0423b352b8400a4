"""Thousands of damaged, confused and misnamed files: each is accounted for, row by row, and none stops a run."""

from __future__ import annotations

import logging
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from include import ingest
from include.settings import Settings
from tests.soak.accounts import faults
from tests.soak.counts import repetitions
from tests.soak.mutations import Delivery, mutated
from tests.soak.page import Note

SEED = 20260701
TOGETHER = 2_000
LARGEST = 40_000


def deliver(settings: Settings, files: list[Delivery]) -> list[dict[str, Any]]:
    """Deliver files and take all departments in; the run's ledger entries."""
    for file in files:
        folder = settings.inbox / file.department / file.folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_bytes(file.content)
    entries = []
    for department in sorted({file.department for file in files}):
        entries += ingest.take_in(settings, department, "run-1").deliveries
    return entries


@pytest.mark.soak
def test_every_mutated_file_is_accounted_for(
    twin: Path,
    schemas_home: Path,
    tmp_path: Path,
    note: Note,
    caplog: pytest.LogCaptureFixture,
) -> None:
    regions = next((twin / "civil_affairs" / "region").iterdir())
    sources = sorted(path for path in twin.rglob("*") if path.is_file() and path.stat().st_size < LARGEST)
    sources.remove(regions)
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    count, begun = repetitions("mutated files"), time.monotonic()
    for start in range(0, count, TOGETHER):
        settings = Settings(home=tmp_path / f"home_{start}")
        shutil.copytree(schemas_home, settings.home)
        known = Delivery("civil_affairs", "region", regions.name, regions.read_bytes())
        files = [known, *(mutated(sources, SEED, number) for number in range(start, min(start + TOGETHER, count)))]
        with caplog.at_level(logging.WARNING):
            entries = deliver(settings, files)
        assert faults(settings, files, entries) == []
        statuses.update(entry["status"] for entry in entries[1:])
        reasons.update(entry["reason"]["code"] for entry in entries if entry["reason"])
        shutil.rmtree(settings.home)
    assert sum(statuses.values()) == count
    assert len(reasons) > 8  # what does not damage anything proves nothing
    seen = ", ".join(f"{number:,} {status}" for status, number in sorted(statuses.items()))
    note("mutated files", f"{count:,} delivered: {seen}; every row accounted for; {time.monotonic() - begun:,.0f} s")
    lost = [message for message in caplog.messages if "the desk was lost" in message]
    assert lost == caplog.messages
    note("engines lost to damaged workbooks", f"{len(lost)}, each refused and the others read by the next one")
    note("reasons seen", ", ".join(f"`{code}` {number:,}" for code, number in reasons.most_common()))
