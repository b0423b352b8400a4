"""Great Expectations on one DuckDB connection: read-only, without telemetry, without progress bars."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import great_expectations as gx
import great_expectations.execution_engine.sqlalchemy_execution_engine as gx_engine
from great_expectations.data_context.types.base import ProgressBarsConfig
from sqlalchemy import event

from expectations.results import ERROR, FAILED, PASSED
from expectations.vocabulary import Expectation, Suite


class _Dialect(str, Enum):  # noqa: UP042 - the library compares it with its own str enum
    DUCKDB = "duckdb"


# Great Expectations fetches results after closing the connection, unless the dialect is on this list.
# Without DuckDB on it every check reports an error on good data; the gate's self-check notices.
if _Dialect.DUCKDB not in gx_engine._PERSISTED_CONNECTION_DIALECTS:
    gx_engine._PERSISTED_CONNECTION_DIALECTS += (_Dialect.DUCKDB,)

for _logger in ("great_expectations", "sqlalchemy"):
    logging.getLogger(_logger).setLevel(logging.ERROR)


class Evaluator:
    """Evaluates suites one after the other on a single connection, prepared once by ``prepare``."""

    def __init__(self, prepare: Callable[[Any], None]) -> None:
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._source = self._context.data_sources.add_sql(
            "warehouse", connection_string="duckdb:///:memory:", create_temp_table=False
        )
        self._engine = self._source.get_execution_engine()
        event.listen(self._engine.engine, "connect", lambda connection, _record: prepare(connection))
        self._assets = 0

    def count_rows(self, query: str) -> int:
        """How many rows a query gives."""
        with self._engine.get_connection() as connection:
            return int(connection.exec_driver_sql(f"select count(*) from ({query}) as target").scalar_one())

    def states(self, suite: Suite, expectations: list[Expectation]) -> dict[str, str]:
        """Passed, failed or error for each check by name; no value of the data enters the answer."""
        outcomes = self._validate(suite, expectations, "BOOLEAN_ONLY")
        return {outcome.expectation_config.meta["name"]: _state(outcome) for outcome in outcomes}

    def failed_rows(self, suite: Suite, expectations: list[Expectation]) -> dict[str, int]:
        """How many rows failed each check, where the library counts them: only numbers are taken from its answer."""
        counts = {}
        for outcome in self._validate(suite, expectations, {"result_format": "BASIC", "partial_unexpected_count": 0}):
            found = outcome.result or {}
            count = found.get("unexpected_count", found.get("observed_value"))
            if isinstance(count, int) and not isinstance(count, bool):
                counts[outcome.expectation_config.meta["name"]] = count
        return counts

    def _validate(self, suite: Suite, expectations: list[Expectation], result_format: Any) -> list[Any]:
        if not expectations:
            return []
        self._assets += 1
        name = f"{suite.name}_{self._assets}"
        asset = self._source.add_query_asset(name, query=suite.query)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        checks = gx.ExpectationSuite(name=name, expectations=expectations)
        return list(batch.validate(checks, result_format=result_format).results)


def _state(outcome: Any) -> str:
    details = outcome.exception_info or {}
    nested = [value for value in details.values() if isinstance(value, Mapping)]
    if details.get("raised_exception") or any(value.get("raised_exception") for value in nested):
        return ERROR
    return PASSED if outcome.success else FAILED
