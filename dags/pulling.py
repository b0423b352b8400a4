"""What the DAGs of departments with a database or an API share: the connection, and pulling before taking in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Connection, task
from airflow.sdk.exceptions import AirflowNotFoundException

from dags.wiring import run_of
from include import pipeline
from include.settings import Settings
from include.sources.connections import SourceConnection, from_facts


def connection_to(department: str) -> SourceConnection | None:
    """Where a department's database or API is; None where the department delivers files only."""
    try:
        found = Connection.get(department)
    except AirflowNotFoundException:
        return None
    names = ("conn_type", "host", "port", "login", "password", "schema", "extra")
    return from_facts(department, {name: getattr(found, name) for name in names})


def pull_from(department: str) -> Any:
    """A task that pulls what a department's source has; while the source is not ready no worker waits for it.

    After the patience of ``SOURCE_PATIENCE`` seconds it is skipped, and whatever follows goes on without it.
    """
    patience = Settings.from_environment().source_patience

    @task.sensor(
        task_id="pull",
        mode="reschedule",
        poke_interval=min(max(patience / 20, 5), 300),
        timeout=patience,
        soft_fail=True,
        execution_timeout=timedelta(hours=2),
    )
    def pull(**context: Any) -> bool:
        """Pull what is new; come back later while something is not ready."""
        settings, run_id = run_of(context)
        return pipeline.pull(settings, run_id, department, connection_to(department))

    return pull()
