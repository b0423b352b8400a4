"""Every run and every check result so far, from the records under ``state/runs``, as two published tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import duckdb

from include import runs
from include.periods import Month
from include.settings import Settings
from include.warehouse.engine import sql_text

_CHECK_COLUMNS = {
    "run_id": "VARCHAR",
    "suite": "VARCHAR",
    "check_name": "VARCHAR",
    "target": "VARCHAR",
    "severity": "VARCHAR",
    "status": "VARCHAR",
    "observed": "VARCHAR",
    "expected": "VARCHAR",
    "failed_rows": "BIGINT",
}


def add_run_history(
    connection: duckdb.DuckDBPyConnection, settings: Settings, run_id: str, published_at: datetime
) -> None:
    """Create ``marts.quality.fct_run`` and ``fct_check_result``; the current run counts as published from now on."""
    _add_runs(connection, settings, run_id, published_at)
    _add_checks(connection, settings)


def _add_runs(connection: duckdb.DuckDBPyConnection, settings: Settings, run_id: str, published_at: datetime) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE marts.quality.fct_run (run_id VARCHAR, as_of DATE, known_at TIMESTAMP, "
        "started_at TIMESTAMP, ended_at TIMESTAMP, status VARCHAR, code_version VARCHAR, parameter_version VARCHAR)"
    )
    rows = []
    for each in runs.all_runs(settings):
        record = runs.read(settings, each, "run")
        status, ended_at = ("published", published_at) if each == run_id else _end(settings, each)
        rows.append(
            (
                each,
                _month(settings, each, record),
                _utc(record["known_at"]),
                _utc(record["started_at"]),
                _utc(ended_at),
                status,
                record["code_version"],
                record["parameter_version"],
            )
        )
    if rows:
        connection.executemany("INSERT INTO marts.quality.fct_run VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _add_checks(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in _CHECK_COLUMNS.items())
    connection.execute(f"CREATE OR REPLACE TABLE marts.quality.fct_check_result ({columns})")
    files = sorted(settings.runs.glob("*/checks_*.json"))
    if not files:
        return
    listed = ", ".join(sql_text(str(path)) for path in files)
    types = ", ".join(f"{name}: '{sql_type}'" for name, sql_type in _CHECK_COLUMNS.items())
    connection.execute(
        f"INSERT INTO marts.quality.fct_check_result SELECT {', '.join(_CHECK_COLUMNS)} "
        f"FROM read_json([{listed}], format = 'array', columns = {{{types}}}) ORDER BY ALL"
    )


def _end(settings: Settings, run_id: str) -> tuple[str, Any]:
    """How an earlier run ended, by what it left; a run without an end died or is still going on."""
    if runs.done(settings, run_id, "publish"):
        return "published", runs.read(settings, run_id, "publish").get("published_at")
    if runs.done(settings, run_id, "gate"):
        gate = runs.read(settings, run_id, "gate")
        return ("red" if gate["verdict"] == "red" else "failed"), gate.get("ended_at")
    if runs.done(settings, run_id, "build") and runs.read(settings, run_id, "build")["status"] == "nothing_new":
        return "nothing_new", None
    return "failed", None


def _month(settings: Settings, run_id: str, record: dict[str, Any]) -> date | None:
    build = runs.read(settings, run_id, "build") if runs.done(settings, run_id, "build") else {}
    text = build.get("as_of") or record["as_of"]
    return Month.parse(text).first if text else None


def _utc(moment: Any) -> datetime | None:
    if moment is None:
        return None
    parsed = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed
