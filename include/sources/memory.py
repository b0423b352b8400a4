"""What is known of earlier pulls: what the ledger says, and the pulled files that are on their way into it.

Nothing else remembers. A pull whose file and ledger entry are gone has not happened, and is done again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from include.ingest import inbox, landing, pulls
from include.ingest.pulls import Pull
from include.periods import SHANGHAI
from include.settings import Settings


@dataclass(frozen=True)
class Earlier:
    """The newest pull of one dataset and period, and whether every pull of it has been taken in."""

    pull: Pull
    received_on: date
    was_refused: bool
    all_taken: bool


@dataclass
class Memory:
    """Every period of which anything is known, by dataset."""

    pulled: dict[tuple[str, str], Earlier] = field(default_factory=dict)
    received: set[tuple[str, str]] = field(default_factory=set)

    def of(self, dataset: str, period: str) -> Earlier | None:
        """What was pulled of a period last."""
        return self.pulled.get((dataset, period))

    def newest_pulled(self, dataset: str) -> str | None:
        """The newest period of a dataset that was pulled."""
        return max((period for name, period in self.pulled if name == dataset), default=None)

    def has_received(self, dataset: str, period: str) -> bool:
        """Whether a period has come, by whatever way."""
        return (dataset, period) in self.received

    def oldest_received(self) -> str | None:
        """The oldest period of anything that anybody sent."""
        return min((period for _, period in self.received), default=None)

    def add(self, pull: Pull, received_at: datetime, status: str) -> None:
        """Remember one more pull, newer than those before it."""
        key = (pull.dataset, pull.period)
        before = self.pulled.get(key)
        is_taken = status in ("accepted", "duplicate")
        all_taken = is_taken and (pull.scope == "whole" or before is None or before.all_taken)
        day = received_at.astimezone(SHANGHAI).date()
        self.pulled[key] = Earlier(pull, day, status == "quarantined", all_taken)
        if status != "quarantined":
            self.received.add(key)


def read_memory(settings: Settings, department: str) -> Memory:
    """What the ledger and the files on their way say."""
    memory = Memory()
    for entry in landing.read_ledger(settings):
        if entry.get("pulled"):
            moment = datetime.fromisoformat(entry["received_at"])
            memory.add(Pull.from_record(entry["pulled"]), moment, entry["status"])
        elif entry["status"] in ("accepted", "held") and entry["period"]:
            memory.received.add((entry["dataset"], entry["period"]))
    for file in inbox.left_behind(settings, department):
        if file.is_pulled:
            memory.add(pulls.read_pull(file.path), file.received_at, "accepted")
    return memory
