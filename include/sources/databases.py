"""Reading a department's table or view: what its periods hold, and one period's rows into a file.

The engine's own scanners stream: however long a table is, memory stays flat. One reading sees one state of the
database, in one transaction that may only read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import duckdb

from include.contracts import Contract
from include.ingest.pulls import FACTS, Pull, finish, place_for
from include.settings import Settings
from include.sources.connections import DATABASES, SourceConnection
from include.sources.dialects import DIALECTS
from include.sources.errors import BrokenOffError, NotReadyError, SourceError
from include.warehouse.engine import connect, sql_text

ROWS_IN_MEMORY = 20_480  # a group of rows is what the file's writer holds before it writes it
_SOURCE = "source"
_OUR_OWN = {"period", "updated_at"}
_REFUSED = re.compile(
    r"authentication|password|(access|permission|command) denied|unknown database"
    r"|(role|user|database) .{0,80} does not exist",
    re.IGNORECASE,
)
_DISK = re.compile("no space left|could not (write|create|open) file", re.IGNORECASE)
Result = TypeVar("Result")


@dataclass(frozen=True)
class PeriodState:
    """What a source holds of one period: by these two, and the columns, a change is told."""

    period: str
    rows: int
    rows_dated: int
    watermark: str | None


class Database:
    """A database that is read in one transaction for as long as a ``with`` block lasts."""

    def __init__(self, settings: Settings, connection: SourceConnection) -> None:
        self._settings = settings
        self._source = connection
        self._dialect = DIALECTS[DATABASES[connection.kind]]

    def __enter__(self) -> Database:
        self._engine = connect(self._settings, ("httpfs", self._dialect.extension))
        kind = _kind_of(self._open)
        if kind is None:
            return self
        self._engine.close()
        if kind == "refused":
            raise SourceError(
                f"数据库拒绝连接 {self._source.department}：请核对用户、密码和库名",
                f"the database refuses connection {self._source.department}: check user, password and database",
            )
        raise NotReadyError(
            f"数据库 {self._source.department} 现在连不上",
            f"the database of {self._source.department} cannot be reached",
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _kind_of(lambda: self._engine.execute("ROLLBACK"))  # an open one on a dead line would abort the process
        self._engine.close()

    def _open(self) -> None:
        for name, value in self._dialect.settings.items():
            self._engine.execute(f"SET {name} = {_value(value)}")
        secret = ", ".join(f"{name} {_value(value)}" for name, value in self._dialect.secret(self._source).items())
        self._engine.execute(f"CREATE SECRET source_secret ({secret})")
        options = sql_text(self._dialect.options(self._source))
        kind = DATABASES[self._source.kind]
        self._engine.execute(f"ATTACH {options} AS {_SOURCE} (TYPE {kind}, SECRET source_secret, READ_ONLY)")
        self._engine.execute("BEGIN")

    def columns(self, contract: Contract) -> dict[str, str]:
        """The columns of a dataset's table with their types; refuses a table without a period and a moment."""
        rows = self._ask(contract, self._dialect.columns(contract))
        found = {str(name): str(kind).lower() for name, kind in rows}
        if not found:
            raise SourceError(
                f"数据库里没有表或视图 {contract.dataset}，或无权读取",
                f"the database has no table or view {contract.dataset}, or it may not be read",
            )
        lacking = sorted(_OUR_OWN - {name.lower() for name in found})
        if lacking:
            raise SourceError(
                f"{contract.dataset} 缺少列：{'、'.join(lacking)}",
                f"{contract.dataset} lacks columns: {', '.join(lacking)}",
            )
        return found

    def periods(self, contract: Contract) -> list[PeriodState]:
        """What the table holds, period by period."""
        rows = self._ask(contract, self._dialect.periods(contract))
        return [
            PeriodState(str(period or "").strip(), int(there), int(dated), watermark)
            for period, there, dated, watermark in rows
        ]

    def rows_changed(self, contract: Contract, period: str, since: str) -> int:
        """How many of a period's rows changed since a moment."""
        ((count,),) = self._ask(contract, self._dialect.changed(contract, period, since))
        return int(count)

    def write(self, contract: Contract, columns: dict[str, str], pull: Pull, since: str | None, expected: int) -> Path:
        """Write a period's rows into a file that waits to be taken in; a reading that fell short leaves none."""
        own_names = {name.lower(): name for name in columns}
        wanted = [(name, own_names[name], columns[own_names[name]]) for name in pull.columns]
        statement = self._dialect.rows(contract, wanted, pull.period, since)
        temporary = place_for(self._settings, contract) / f".{contract.short_name}_{pull.period}.{os.getpid()}.tmp"
        copy = (
            f"COPY (SELECT * FROM {self._table_of(statement)}) TO {sql_text(str(temporary))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_IN_MEMORY}, "
            f"KV_METADATA {{{FACTS}: {sql_text(pull.as_text())}}})"
        )
        try:
            ((written,),) = self._run(contract, copy)
            if written != expected:
                raise BrokenOffError(
                    f"读取 {contract.dataset} 期间数据有变动：{pull.period}",
                    f"{contract.dataset} changed while it was read: {pull.period}",
                )
            return finish(temporary, contract, pull.period)
        finally:
            temporary.unlink(missing_ok=True)

    def _ask(self, contract: Contract, statement: str) -> list[tuple[Any, ...]]:
        return self._run(contract, f"SELECT * FROM {self._table_of(statement)}")

    def _table_of(self, statement: str) -> str:
        return f"{self._dialect.function}({sql_text(_SOURCE)}, {sql_text(statement)})"

    def _run(self, contract: Contract, statement: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        kind = _kind_of(lambda: rows.extend(self._engine.execute(statement).fetchall()))
        if kind is None:
            return rows
        if kind == "refused":
            raise SourceError(
                f"无权读取 {contract.dataset}", f"connection {self._source.department} may not read {contract.dataset}"
            )
        raise BrokenOffError(
            f"读取 {contract.dataset} 时连接中断", f"the connection broke while {contract.dataset} was read"
        )


def _kind_of(action: Callable[[], object]) -> str | None:
    """Do something with the source; None when it went well, else in a word what went wrong.

    The engine's own error may quote the password or a row: it ends here, and no other error is raised from it.
    """
    try:
        action()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        if _DISK.search(str(error)):
            raise  # this machine's trouble, not the source's
        return "refused" if _REFUSED.search(str(error)) else "unreachable"
    return None


def _value(value: object) -> str:
    return sql_text(value) if isinstance(value, str) else str(value).lower()
