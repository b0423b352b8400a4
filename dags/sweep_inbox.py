"""# 巡查收件箱 · Sweep the inbox

Starts one pipeline run: every department's DAG looks into its own folder of the inbox, then the warehouse is
built, checked, published and laid out as worklists, all under one run number.

* **What arrives** nothing here; the departments' DAGs read `inbox/<department>/<dataset>/`.
* **When** whenever somebody triggers it: `make run`, `make pipeline`, or the Trigger button. Sites that want a
  fixed hour give it a schedule.
* **Form** `month` is the month to monitor (YYYYMM; empty: the newest complete period) and `known_at` the moment
  whose knowledge counts (empty: everything received by now). Both are written into the run's record; no task
  ever reads a date off the clock.
* **Produces** `state/runs/<run_id>/run.json` and the asset `inbox_sweep`, whose event carries the run number.
"""

from dataclasses import replace
from typing import Any

from airflow.sdk import Param, dag, task

from dags.assets import INBOX_SWEEP
from dags.wiring import ONE_AT_A_TIME, announce
from include import runs
from include.settings import Settings


@dag(
    schedule=None,
    doc_md=__doc__,
    tags=["sweep"],
    params={
        "month": Param(None, type=["null", "string"], pattern=r"^\d{4}(0[1-9]|1[0-2])$", title="月份 month (YYYYMM)"),
        "known_at": Param(None, type=["null", "string"], format="date-time", title="知悉时点 known at"),
    },
    **ONE_AT_A_TIME,
)
def sweep_inbox() -> None:
    """One task: name the run, write down what it is asked for, let the departments begin."""

    @task(outlets=[INBOX_SWEEP])
    def begin_run(**context: Any) -> None:
        """Write the run's record and send its number to every department."""
        asked = context["params"]
        settings = replace(Settings.from_environment(), as_of=asked["month"], known_at=asked["known_at"])
        run_id = runs.named(context["dag_run"].run_id)
        runs.begin(settings, run_id)
        announce(context, INBOX_SWEEP, run_id)

    begin_run()


sweep_inbox()
