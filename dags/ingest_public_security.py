"""# 公安局入库 · Take in public security

* **What arrives** in `inbox/public_security/<dataset>/`, from the household register, the vehicle office and
  exit-entry administration:
  - `population` 户籍人口 — monthly, changes only
  - `vehicle` 机动车登记 — monthly
  - `exit_entry` 出入境记录 — quarterly
* **Or pulled** `population` from an API, by Airflow's connection `public_security`
  where there is one; a source that is not ready is asked again for a while, and then not waited for.
* **What it tells** who is registered where, who has moved away or been struck off, what people drive, who has
  left the country.
* **Produces** one folder a delivery below `landing/public_security.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_public_security` — also when nothing arrived, so
  that a silent department blocks nobody.
* **To know** The register lags behind reality by months; it decides a death only where no cremation and no
  medical certificate does.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import TriggerRule, dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.pulling import pull_from
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "public_security"], **ONE_AT_A_TIME)
def ingest_public_security() -> None:
    """Two tasks: what the source has, then every file, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["public_security"]], trigger_rule=TriggerRule.ALL_DONE)
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "public_security")
        announce(context, TAKEN_IN["public_security"], run_id, files=files)

    pull_from("public_security") >> take_in()


ingest_public_security()
