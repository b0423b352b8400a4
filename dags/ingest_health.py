"""# 卫生健康委员会入库 · Take in health commission

* **What arrives** in `inbox/health/<dataset>/`, from the register of medical death certificates:
  - `death_certificate` 死亡医学证明 — monthly
* **What it tells** deaths at home and in hospital, often before a cremation is on file.
* **Produces** one folder a delivery below `landing/health.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_health` — also when nothing arrived, so that a silent
  department blocks nobody.
* **To know** Any one of this, cremation or the household register is enough to evaluate deaths.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "health"], **ONE_AT_A_TIME)
def ingest_health() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["health"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "health")
        announce(context, TAKEN_IN["health"], run_id, files=files)

    take_in()


ingest_health()
