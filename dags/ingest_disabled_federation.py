"""# 残疾人联合会入库 · Take in disabled persons' federation

* **What arrives** in `inbox/disabled_federation/<dataset>/`, from the register of disability certificates:
  - `certificate` 残疾人证 — monthly
* **What it tells** category, grade and validity of every certificate: who may hold the two subsidies and who is
  owed them.
* **Produces** one folder a delivery below `landing/disabled_federation.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_disabled_federation` — also when nothing arrived,
  so that a silent department blocks nobody.
* **To know** A renewal that is on its way keeps a subsidy alive for three months past the certificate's last
  day.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "disabled_federation"], **ONE_AT_A_TIME)
def ingest_disabled_federation() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["disabled_federation"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "disabled_federation")
        announce(context, TAKEN_IN["disabled_federation"], run_id, files=files)

    take_in()


ingest_disabled_federation()
