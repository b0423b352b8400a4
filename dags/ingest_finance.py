"""# 财政局入库 · Take in finance

* **What arrives** in `inbox/finance/<dataset>/`, from the unified payroll of posts paid by the budget:
  - `payroll` 财政供养人员工资发放 — monthly
* **What it tells** household members and supporters who are paid by the state.
* **Produces** one folder a delivery below `landing/finance.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_finance` — also when nothing arrived, so that a silent
  department blocks nobody.
* **To know** What comes of it is verified by the district, never by the village.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "finance"], **ONE_AT_A_TIME)
def ingest_finance() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["finance"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "finance")
        announce(context, TAKEN_IN["finance"], run_id, files=files)

    take_in()


ingest_finance()
