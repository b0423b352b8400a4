"""One sweep through an embedded Airflow: start it, watch its records, say how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from include import pipeline, runs
from include.airflow_local import AirflowError, LocalAirflow
from include.pipeline import Outcome
from include.settings import Settings

_LOOK_SECONDS = 1.0
_SETTLE_SECONDS = 60.0


def run_sweep(airflow: LocalAirflow, settings: Settings, run_id: str, look: Callable[[], None]) -> Outcome:
    """Trigger one sweep and wait for the DAG run that ends it; ``look`` is called about once a second."""
    since = datetime.now(UTC).isoformat()
    airflow.client.trigger("sweep_inbox", run_id, {"month": settings.as_of, "known_at": settings.known_at})
    while (outcome := pipeline.outcome_of(settings, run_id)) is None:
        look()
        airflow.check()
        if failed := airflow.failures(since):
            # The gate's verdict may have been written between the two looks.
            if outcome := pipeline.outcome_of(settings, run_id):
                break
            raise _failure(airflow, settings, run_id, failed)
        time.sleep(_LOOK_SECONDS)
    look()
    _settle(airflow)
    return outcome


def _failure(airflow: LocalAirflow, settings: Settings, run_id: str, failed: set[str]) -> AirflowError:
    names = ", ".join(sorted(failed))
    reason = runs.read(settings, run_id, "error")["message"] if runs.done(settings, run_id, "error") else "?"
    return AirflowError(
        f"任务失败：{names}；日志在 {airflow.logs}", f"failed: {names}; the logs lie in {airflow.logs}\n{reason}"
    )


def _settle(airflow: LocalAirflow) -> None:
    """Let Airflow write down that the last task has ended, so that its history says what happened."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while airflow.at_work() and time.monotonic() < deadline:
        airflow.check()
        time.sleep(_LOOK_SECONDS)
