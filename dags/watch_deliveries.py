"""# 报送期限 · Watch what is due

Waits for what the departments owe for a month, and says so where it does not come in time.

* **What arrives** nothing here: the run looks into the delivery ledger, dataset by dataset, once an hour, and gives
  its worker back in between. It ends when everything has come, or is given up before the next month's run.
* **When** at the first minute of each month in Shanghai, for the month that has just ended. The DAG is paused until
  somebody switches it on: a site whose Airflow runs all the time wants it, a single sweep does not need it.
* **Form** `month` (YYYYMM) watches another month, when a run is started by hand.
* **Produces** `outbox/notices/<YYYYMM>/<department>_<dataset>.txt`, once for each delivery that is past its day: what
  is owed, by whom, how late, whom to call, and which rules will not be evaluated. One deadline stands for each
  number of days that a contract grants (`due_days`).
* **When it fails** nothing is lost; a notice that was not written is written with the next deadline.
"""

from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, PokeReturnValue, dag, task

from dags.deadlines import DUE_DEADLINES, month_watched
from dags.wiring import ONE_AT_A_TIME
from include.replies import lateness
from include.settings import Settings

_ONE_DELIVERY = "Whether all of one delivery has come; between two looks no worker waits."


@dag(
    schedule=CronTriggerTimetable("0 0 1 * *", timezone="Asia/Shanghai"),
    deadline=DUE_DEADLINES,
    doc_md=__doc__,
    tags=["watch"],
    is_paused_upon_creation=True,
    params={"month": Param(None, type=["null", "string"], pattern=r"^\d{4}(0[1-9]|1[0-2])$", title="月份 (YYYYMM)")},
    **ONE_AT_A_TIME,
)
def watch_deliveries() -> None:
    """List what is due, then wait for each."""

    @task
    def list_due(**context: Any) -> list[str]:
        """The datasets whose period ends with the month."""
        return [due.contract.dataset for due in lateness.all_due(month_watched(context))]

    @task.sensor(
        mode="reschedule", poke_interval=60 * 60, timeout=27 * 24 * 60 * 60, soft_fail=True, doc_md=_ONE_DELIVERY
    )
    def wait_for(dataset: str, **context: Any) -> PokeReturnValue:
        due = lateness.due_of(dataset, month_watched(context))
        return PokeReturnValue(is_done=lateness.arrival(Settings.from_environment(), due).is_complete)

    wait_for.expand(dataset=list_due())


watch_deliveries()
