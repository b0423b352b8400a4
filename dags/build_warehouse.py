"""# 建库 · Build the warehouse

Builds a new, encrypted warehouse file from every accepted delivery: staging, identity, history, rules, marts.

* **What arrives** the assets of all seventeen departments; one sweep gives one build.
* **Produces** `warehouse/building_<version>.duckdb` and the asset `warehouse`, which `check_quality` waits for.
  If nothing has come in since the last publication, nothing is built and the standing publication goes straight
  to `deliver_outbox`.
* **Asks** about every held delivery, beside the build and without waiting for it: one run of `decide_holds` each,
  under the delivery's own name, so that nobody is asked twice.
* **When it fails** the half-written file is deleted and the last warehouse and publication stand; run the sweep
  again.
"""

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import PokeReturnValue, dag, task

from dags.assets import BUILD_RESULT, PUBLICATION, TAKEN_IN, WAREHOUSE
from dags.wiring import ONE_AT_A_TIME, WRITER_POOL, run_of
from include import pipeline


@dag(schedule=list(TAKEN_IN.values()), doc_md=__doc__, tags=["build"], **ONE_AT_A_TIME)
def build_warehouse() -> None:
    """Wait until the newest sweep has visited every department, then build once."""

    @task.sensor(mode="reschedule", poke_interval=5, timeout=6 * 60 * 60)
    def departments_visited(**context: Any) -> PokeReturnValue:
        """A department that ran alone leaves an older event behind: wait for this run's own visit."""
        settings, run_id = run_of(context)
        return PokeReturnValue(is_done=not pipeline.missing_departments(settings, run_id))

    @task(outlets=[BUILD_RESULT], pool=WRITER_POOL)
    def build(**context: Any) -> None:
        """Build, and name what came of it."""
        settings, run_id = run_of(context)
        result = WAREHOUSE if pipeline.build(settings, run_id) else PUBLICATION
        context["outlet_events"][BUILD_RESULT].add(result, extra={"run_id": run_id})

    @task
    def open_holds(**context: Any) -> list[dict[str, Any]]:
        """The deliveries on which nobody has decided, each as a run to start."""
        settings, _ = run_of(context)
        held = pipeline.open_holds(settings)
        return [{"trigger_run_id": f"hold-{each}", "conf": {"delivery_id": each}} for each in held]

    ask_about_holds = TriggerDagRunOperator.partial(
        task_id="ask_about_holds",
        trigger_dag_id="decide_holds",
        skip_when_already_exists=True,
        doc_md="Ask a person about each, once.",
    )
    visited, held = departments_visited(), open_holds()
    visited >> [build(), held]
    ask_about_holds.expand_kwargs(held)


build_warehouse()
