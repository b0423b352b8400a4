"""# 住房公积金管理中心入库 · Take in housing fund

* **What arrives** in `inbox/housing_fund/<dataset>/`, from the housing provident fund:
  - `contribution` 住房公积金缴存 — monthly
* **Or pulled** `contribution` from a database, by Airflow's connection `housing_fund`
  where there is one; a source that is not ready is asked again for a while, and then not waited for.
* **What it tells** a wage, told by the contribution and its rate, and loans for a home.
* **Produces** one folder a delivery below `landing/housing_fund.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_housing_fund` — also when nothing arrived, so that a
  silent department blocks nobody.
* **To know** A rate above one is a percentage; a rate of nought or none tells nothing.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import TriggerRule, dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.pulling import pull_from
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "housing_fund"], **ONE_AT_A_TIME)
def ingest_housing_fund() -> None:
    """Two tasks: what the source has, then every file, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["housing_fund"]], trigger_rule=TriggerRule.ALL_DONE)
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "housing_fund")
        announce(context, TAKEN_IN["housing_fund"], run_id, files=files)

    pull_from("housing_fund") >> take_in()


ingest_housing_fund()
