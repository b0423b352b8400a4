"""# 12345 热线入库 · Take in citizens' hotline

* **What arrives** in `inbox/hotline/<dataset>/`, from tickets that speak of assistance:
  - `ticket` 12345 涉救助工单 — daily
* **Or pulled** `ticket` from an API, by Airflow's connection `hotline`
  where there is one; a source that is not ready is asked again for a while, and then not waited for.
* **What it tells** people who asked for help and hold nothing.
* **Produces** one folder a delivery below `landing/hotline.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_hotline` — also when nothing arrived, so that a silent
  department blocks nobody.
* **To know** The text of a ticket stays in the restricted warehouse.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import TriggerRule, dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.pulling import pull_from
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "hotline"], **ONE_AT_A_TIME)
def ingest_hotline() -> None:
    """Two tasks: what the source has, then every file, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["hotline"]], trigger_rule=TriggerRule.ALL_DONE)
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "hotline")
        announce(context, TAKEN_IN["hotline"], run_id, files=files)

    pull_from("hotline") >> take_in()


ingest_hotline()
