"""# 医疗保障局入库 · Take in medical insurance

* **What arrives** in `inbox/medical_insurance/<dataset>/`, from the settlement system and long-term care
  insurance:
  - `settlement` 医疗费用结算 — monthly, zipped
  - `long_term_care` 长期护理保险待遇 — monthly
* **What it tells** bills that push a family into need, major diseases, and care already paid by insurance.
* **Produces** one folder a delivery below `landing/medical_insurance.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_medical_insurance` — also when nothing arrived,
  so that a silent department blocks nobody.
* **To know** Diagnoses decide a rule and never leave the restricted warehouse: no list and no publication shows
  them.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "medical_insurance"], **ONE_AT_A_TIME)
def ingest_medical_insurance() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["medical_insurance"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "medical_insurance")
        announce(context, TAKEN_IN["medical_insurance"], run_id, files=files)

    take_in()


ingest_medical_insurance()
