"""# 质量关口 · The quality gate

Checks the fresh build before anybody sees it: what dbt's tests found, and the expectations on the run's
deliveries and on the marts about to be published.

* **What arrives** the asset `warehouse`.
* **Produces** the asset `checked_warehouse`, every result in the run's records, and one page that opens without
  a network.
* **When it is red** this run fails, no asset is sent, nothing is published and the old publication stays where
  it is. The page says which check, who owns it, and what it saw. Monitoring findings never make it red.
"""

from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

from dags.assets import CHECKED, WAREHOUSE
from dags.wiring import ONE_AT_A_TIME, WRITER_POOL, announce, run_of
from include import pipeline


@dag(schedule=[WAREHOUSE], doc_md=__doc__, tags=["gate"], **ONE_AT_A_TIME)
def check_quality() -> None:
    """One task: green sends the asset on, red fails at once and without a second try."""

    @task(outlets=[CHECKED], pool=WRITER_POOL)
    def pass_gate(**context: Any) -> None:
        """Run the gate, read-only, on this run's build."""
        settings, run_id = run_of(context)
        if not pipeline.check(settings, run_id):
            raise AirflowFailException("质量关口为红，旧发布保留 / the gate is red; the old publication stands")
        announce(context, CHECKED, run_id)

    pass_gate()


check_quality()
