"""# 税务局入库 · Take in taxation

* **What arrives** in `inbox/taxation/<dataset>/`, from the personal income tax filings:
  - `personal_income` 个人所得税申报 — monthly
* **What it tells** wages that a household did not declare.
* **Produces** one folder a delivery below `landing/taxation.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_taxation` — also when nothing arrived, so that a silent
  department blocks nobody.
* **To know** Several payers in a month are added up over twelve months before they are compared with the
  standard.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "taxation"], **ONE_AT_A_TIME)
def ingest_taxation() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["taxation"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "taxation")
        announce(context, TAKEN_IN["taxation"], run_id, files=files)

    take_in()


ingest_taxation()
