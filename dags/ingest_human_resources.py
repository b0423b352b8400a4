"""# 人力资源和社会保障局入库 · Take in human resources and social security

* **What arrives** in `inbox/human_resources/<dataset>/`, from the pension, contribution, unemployment and
  work-injury registers:
  - `pension` 养老待遇 — monthly
  - `contribution` 社会保险缴费 — monthly
  - `unemployment` 失业登记 — monthly
  - `work_injury` 工伤生活护理费 — quarterly
* **Or pulled** `pension` and `contribution` from a database, by Airflow's connection `human_resources`
  where there is one; a source that is not ready is asked again for a while, and then not waited for.
* **What it tells** pensions and wages behind a household's declared income, lost jobs, and care paid by another
  fund.
* **Produces** one folder a delivery below `landing/human_resources.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_human_resources` — also when nothing arrived, so
  that a silent department blocks nobody.
* **To know** Contributions name an employer's month, not a payment day: a spell of work ends after three months
  without one.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import TriggerRule, dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.pulling import pull_from
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "human_resources"], **ONE_AT_A_TIME)
def ingest_human_resources() -> None:
    """Two tasks: what the source has, then every file, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["human_resources"]], trigger_rule=TriggerRule.ALL_DONE)
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "human_resources")
        announce(context, TAKEN_IN["human_resources"], run_id, files=files)

    pull_from("human_resources") >> take_in()


ingest_human_resources()
