"""# 规则回测 · Backtest a rule

Runs a rule, or a draft of one, over the months that the standing warehouse holds, and writes a page: alerts a month and
a town, overlap with the other rules, precision and recall against the visits that came back, officers' days.

* **What arrives** nothing; somebody fills in the form.
* **Form** `rule_id` is the rule; `draft` the name of a file `rule_<id>__<slug>.sql` in `state/drafts/`, empty for the
  rule as it stands; `compared_with` the rule whose confirmed alerts recall is told against, empty for the same.
* **Produces** `outbox/backtests/<YYYYMM>/backtest_<rule>.html`. The warehouse is only read, and no alert is raised.
"""

from typing import Any

from airflow.sdk import Param, dag, task

from dags.wiring import ONE_AT_A_TIME
from include import pipeline
from include.settings import Settings


@dag(
    schedule=None,
    doc_md=__doc__,
    tags=["rules"],
    params={
        "rule_id": Param("E03", type="string", pattern=r"^[A-Z]\d{2}$", title="规则 rule"),
        "draft": Param(None, type=["null", "string"], pattern=r"^rule_[a-z]\d{2}__[a-z0-9_]+\.sql$", title="草稿"),
        "compared_with": Param(None, type=["null", "string"], pattern=r"^[A-Z]\d{2}$", title="查全率对照规则"),
    },
    **ONE_AT_A_TIME,
)
def backtest_rule() -> None:
    """One task: run it and write the page."""

    @task
    def write_page(**context: Any) -> None:
        """Run the rule over the recorded months and write the page."""
        asked = context["params"]
        pipeline.backtest(Settings.from_environment(), asked["rule_id"], asked["draft"], asked["compared_with"])

    write_page()


backtest_rule()
