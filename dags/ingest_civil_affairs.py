"""# 民政局入库 · Take in civil affairs

* **What arrives** in `inbox/civil_affairs/<dataset>/`, from the bureau itself and its towns:
  - `region` 行政区划 — when it changes
  - `assistance_household · assistance_member` 低保、边缘、刚性支出家庭及成员 — monthly, a workbook a town
  - `extreme_poverty · disability_subsidy · elder_allowance · child_welfare` 特困、补贴、尊老金、儿童 — monthly
  - `payment` 资金发放明细 — monthly
  - `cremation` 火化登记 — weekly
  - `marriage · out_of_area_recipient · asset_exemption` 婚姻、外地在享、财产豁免 — monthly
  - `verification_result` 核查反馈 — as towns answer
* **What it tells** the rosters that every rule starts from, what was paid, and the earliest sign that somebody
  has died.
* **Produces** one folder a delivery below `landing/civil_affairs.<dataset>/`, refused rows and files with their
  reasons, a ledger line a file, and the asset `taken_in_civil_affairs` — also when nothing arrived, so that a
  silent department blocks nobody.
* **To know** Without the six rosters and payment a period is not complete, and the newest complete period
  before it is monitored instead.
* **When it fails** nothing is lost: a file leaves the inbox only after its ledger line is written. Mend the
  cause, run the sweep again.
"""

from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_SWEEP, TAKEN_IN
from dags.wiring import ONE_AT_A_TIME, announce, run_of
from include import pipeline


@dag(schedule=[INBOX_SWEEP], doc_md=__doc__, tags=["ingest", "civil_affairs"], **ONE_AT_A_TIME)
def ingest_civil_affairs() -> None:
    """One task: every file of this department, each accepted or refused with a reason."""

    @task(outlets=[TAKEN_IN["civil_affairs"]])
    def take_in(**context: Any) -> None:
        """Take the files in and say how many there were."""
        settings, run_id = run_of(context)
        files = pipeline.take_in(settings, run_id, "civil_affairs")
        announce(context, TAKEN_IN["civil_affairs"], run_id, files=files)

    take_in()


ingest_civil_affairs()
