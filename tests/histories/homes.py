"""Homes into whose landing a history's files come, in an order of the test's choosing and at moments of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.ingest.landing import LEDGER_FILE, read_ledger
from include.settings import Settings
from tests.histories.drawing import History
from tests.warehouse.small_landing import REGIONS, Landing

_BEGINNING = datetime(2021, 4, 1, 1, tzinfo=UTC)


def arrival(place: int) -> str:
    """The moment at which the file at a place of an order arrives."""
    return (_BEGINNING + timedelta(minutes=10 * place)).isoformat(timespec="microseconds")


class Files:
    """Every file of a history, written once; homes are laid out from them."""

    def __init__(self, schemas: Settings, folder: Path, history: History) -> None:
        self._schemas, self._history = schemas, history
        self._store = replace(schemas, home=folder / "store")
        landing = Landing(self._store)
        self._regions = landing.deliver("civil_affairs.region", "202101", list(REGIONS))
        landing.refuse("civil_affairs.payment", "202101")
        self._ids = [
            landing.refuse(file.dataset, file.period, "duplicate", file.part)
            if file.is_sent_again
            else landing.deliver(file.dataset, file.period, list(file.rows), file.part, list(file.refused))
            for file in history.sent
        ]
        self._folders = {
            entry["delivery_id"]: path.parent
            for root in (self._store.landing, self._store.quarantine)
            for path in root.rglob(LEDGER_FILE)
            for entry in [json.loads(path.read_text(encoding="utf-8"))]
        }

    def lay(self, folder: Path, order: Iterable[int]) -> Settings:
        """A home in which the files have arrived in this order; regions and a refused file came before them."""
        home = replace(self._schemas, home=folder)
        shutil.copytree(self._schemas.landing, home.landing, copy_function=os.link)
        early = [delivery for delivery in self._folders if delivery not in self._ids]
        for place, delivery in enumerate([*early, *(self._ids[index] for index in order)]):
            source = self._folders[delivery]
            target = home.home / source.relative_to(self._store.home)
            shutil.copytree(source, target, copy_function=os.link)
            entry = json.loads((source / LEDGER_FILE).read_text(encoding="utf-8"))
            (target / LEDGER_FILE).unlink()
            (target / LEDGER_FILE).write_text(json.dumps(entry | {"received_at": arrival(place)}), encoding="utf-8")
        return home


def last_moment(home: Settings) -> str:
    """When the newest file of a home arrived."""
    return str(read_ledger(home)[-1]["received_at"])
