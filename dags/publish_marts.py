"""# 发布 · Publish

Writes the pair of one version: the pseudonymised marts for analysts (with Parquet beside them) and the
encrypted identity file for officers' lists; then moves the links. Readers of the old version are never blocked
and never see half of the new one.

* **What arrives** the asset `checked_warehouse`, sent only by a green gate.
* **Produces** `published/marts.duckdb`, `published/parquet/`, `restricted/identity.duckdb` and the asset
  `publication`.
* **A past month or known time** goes to `published/replay/` and moves no link.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import CHECKED, PUBLICATION
from dags.wiring import ONE_AT_A_TIME, WRITER_POOL, announce, run_of
from include import pipeline


@dag(schedule=[CHECKED], doc_md=__doc__, tags=["publish"], **ONE_AT_A_TIME)
def publish_marts() -> None:
    """One task: write both files, then swap the links."""

    @task(outlets=[PUBLICATION], pool=WRITER_POOL)
    def publish(**context: Any) -> None:
        """Publish what the gate let through."""
        settings, run_id = run_of(context)
        pipeline.publish(settings, run_id)
        announce(context, PUBLICATION, run_id)

    publish()


publish_marts()
