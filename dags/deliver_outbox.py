"""# 派送 · Deliver

Lays the publication's open alerts out as worklists: one workbook a town with a sheet a village, each village
alone as well, and one for what only the district may verify.

* **What arrives** the asset `publication`.
* **Produces** `outbox/worklists/<YYYYMM>/`, `outbox/replies/<department>/scorecard_<YYYYMM>.*`, `outbox/rule_book/` and
  the asset `outbox`. Writing the same publication twice gives the same files.
* **Reads** only the published pair, never the warehouse.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import OUTBOX, PUBLICATION
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[PUBLICATION], doc_md=__doc__, tags=["deliver"], **ONE_AT_A_TIME)
def deliver_outbox() -> None:
    """One task: write the lists."""

    @task(outlets=[OUTBOX])
    def write_worklists(**context: Any) -> None:
        """Write every town's, every village's and the district's workbook."""
        settings, run_id = run_of(context)
        pipeline.deliver(settings, run_id)
        announce(context, OUTBOX, run_id)

    write_worklists()


deliver_outbox()
