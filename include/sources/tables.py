"""Pulling one dataset from a database: only what changed, all of it, and nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import tenacity

from include.contracts import Contract
from include.ingest.pulls import Pull
from include.periods import SHANGHAI, Month
from include.settings import Settings
from include.sources.connections import SourceConnection
from include.sources.databases import Database, PeriodState
from include.sources.errors import BrokenOffError
from include.sources.memory import Earlier, read_memory

MOST_READINGS = 4
FIRST_PAUSE_SECONDS = 1.0
# A transaction that commits late carries an earlier moment: what changed shortly before is read once more. The
# newest delivery of a key counts, so equal rows change nothing.
OVERLAP = timedelta(hours=1)
_PERIOD = re.compile(r"\d{4}(0[1-9]|1[0-2])")


def pull_table(
    settings: Settings, connection: SourceConnection, contract: Contract, pulled: list[Pull], notes: list[str]
) -> None:
    """Pull every period that changed since it was pulled last; what was pulled is added to ``pulled`` one by one.

    When the connection breaks, the reading begins again where it stood: a period that was finished lies in its
    file, one that was not has left nothing.
    """
    readings = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(MOST_READINGS),
        wait=tenacity.wait_exponential(multiplier=FIRST_PAUSE_SECONDS, max=20),
        retry=tenacity.retry_if_exception_type(BrokenOffError),
        reraise=True,
    )
    for reading in readings:
        with reading, Database(settings, connection) as database:
            notes.clear()
            pulled.extend(_changed_periods(settings, database, contract, notes))


def _changed_periods(settings: Settings, database: Database, contract: Contract, notes: list[str]) -> Iterator[Pull]:
    memory = read_memory(settings, contract.department)
    columns = database.columns(contract)
    there = {name.lower() for name in columns}
    for state in sorted(database.periods(contract), key=lambda each: each.period):
        if remark := _unfit(state):
            notes.append(remark)
            continue
        pull = Pull(
            kind="database",
            dataset=contract.dataset,
            period=state.period,
            scope="whole",
            rows_at_source=state.rows,
            columns=tuple(name for name in contract.columns if name in there),
            watermark=state.watermark,
            drift=tuple(name for name in columns if name.lower() not in {*contract.columns, "period", "updated_at"}),
            contract_version=contract.version,
        )
        earlier = memory.of(contract.dataset, state.period)
        if not _is_changed(pull, earlier):
            continue
        since, expected = _since(database, contract, pull, state, earlier)
        if since is not None:
            pull = replace(pull, scope="changes")
        database.write(contract, columns, pull, since, expected)
        yield pull


def _unfit(state: PeriodState) -> str | None:
    if not _PERIOD.fullmatch(state.period):
        return f"{state.rows} 行没有可识别的 period / rows without a readable period"
    if Month.parse(state.period) > Month.of(datetime.now(UTC).astimezone(SHANGHAI).date()):
        return f"{state.rows} 行属于未来的 period，到时再取 / rows of a future period, left until it begins"
    return None


def _is_changed(pull: Pull, earlier: Earlier | None) -> bool:
    if earlier is None:
        return True
    known = earlier.pull
    same = (known.rows_at_source, known.watermark, known.columns) == (pull.rows_at_source, pull.watermark, pull.columns)
    return not same or (earlier.was_refused and known.contract_version != pull.contract_version)


def _since(
    database: Database, contract: Contract, pull: Pull, state: PeriodState, earlier: Earlier | None
) -> tuple[str | None, int]:
    """Since when rows are read, None for all of them, and how many there must be.

    Of a snapshot always all: a row that is gone has ended. Of facts and replacements only the changed ones, unless
    something does not add up: earlier rows that were never taken in, rows without a moment, other columns, fewer
    rows than before, or more new ones than rows that changed.
    """
    cut = _cut(earlier)
    if earlier is None or cut is None or contract.delivery == "snapshot" or not _adds_up(pull, state, earlier):
        return None, state.rows
    changed = database.rows_changed(contract, state.period, cut)
    if changed == 0 or state.rows - earlier.pull.rows_at_source > changed:
        return None, state.rows
    return cut, changed


def _adds_up(pull: Pull, state: PeriodState, earlier: Earlier) -> bool:
    is_dated = state.rows_dated == state.rows
    has_grown = state.rows >= earlier.pull.rows_at_source
    return earlier.all_taken and is_dated and has_grown and earlier.pull.columns == pull.columns


def _cut(earlier: Earlier | None) -> str | None:
    if earlier is None or not earlier.pull.watermark:
        return None
    try:
        moment = datetime.fromisoformat(earlier.pull.watermark) - OVERLAP
    except ValueError:
        return None
    return moment.isoformat(sep=" ")
