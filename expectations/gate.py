"""The gate before publication: every check of a run, one verdict, one page.

It fails closed: a check that could not be evaluated counts as failed, and when the checks did not run at all the
verdict is red and says so. A red verdict raises nothing; the standing publication simply stays.
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations import page
from expectations.results import ERROR, FAILED, CheckResult, blocks, count_states
from include import runs
from include.ingest.landing import read_ledger
from include.privacy import run_masked
from include.settings import REPOSITORY, Settings, private_folder

GREEN, RED = "green", "red"
_TIME_LIMIT_SECONDS = 1800
_DID_NOT_RUN = "检查未能运行，按不通过处理 / the checks did not run, which counts as failed"


def run(settings: Settings, run_id: str) -> dict[str, Any]:
    """Evaluate all suites on the run's fresh build and leave ``checks_gx.json``, ``gate.json`` and the page.

    Returns the record of ``gate.json``: ``verdict`` is ``green`` or ``red``; ``reasons`` says in both languages why.
    """
    checks = _evaluate(settings, run_id)
    runs.write(settings, run_id, "checks_gx", checks)
    checks_of_dbt = _checks_of_dbt(settings, run_id)
    everything = [*checks, *checks_of_dbt]
    blocking = [check for check in everything if blocks(check)]
    record = {
        "run_id": run_id,
        "verdict": RED if blocking else GREEN,
        "reasons": _reasons(blocking),
        **count_states(everything),
        "ended_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "standing_publication": _standing_publication(settings),
        "page": str(page.page_path(settings, run_id)),
    }
    page.write(settings, run_id, record, everything)
    runs.write(settings, run_id, "gate", record)
    return record


def _evaluate(settings: Settings, run_id: str) -> list[dict[str, Any]]:
    folder = private_folder(settings.scratch / f"checks_{run_id}")  # the library leaves folders of its own behind
    results = folder / "results.json"
    results.unlink(missing_ok=True)
    try:
        job = _job(settings, run_id, results)
        finished = run_masked(
            [sys.executable, "-m", "expectations.evaluate"],
            environment=_environment(folder),
            folder=REPOSITORY,
            secret=json.dumps(job),
            timeout_seconds=_TIME_LIMIT_SECONDS,
        )
        if finished.code != 0:
            return [_did_not_run(run_id, finished.lines[-1] if finished.lines else f"exit code {finished.code}")]
        checks: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))
        return checks or [_did_not_run(run_id, "no results")]
    except (OSError, ValueError, KeyError) as error:
        return [_did_not_run(run_id, type(error).__name__)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _job(settings: Settings, run_id: str, results: Path) -> dict[str, Any]:
    """What the evaluating process needs to know; it holds the key and goes through a pipe."""
    build = runs.read(settings, run_id, "build")
    return {
        "home": str(settings.home),
        "memory_limit": settings.memory_limit,
        "warehouse_key": settings.warehouse_key(),
        "run_id": run_id,
        "warehouse": build.get("path") or str(settings.warehouse / f"building_{build['version']}.duckdb"),
        "deliveries": _newly_accepted(settings, run_id),
        "results": str(results),
    }


def _newly_accepted(settings: Settings, run_id: str) -> list[dict[str, Any]]:
    """What this run landed, and whatever a person released, since a run long past landed that."""
    fields = (
        "delivery_id",
        "dataset",
        "period",
        "rows_read",
        "rows_accepted",
        "rows_quarantined",
        "rows_duplicate",
    )
    return [
        {field: delivery[field] for field in fields}
        for delivery in read_ledger(settings)
        if delivery["status"] == "accepted" and (delivery["run_id"] == run_id or "decision" in delivery)
    ]


def _environment(folder: Path) -> dict[str, str]:
    """A whole environment of our own: no telemetry, and nowhere to write but a folder below ``WAREHOUSE_HOME``."""
    return {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONPATH": str(REPOSITORY),
        "TZ": "UTC",
        "GX_ANALYTICS_ENABLED": "false",
    }


def _checks_of_dbt(settings: Settings, run_id: str) -> list[dict[str, Any]]:
    if runs.done(settings, run_id, "checks_dbt"):
        checks: list[dict[str, Any]] = runs.read(settings, run_id, "checks_dbt")
        if checks:
            return checks
    return [_did_not_run(run_id, "checks_dbt.json", suite="dbt")]


def _did_not_run(run_id: str, observed: str, suite: str = "gate") -> dict[str, Any]:
    return CheckResult(
        run_id=run_id,
        suite=suite,
        check_name="checks_ran",
        target="run",
        severity="critical",
        status=ERROR,
        observed=observed,
        expected=_DID_NOT_RUN,
    ).as_record()


def _reasons(blocking: list[dict[str, Any]]) -> list[str]:
    did_not_run = any(check["suite"] == "self_check" for check in blocking)
    return [*([_DID_NOT_RUN] if did_not_run else []), *map(_reason, blocking)]


def _reason(check: dict[str, Any]) -> str:
    words = {FAILED: "未通过 failed", ERROR: "未能检查 could not be evaluated"}[check["status"]]
    return f"{check['target']}：{check['expected']} — {words} ({check['observed']})"


def _standing_publication(settings: Settings) -> str | None:
    link = settings.published / "marts.duckdb"
    return link.readlink().name if link.is_symlink() else None
