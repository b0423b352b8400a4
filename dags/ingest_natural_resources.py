"""# 自然资源和规划局入库 · Take in natural resources

* **What arrives** in `inbox/natural_resources/<dataset>/`, from the real-estate registration centre:
  - `real_estate` 不动产登记 — monthly, changes only
* **Or pulled** `real_estate` from an API, by Airflow's connection `natural_resources`
  where there is one; a source that is not ready is asked again for a while, and then not waited for.
* **What it tells** second homes, shops, and homes bought while on assistance.
* **Produces** one folder a delivery below `landing/natural_resources.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_natural_resources` — also when nothing arrived,
  so that a silent department blocks nobody.
* **To know** A unit is what it was in the newest version sent; inherited shares below one half do not count.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import TriggerRule, dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.pulling import pull_from
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "natural_resources"], **ONE_AT_A_TIME)
def ingest_natural_resources() -> None:
    """Two tasks: what the source has, then every file, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["natural_resources"]], trigger_rule=TriggerRule.ALL_DONE)
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "natural_resources")
        announce(context, TAKEN_IN["natural_resources"], run_id, files=files)

    pull_from("natural_resources") >> take_in()


ingest_natural_resources()
