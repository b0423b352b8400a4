"""# 司法局入库 · Take in justice

* **What arrives** in `inbox/justice/<dataset>/`, from prisons, detention and compulsory rehabilitation:
  - `custody` 在押和戒毒人员 — monthly
* **What it tells** who cannot be living on assistance at home, and whose children have nobody.
* **Produces** one folder a delivery below `landing/justice.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_justice` — also when nothing arrived, so that a silent
  department blocks nobody.
* **To know** Only the fact and its start are used; lists below the district say “status to be confirmed with
  the district”.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "justice"], **ONE_AT_A_TIME)
def ingest_justice() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["justice"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "justice")
        announce(context, TAKEN_IN["justice"], run_id, files=files)

    take_in()


ingest_justice()
