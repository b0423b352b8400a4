"""# 农业农村局入库 · Take in rural affairs

* **What arrives** in `inbox/rural_affairs/<dataset>/`, from the register of families watched against falling
  back into poverty:
  - `poverty_monitor` 防止返贫监测对象 — monthly
* **What it tells** families known to be at risk that no programme holds.
* **Produces** one folder a delivery below `landing/rural_affairs.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_rural_affairs` — also when nothing arrived, so that a
  silent department blocks nobody.
* **To know** A row with its risk removed stays in the file and no longer counts.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "rural_affairs"], **ONE_AT_A_TIME)
def ingest_rural_affairs() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["rural_affairs"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "rural_affairs")
        announce(context, TAKEN_IN["rural_affairs"], run_id, files=files)

    take_in()


ingest_rural_affairs()
