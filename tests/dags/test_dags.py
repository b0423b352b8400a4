"""What a DAG of this project is: documented, owned, retried, bounded, and free of the clock."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.contracts import load_contracts
from include.pipeline import DEPARTMENTS
from include.settings import REPOSITORY
from tests.conftest import Ran

DAGS = REPOSITORY / "dags"
CHAIN = ["sweep_inbox", "build_warehouse", "check_quality", "publish_marts", "deliver_outbox"]
QUESTIONS = "decide_holds"
ON_A_CLOCK = ("notify_officers", "watch_deliveries")
BY_A_PERSON = ("backtest_rule", "write_statements")
EXPECTED = sorted([*CHAIN, QUESTIONS, *BY_A_PERSON, *ON_A_CLOCK, *(f"ingest_{name}" for name in DEPARTMENTS)])
TAGS = {"sweep", "holds", "watch", "ingest", "build", "gate", "publish", "deliver", "rules", *DEPARTMENTS}
SHARED = {"assets.py", "deadlines.py", "pulling.py", "wiring.py"}


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The DAGs as Airflow reads them, with a metadata folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        patch.setitem(os.environ, "AIRFLOW__CORE__LOAD_EXAMPLES", "False")
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(str(DAGS))
        assert bag.import_errors == {}
        yield dict(bag.dags)


def test_exactly_these_dags_exist(dags: dict[str, Any], ran: Ran) -> None:
    assert sorted(dags) == EXPECTED
    ran("DAGs", len(dags))


@pytest.mark.parametrize("dag_id", EXPECTED)
def test_a_dag_keeps_to_the_policy(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert len(dag.doc_md) > 300
    assert re.search(r"[\u4e00-\u9fff]", dag.doc_md.splitlines()[0])
    assert {"**What arrives**", "**Produces**"} <= set(re.findall(r"\*\*[\w ]+\*\*", dag.doc_md))
    assert dag.tags
    assert set(dag.tags) <= TAGS
    assert dag.catchup is False
    assert dag.max_active_runs == (100 if dag_id == QUESTIONS else 1)
    assert not isinstance(dag.schedule, str), "a schedule is an asset or nobody's; months are parameters"
    for task in dag.tasks:
        assert task.owner == "data-engineering"
        assert task.retries == 1
        assert task.doc_md, f"{task.task_id} says nothing of itself"


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_a_departments_page_names_all_its_datasets(dags: dict[str, Any], department: str) -> None:
    page = dags[f"ingest_{department}"].doc_md
    datasets = [name.split(".")[1] for name in load_contracts() if name.startswith(f"{department}.")]
    assert datasets
    assert [name for name in datasets if not re.search(rf"\b{name}\b", page)] == []


def test_only_the_writers_hold_the_one_slot(dags: dict[str, Any]) -> None:
    in_pool = {
        f"{dag.dag_id}.{task.task_id}" for dag in dags.values() for task in dag.tasks if task.pool != "default_pool"
    }
    assert in_pool == {"build_warehouse.build", "check_quality.pass_gate", "publish_marts.publish"}


def test_the_chain_is_closed(dags: dict[str, Any]) -> None:
    """Every asset that a DAG waits for is sent by another, from the sweep to the outbox."""
    waited = set().union(*(_awaited(dag) for dag in dags.values()))
    sent = {outlet.name for dag in dags.values() for task in dag.tasks for outlet in task.outlets}
    assert waited - sent == {"warehouse"}, "the build names its result itself, through an alias"
    assert "build_result" in sent
    assert sent - waited == {"build_result", "outbox"}


def test_the_build_waits_for_every_department(dags: dict[str, Any]) -> None:
    waited = _awaited(dags["build_warehouse"])
    assert waited == {f"taken_in_{name}" for name in DEPARTMENTS}


def test_each_held_delivery_is_asked_about_once_and_the_answer_is_swept_in(dags: dict[str, Any]) -> None:
    asking = dags["build_warehouse"].get_task("ask_about_holds")
    assert asking.partial_kwargs["trigger_dag_id"] == QUESTIONS
    assert asking.partial_kwargs["skip_when_already_exists"] is True
    dag = dags[QUESTIONS]
    order = [task.task_id for task in dag.topological_sort()]
    assert order == ["describe", "ask", "record", "sweep"]
    assert dag.get_task("sweep").trigger_dag_id == "sweep_inbox"
    assert dag.get_task("ask").response_timeout is None, "a question waits as long as it takes"
    assert dag.get_task("ask").options == ["Approve", "Reject"]


def test_the_sweep_asks_for_a_month_and_a_known_time(dags: dict[str, Any]) -> None:
    form = dags["sweep_inbox"].params
    assert form.get_param("month").schema["pattern"] == r"^\d{4}(0[1-9]|1[0-2])$"
    assert form.get_param("known_at").schema["format"] == "date-time"
    assert form.dump() == {"month": None, "known_at": None}


@pytest.mark.parametrize("path", sorted(DAGS.glob("*.py")), ids=lambda path: path.stem)
def test_a_dag_file_is_thin_and_reads_no_clock(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 60
    assert not re.search(r"logical_date|data_interval|execution_date|\bds\b|\.now\(|today\(", text)
    tree = ast.parse(text)
    allowed = {"airflow", "dags", "include", "dataclasses", "datetime", "typing", "zoneinfo", "__future__"}
    imported = {name.split(".")[0] for node in ast.walk(tree) for name in _names(node)}
    assert imported <= allowed
    if path.name not in SHARED:
        functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        assert functions == [path.stem], "file, function and DAG bear one name"


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def _awaited(dag: Any) -> set[str]:
    condition = getattr(dag.timetable, "asset_condition", None)
    return {asset.name for asset in getattr(condition, "objects", [])}


def test_a_late_delivery_is_noticed_once_for_each_number_of_days_that_contracts_grant(dags: dict[str, Any]) -> None:
    watch = dags["watch_deliveries"]
    granted = {contract.due_days for contract in load_contracts().values()} - {None}
    assert {alert.interval.days for alert in watch.deadline} == granted
    assert {alert.callback.path for alert in watch.deadline} == {"include.replies.lateness.missed_deadline"}
    assert watch.is_paused_upon_creation
    [sensor] = [task for task in watch.tasks if task.task_id == "wait_for"]
    assert sensor.partial_kwargs["mode"] == "reschedule"
