"""What all DAGs share: retries, owner, the pool, and how a run's number travels from asset to asset."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import Asset

from include import runs
from include.privacy import mask_logging
from include.settings import Settings

mask_logging()

WRITER_POOL = "duckdb_writer"  # one slot: two builds at once would need twice the memory

ONE_AT_A_TIME = {
    "start_date": datetime(2021, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {"owner": "data-engineering", "retries": 1, "retry_delay": timedelta(seconds=5)},
}

MANY_AT_A_TIME = {**ONE_AT_A_TIME, "max_active_runs": 100}  # questions wait for people, not for each other


def run_of(context: dict[str, Any]) -> tuple[Settings, str]:
    """The run that triggered this DAG, with its month and known time; started by hand, a run of its own."""
    settings = Settings.from_environment()
    carried = [event.extra["run_id"] for events in context["triggering_asset_events"].values() for event in events]
    known = [run_id for run_id in carried if runs.done(settings, run_id, "run")]
    if known:
        run_id = max(known, key=lambda each: runs.read(settings, each, "run")["started_at"])
    else:
        run_id = runs.named(context["dag_run"].run_id)
        if not runs.done(settings, run_id, "run"):
            runs.begin(settings, run_id)
    return runs.settings_for(settings, run_id), run_id


def announce(context: dict[str, Any], asset: Asset, run_id: str, **counts: int) -> None:
    """Let the asset's event carry the run and plain counts: the only things Airflow's database ever holds."""
    context["outlet_events"][asset].extra = {"run_id": run_id, **counts}
