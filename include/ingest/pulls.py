"""What was pulled from a database or an API: a Parquet file of text, on its way to the desk like a delivered one.

A pull writes its file under a temporary name and renames it, with the moment of its receipt before its name. What
must be remembered of it travels inside the file and from there into the ledger, so that nothing else has to
remember: a pull that left neither a file nor a ledger entry has not happened.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet

from include.contracts import Contract
from include.contracts.wording import normalise_header
from include.ingest import inbox
from include.ingest.grids import Grid
from include.ingest.headers import find_header
from include.ingest.landing import literal
from include.ingest.reasons import RefusedFileError
from include.ingest.schema import quoted
from include.settings import Settings, private_folder

FACTS = "doudi_pull"
KINDS = ("database", "api")


@dataclass(frozen=True)
class Pull:
    """What one pull read: from where, of which dataset and period, and by what the next one tells that it changed.

    ``scope`` is ``whole`` for a complete period and ``changes`` for the rows changed since an earlier pull.
    """

    kind: str
    dataset: str
    period: str
    scope: str
    rows_at_source: int
    columns: tuple[str, ...]
    watermark: str | None = None
    digest: str | None = None
    drift: tuple[str, ...] = ()
    contract_version: str = ""

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Pull:
        """A pull as the ledger or a file keeps it."""
        lists = {name: tuple(record[name]) for name in ("columns", "drift")}
        return cls(**{**record, **lists})

    def as_record(self) -> dict[str, Any]:
        """The pull as the ledger keeps it."""
        return asdict(self)

    def as_text(self) -> str:
        """The pull as its file carries it."""
        return json.dumps(self.as_record(), ensure_ascii=False)


def place_for(settings: Settings, contract: Contract) -> Path:
    """The folder of a dataset's pulled files."""
    return private_folder(inbox.pulled_folder(settings) / contract.department / contract.short_name)


def finish(temporary: Path, contract: Contract, period: str) -> Path:
    """Flush a written file to the disk and rename it: from this moment it has been received."""
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    path = temporary.with_name(f"{inbox.stamp(datetime.now(UTC))}__{contract.short_name}_{period}.parquet")
    temporary.rename(path)
    return path


def read_pull(path: Path) -> Pull:
    """What a pulled file says of itself."""
    facts = pyarrow.parquet.read_metadata(path).metadata[FACTS.encode()]
    return Pull.from_record(json.loads(facts))


def ledger_facts(path: Path) -> dict[str, Any]:
    """What the ledger says of a pulled file: its source in place of a file's name, its kind, and the pull itself."""
    pull = read_pull(path)
    return {"source_name": f"{pull.kind}:{pull.dataset}", "format": pull.kind, "pulled": pull.as_record()}


def read_pulled(connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, stage: str) -> Grid:
    """A pulled file's rows under the headers of the contract."""
    pull = read_pull(path)
    cells = ", ".join(f"{quoted(name)} AS c{number}" for number, name in enumerate(pull.columns))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {stage} AS SELECT {cells}, CAST(NULL AS VARCHAR) AS problem, "
        f"file_row_number + 1 AS line FROM read_parquet({literal(path)}, file_row_number = true)"
    )
    known = {header for column in contract.columns.values() for header in column.headers}
    drift = [name for name in pull.drift if normalise_header(name) not in known]
    head: list[str | None] = [*(contract.columns[name].header for name in pull.columns), *drift]
    if find_header(contract, [head]) is None:
        lacking = [column.header for column in contract.required_columns if column.name not in pull.columns]
        raise RefusedFileError("missing_column", "、".join(lacking))
    return Grid(stage, len(pull.columns), [head])
