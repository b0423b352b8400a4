"""# 居民家庭经济状况核对中心入库 · Take in verification centre

* **What arrives** in `inbox/verification_centre/<dataset>/`, from the means checks that families authorised:
  - `asset_check` 家庭经济状况核对反馈 — monthly
* **What it tells** deposits, shares and insurance above the limits.
* **Produces** one folder a delivery below `landing/verification_centre.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_verification_centre` — also when nothing arrived,
  so that a silent department blocks nobody.
* **To know** A check counts only while the family's authorisation covers its day; amounts never appear on a
  list.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "verification_centre"], **ONE_AT_A_TIME)
def ingest_verification_centre() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["verification_centre"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "verification_centre")
        announce(context, TAKEN_IN["verification_centre"], run_id, files=files)

    take_in()


ingest_verification_centre()
