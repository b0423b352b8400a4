"""# 暂扣待核 · Decide on a held delivery

Asks a person whether one held delivery may stand, writes the answer into the ledger and starts a sweep.

* **What arrives** `build_warehouse` starts one run a held delivery, under the delivery's own name: Airflow refuses
  a second run of that name, so each is asked once. Where Airflow's database was lost, the ledger still knows what
  is open, and the next sweep asks again.
* **What is asked** under *Required Actions*: why it is held, rows before and now, the keys that would vanish, appear
  and change, by town, and the bad rows by reason. Nobody is named. **Approve** releases, **Reject** refuses.
* **Produces** `decision.json` beside the delivery, with who answered, and a run of `sweep_inbox`.
* **While nobody answers** nothing waits for it: the last accepted delivery stands and every run goes on.
  `python -m include holds` decides as well; an answer that comes after that is passed over.
"""

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.wiring import MANY_AT_A_TIME
from include import pipeline
from include.settings import Settings

# ApprovalOperator leaves no trace of who answered where the answer is Reject; both answers are kept here.
OPTIONS = ["Approve", "Reject"]


@dag(
    schedule=None,
    doc_md=__doc__,
    tags=["holds"],
    params={"delivery_id": Param("0" * 32, type="string", pattern="^[0-9a-f]{32}$", title="交付编号 delivery")},
    **MANY_AT_A_TIME,
)
def decide_holds() -> None:
    """Describe, ask, write the answer down, sweep."""

    @task
    def describe(**context: Any) -> dict[str, str]:
        """Say what the delivery would change."""
        return pipeline.hold_question(Settings.from_environment(), context["params"]["delivery_id"])

    @task
    def record(**context: Any) -> None:
        """Write the answer into the ledger; passed over where somebody has decided in the meantime."""
        answer, delivery_id = context["ti"].xcom_pull(task_ids="ask"), context["params"]["delivery_id"]
        is_released = answer["chosen_options"] == OPTIONS[:1]
        by = answer["responded_by_user"]["name"]
        if not pipeline.decide_hold(Settings.from_environment(), delivery_id, is_released, by):
            raise AirflowSkipException("已另有决定 / somebody has decided already")

    told = describe()
    ask = HITLOperator(task_id="ask", subject=told["subject"], body=told["body"], options=OPTIONS, doc_md="Ask, wait.")
    sweep = TriggerDagRunOperator(task_id="sweep", trigger_dag_id="sweep_inbox", doc_md="Let the decision take effect.")
    ask >> record() >> sweep


decide_holds()
