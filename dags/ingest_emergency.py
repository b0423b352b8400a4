"""# 应急管理局入库 · Take in emergency management

* **What arrives** in `inbox/emergency/<dataset>/`, from fires, traffic accidents and natural disasters:
  - `incident` 火灾、交通事故、自然灾害 — as they come
* **What it tells** people who may need temporary assistance this month.
* **Produces** one folder a delivery below `landing/emergency.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_emergency` — also when nothing arrived, so that a
  silent department blocks nobody.
* **To know** Names often come without an identity number; a single person who fits is proposed, never assumed.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "emergency"], **ONE_AT_A_TIME)
def ingest_emergency() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["emergency"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "emergency")
        announce(context, TAKEN_IN["emergency"], run_id, files=files)

    take_in()


ingest_emergency()
