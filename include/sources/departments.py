"""Pulling what a department owes by database or API, dataset by dataset; one that fails never stops the others."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from include.contracts import Contract, load_contracts
from include.ingest import inbox
from include.ingest.pulls import Pull
from include.periods import Month
from include.privacy import DoudiError, guarded
from include.settings import Settings, private_folder
from include.sources.connections import SourceConnection
from include.sources.errors import BrokenOffError, NotReadyError, SourceError, TornListError
from include.sources.lists import pull_list
from include.sources.memory import read_memory
from include.sources.periods import EMPTY_MONTHS_BEFORE_THE_FIRST, months_before, months_to_ask
from include.sources.services import Service
from include.sources.tables import pull_table

_LATER = (NotReadyError, BrokenOffError, TornListError)


@dataclass
class Pulled:
    """What came of pulling a department: files that now wait for the desk, what is not there yet, what is wrong."""

    department: str
    files: list[Pull] = field(default_factory=list)
    not_ready: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_record(self) -> dict[str, Any]:
        """The pulls as the run keeps them."""
        named = ("kind", "dataset", "period", "scope", "rows_at_source")
        files = [{name: getattr(pull, name) for name in named} for pull in self.files]
        others = {name: getattr(self, name) for name in ("not_ready", "problems", "notes")}
        return {"department": self.department, "files": files, **others}


@guarded("pull")
def pull_department(settings: Settings, connection: SourceConnection) -> Pulled:
    """Pull every dataset that the connection's kind of transport serves.

    A source that cannot be read now, or that lacks the month to monitor, is not ready; one that does not answer as
    agreed is a problem. Neither touches the other datasets.
    """
    pulled = Pulled(connection.department)
    earlier = os.umask(0o077)
    try:
        with _alone(settings, connection.department):
            for contract in _contracts(connection):
                _pull_dataset(settings, connection, contract, pulled)
    finally:
        os.umask(earlier)
    return pulled


def _contracts(connection: SourceConnection) -> list[Contract]:
    return [
        contract
        for contract in load_contracts().values()
        if contract.department == connection.department and contract.transport == connection.transport
    ]


def _pull_dataset(settings: Settings, connection: SourceConnection, contract: Contract, pulled: Pulled) -> None:
    notes: list[str] = []
    try:
        if connection.transport == "database":
            pull_table(settings, connection, contract, pulled.files, notes)
        else:
            _pull_lists(settings, connection, contract, pulled.files)
    except _LATER as error:
        pulled.not_ready.append(str(error))
    except SourceError as error:
        pulled.problems.append(str(error))
    else:
        if settings.as_of and not _has_come(settings, contract, settings.as_of):
            missing = DoudiError(f"{contract.dataset} 还没有 {settings.as_of} 的数据", "no rows for this month yet")
            pulled.not_ready.append(str(missing))
    pulled.notes += [f"{contract.dataset}: {note}" for note in notes]


def _pull_lists(settings: Settings, connection: SourceConnection, contract: Contract, pulled: list[Pull]) -> None:
    memory = read_memory(settings, contract.department)
    months = months_to_ask(settings, memory, contract)
    with Service(connection) as service:

        def ask(month: Month) -> bool:
            earlier = memory.of(contract.dataset, str(month))
            asks_anew = earlier is None or (earlier.was_refused and earlier.pull.contract_version != contract.version)
            known = None if asks_anew or earlier is None else earlier.pull.digest
            pull = pull_list(settings, service, contract, str(month), known)
            if pull is not None:
                pulled.append(pull)
            return pull is not None

        for month in months:
            ask(month)
        if months and memory.newest_pulled(contract.dataset) is None:
            _ask_backwards(ask, months[0])


def _ask_backwards(ask: Callable[[Month], bool], first: Month) -> None:
    """Where nothing is known yet: older months too, until a year has nothing."""
    empty = 0
    for month in months_before(first):
        empty = 0 if ask(month) else empty + 1
        if empty == EMPTY_MONTHS_BEFORE_THE_FIRST:
            return


def _has_come(settings: Settings, contract: Contract, period: str) -> bool:
    """Whether a month's data are here: taken in, pulled and on their way, or laid into the inbox by hand."""
    if read_memory(settings, contract.department).has_received(contract.dataset, period):
        return True
    by_hand = inbox.files_below(settings.inbox / contract.department / contract.short_name)
    return any(path.name.startswith(f"{contract.short_name}_{period}") for path in by_hand)


@contextmanager
def _alone(settings: Settings, department: str) -> Iterator[None]:
    """One process at a time pulls a department; what an earlier one left half-written is swept."""
    path = private_folder(settings.state / "locks") / f"pull_{department}.lock"
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        for left in (inbox.pulled_folder(settings) / department).glob("*/.*.tmp"):
            left.unlink()
        yield
