"""Reading a whole list page by page, and never a torn one.

A list that grows, shrinks or is sorted anew while its pages are read gives some rows twice and others not at all.
That shows: in a total that changes, in a sum that does not fit, in a first page that reads otherwise at the end, in
a key that comes twice. Then the period is begun again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import tenacity

from include.contracts import Contract
from include.ingest.headers import Header, find_header
from include.ingest.landing import literal
from include.ingest.pulls import FACTS, Pull, finish, place_for
from include.ingest.schema import quoted
from include.settings import Settings
from include.sources.errors import SourceError, TornListError
from include.sources.services import PAGE_SIZE, Page, Service

MOST_READINGS = 4
FIRST_PAUSE_SECONDS = 1.0
Row = dict[str, str | None]


@dataclass
class _Reading:
    """One reading of a list: what it counted, and a digest that no order of rows changes."""

    rows: int = 0
    sum_of_digests: int = 0
    columns: dict[str, None] = field(default_factory=dict)
    drift: dict[str, None] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Count one row."""
        text = json.dumps(row, ensure_ascii=False, sort_keys=True).encode()
        self.rows += 1
        self.sum_of_digests = (self.sum_of_digests + int.from_bytes(hashlib.sha256(text).digest())) % (1 << 256)

    @property
    def digest(self) -> str:
        """What the list said, in 64 hex digits."""
        return f"{self.sum_of_digests:064x}"


class _Columns:
    """The contract's columns in rows that name them by any header the contract knows."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._headers: dict[tuple[str, ...], Header] = {}

    def of(self, row: Row) -> Header:
        """Which field of a row is which column; rows of one form are looked at once."""
        fields = tuple(row)
        if fields not in self._headers:
            header = find_header(self._contract, [list(fields)])
            if header is None or any(len(positions) > 1 for positions in header.claims.values()):
                raise SourceError(
                    f"接口 {self._contract.dataset} 的字段与契约不符",
                    f"the fields of the API of {self._contract.dataset} do not fit its contract",
                )
            self._headers[fields] = header
        return self._headers[fields]


def pull_list(settings: Settings, service: Service, contract: Contract, period: str, known: str | None) -> Pull | None:
    """Pull a period's list into a file; None when it is empty or says what the ``known`` digest says already."""
    readings = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(MOST_READINGS),
        wait=tenacity.wait_exponential(multiplier=FIRST_PAUSE_SECONDS, max=20),
        retry=tenacity.retry_if_exception_type(TornListError),
        reraise=True,
    )
    temporary = place_for(settings, contract) / f".{contract.short_name}_{period}.{os.getpid()}.tmp"
    last_digest = ""
    try:
        for reading in readings:
            with reading:
                found = _read_list(service, contract, period, temporary)
                is_repeated = found.digest == last_digest  # it comes twice because the source has it twice
                last_digest = found.digest
                if found.rows and not is_repeated and _has_a_key_twice(contract, temporary):
                    raise _torn(contract, period)
        if not found.rows or found.digest == known:
            return None
        pull = _pull(contract, period, found)
        finish(temporary, contract, period)
        return pull
    finally:
        temporary.unlink(missing_ok=True)


def _pull(contract: Contract, period: str, found: _Reading) -> Pull:
    return Pull(
        kind="api",
        dataset=contract.dataset,
        period=period,
        scope="whole",
        rows_at_source=found.rows,
        columns=tuple(name for name in contract.columns if name in found.columns),
        digest=found.digest,
        drift=tuple(found.drift),
        contract_version=contract.version,
    )


def _read_list(service: Service, contract: Contract, period: str, path: Path) -> _Reading:
    """Write one reading of a list into a file, with what it is among the file's own facts."""
    found, columns = _Reading(), _Columns(contract)
    schema = pyarrow.schema([(name, pyarrow.string()) for name in contract.columns])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for page in _pages(service, contract, period):
            cells: dict[str, list[str | None]] = {name: [] for name in contract.columns}
            for row in page.rows:
                found.add(row)
                header, values = columns.of(row), list(row.values())
                found.columns |= dict.fromkeys(header.positions)
                found.drift |= dict.fromkeys(header.drift)
                for name, column in cells.items():
                    position = header.positions.get(name)
                    column.append(None if position is None else values[position])
            writer.write_table(pyarrow.table(cells, schema=schema))
        writer.add_key_value_metadata({FACTS: _pull(contract, period, found).as_text()})
    return found


def _pages(service: Service, contract: Contract, period: str) -> Iterator[Page]:
    """Every page of a list; TornListError as soon as one does not fit the others."""
    first = service.page(contract, period, 1)
    if first is None or first.total == 0:
        return
    yield first
    read, number = len(first.rows), 1
    while read < first.total and first.rows:
        number += 1
        page = service.page(contract, period, number, first.size)
        # Some say as the size how many rows they sent, which on the last page are fewer.
        fits = page is not None and page.total == first.total and page.size in (first.size, len(page.rows))
        if page is None or not fits or not page.rows:
            raise _torn(contract, period)
        yield page
        read += len(page.rows)
    if read != first.total:
        raise _torn(contract, period)
    if number > 1 and service.page(contract, period, 1, PAGE_SIZE) != first:
        raise _torn(contract, period)


def _has_a_key_twice(contract: Contract, path: Path) -> bool:
    key = ", ".join(quoted(name) for name in contract.key)
    statement = f"SELECT count(*) > count(DISTINCT ({key})) FROM read_parquet({literal(path)})"
    with duckdb.connect() as connection:
        (is_twice,) = connection.execute(statement).fetchone() or (False,)
    return bool(is_twice)


def _torn(contract: Contract, period: str) -> TornListError:
    return TornListError(
        f"接口 {contract.dataset} 的 {period} 名单在读取期间不断变动，下次再取",
        f"the list {period} of the API of {contract.dataset} keeps changing while it is read; left for the next run",
    )
