"""# 市场监督管理局入库 · Take in market regulation

* **What arrives** in `inbox/market_regulation/<dataset>/`, from the business register:
  - `business` 市场主体任职与投资 — monthly
* **What it tells** who runs, directs or owns a company, and who has a stall of their own.
* **Produces** one folder a delivery below `landing/market_regulation.<dataset>/`, refused rows and files with
  their reasons, a ledger line a file, and the asset `taken_in_market_regulation` — also when nothing arrived,
  so that a silent department blocks nobody.
* **To know** A company that is struck off or revoked is no asset; only 存续 counts.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "market_regulation"], **ONE_AT_A_TIME)
def ingest_market_regulation() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["market_regulation"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "market_regulation")
        announce(context, TAKEN_IN["market_regulation"], run_id, files=files)

    take_in()


ingest_market_regulation()
