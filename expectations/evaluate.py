"""The process that evaluates every suite of a run: ``python -m expectations.evaluate`` with its job on standard input.

It is a process of its own because Great Expectations keeps the lock on the file it looked at until it ends. The
job comes by pipe, since it holds the warehouse key; the results go to a file, since the library may print.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from expectations.engine import Evaluator
from expectations.from_contract import (
    COLUMN_TABLE,
    LEDGER_TABLE,
    acceptance_suites,
    agreed_columns,
    ledger_rows,
)
from expectations.results import ERROR, FAILED, NOT_EVALUATED, PASSED, CheckResult
from expectations.self_check import SELF_CHECK, self_check
from expectations.suites import publication_suites
from expectations.vocabulary import Expectation, Suite
from include.privacy import guarded, mask_logging
from include.settings import Settings
from include.warehouse.engine import THREADS, attach_warehouse, load_extensions, sql_text


def evaluate(settings: Settings, run_id: str, warehouse: Path, deliveries: list[dict[str, Any]]) -> list[CheckResult]:
    """Evaluate the self-check, and where it holds the acceptance suites and the publication suites."""
    evaluator = Evaluator(partial(_prepare, settings=settings, warehouse=warehouse, deliveries=deliveries))
    results = self_check(evaluator, run_id)
    if any(result.status != PASSED for result in results):
        return results
    suites = [*acceptance_suites(settings, deliveries), *publication_suites()]
    return results + [result for suite in suites for result in evaluate_suite(evaluator, suite, run_id)]


def evaluate_suite(evaluator: Evaluator, suite: Suite, run_id: str) -> list[CheckResult]:
    """Evaluate one suite; whatever cannot be evaluated is an error, never a pass."""
    try:
        rows = evaluator.count_rows(suite.query)
    except Exception as error:  # whatever the reason: nothing was checked
        words = f"读不到目标 / target cannot be read: {type(error).__name__}"
        return [_result(suite, expectation, run_id, ERROR, words) for expectation in suite.expectations]
    due = [expectation for expectation in suite.expectations if rows or expectation.meta["on_empty"]]
    states = evaluator.states(suite, due)
    failed = [expectation for expectation in due if states.get(expectation.meta["name"]) == FAILED]
    counts = evaluator.failed_rows(suite, failed)
    results = []
    for expectation in suite.expectations:
        name = expectation.meta["name"]
        status = states.get(name, ERROR) if expectation in due else NOT_EVALUATED
        count = 0 if status == PASSED else counts.get(name)
        results.append(_result(suite, expectation, run_id, status, f"{rows} 行 / rows", count))
    return results


def _result(
    suite: Suite, expectation: Expectation, run_id: str, status: str, observed: str, failed_rows: int | None = None
) -> CheckResult:
    meta = expectation.meta
    return CheckResult(
        run_id=run_id,
        suite=suite.name,
        check_name=meta["name"],
        target=suite.target,
        severity=str(getattr(expectation.severity, "value", expectation.severity)),
        status=status,
        observed=observed,
        expected=f"{meta['zh']} / {meta['en']}",
        failed_rows=failed_rows,
    )


def _prepare(connection: Any, settings: Settings, warehouse: Path, deliveries: list[dict[str, Any]]) -> None:
    """Bound the connection's memory, attach the fresh build read-only, and lay the run's ledger beside it."""
    connection.execute(f"SET memory_limit = {sql_text(settings.memory_limit)}")
    connection.execute(f"SET temp_directory = {sql_text(str(settings.scratch))}")
    connection.execute("SET temp_file_encryption = true")
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET preserve_insertion_order = false")
    load_extensions(connection, ("httpfs",))
    attach_warehouse(connection, settings, warehouse)
    connection.execute(
        f"CREATE TEMP TABLE {LEDGER_TABLE} (delivery_id VARCHAR, rows_read BIGINT, rows_accepted BIGINT, "
        "rows_quarantined BIGINT, rows_duplicate BIGINT, data_file VARCHAR, quarantined_file VARCHAR)"
    )
    connection.execute(f"CREATE TEMP TABLE {COLUMN_TABLE} (dataset VARCHAR, column_name VARCHAR, column_type VARCHAR)")
    connection.execute("CREATE TEMP TABLE landed_file (file_name VARCHAR, num_rows BIGINT)")
    ledger = ledger_rows(settings, deliveries)
    if not ledger:
        return
    connection.executemany(f"INSERT INTO {LEDGER_TABLE} VALUES (?, ?, ?, ?, ?, ?, ?)", ledger)
    connection.executemany(f"INSERT INTO {COLUMN_TABLE} VALUES (?, ?, ?)", agreed_columns())
    files = ", ".join(sql_text(path) for row in ledger for path in row[5:7] if path)
    connection.execute(f"INSERT INTO landed_file SELECT file_name, num_rows FROM parquet_file_metadata([{files}])")


def main() -> int:
    """Read the job from standard input, evaluate, write the results; any failure is an exit code other than 0."""
    mask_logging()
    job = json.loads(sys.stdin.read())
    settings = Settings(
        home=Path(job["home"]),
        memory_limit=job["memory_limit"],
        environment={"WAREHOUSE_KEY": job["warehouse_key"]},
    )
    with guarded(SELF_CHECK):
        results = evaluate(settings, job["run_id"], Path(job["warehouse"]), job["deliveries"])
    Path(job["results"]).write_text(
        json.dumps([result.as_record() for result in results], ensure_ascii=False), encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
