"""# 教育局入库 · Take in education

* **What arrives** in `inbox/education/<dataset>/`, from the school register:
  - `enrolment` 在校学生 — each term
* **What it tells** who still goes to school, which decides children's programmes from the eighteenth birthday
  on.
* **Produces** one folder a delivery below `landing/education.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_education` — also when nothing arrived, so that a
  silent department blocks nobody.
* **To know** It comes twice a year; only after nine months without a delivery does a rule say that it cannot be
  evaluated.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "education"], **ONE_AT_A_TIME)
def ingest_education() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["education"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "education")
        announce(context, TAKEN_IN["education"], run_id, files=files)

    take_in()


ingest_education()
