"""The acceptance suites hold what ingest landed to the contracts and to the ledger."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.engine import Evaluator
from expectations.evaluate import _prepare, evaluate_suite
from expectations.from_contract import acceptance_suites
from expectations.results import FAILED, PASSED
from include import ingest
from include.contracts import load_contracts
from include.ingest.landing import read_ledger
from include.settings import Settings
from tests.small_warehouse import make_warehouse, settings_of

MARRIAGES = """证书编号,登记类型,男方姓名,男方身份证号,女方姓名,女方身份证号,登记日期
J320684-2021-000001,结婚,张翠山,32068419950601123X,殷素素,320625193804120410,2021-09-01
J320684-2021-000002,离婚,张翠山,32068419950601123X,殷素素,320625193804120410,2021-09-08
J320684-2021-000003,结婚,张翠山,bad,殷素素,320625193804120410,2021-09-08
"""


@pytest.fixture
def taken_in(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path)
    folder = settings.inbox / "civil_affairs" / "marriage"
    folder.mkdir(parents=True)
    (folder / "marriage_202109.csv").write_text(MARRIAGES, encoding="utf-8")
    (folder / "marriage_202109.csv.done").touch()
    ingest.take_in(settings, "civil_affairs", "run-1")
    return settings


def _states(settings: Settings) -> dict[tuple[str, str], str]:
    deliveries: list[dict[str, Any]] = read_ledger(settings)
    prepare = partial(_prepare, settings=settings, warehouse=make_warehouse(settings), deliveries=deliveries)
    evaluator = Evaluator(prepare)
    suites = acceptance_suites(settings, deliveries)
    results = [result for suite in suites for result in evaluate_suite(evaluator, suite, "run-1")]
    return {(result.suite, result.check_name): result.status for result in results}


def test_what_ingest_landed_is_accepted(taken_in: Settings) -> None:
    states = _states(taken_in)
    assert set(states.values()) == {PASSED}
    required = [column.name for column in load_contracts()["civil_affairs.marriage"].required_columns]
    assert {("acceptance.civil_affairs.marriage", f"{column}_not_null") for column in required} <= set(states)
    assert ("acceptance.ledger", "accepted_rows_are_landed") in states


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        ("select * replace (case when row_number = 2 then null else male_name end as male_name)", "male_name_not_null"),
        ("select * replace ('复婚' as kind)", "kind_in_set"),
        ("select * replace ('J1' as certificate_no)", "key_unique_in_delivery"),
        ("select * exclude (registered_on)", "columns_present"),
        ("select * replace (cast(registered_on as varchar) as registered_on)", "types_as_agreed"),
    ],
)
def test_what_ingest_should_not_have_landed_is_noticed(taken_in: Settings, change: str, noticed: str) -> None:
    (landed,) = taken_in.landing.glob("civil_affairs.marriage/period=202109/delivery=*/data.parquet")
    rows = duckdb.sql(f"{change} from '{landed}'").to_arrow_table()
    duckdb.sql(f"copy rows to '{landed}' (format parquet)")
    assert len(rows) == 2
    failed = {name for (_, name), state in _states(taken_in).items() if state != PASSED}
    assert noticed in failed


def test_a_row_that_went_missing_is_noticed(taken_in: Settings) -> None:
    (landed,) = taken_in.landing.glob("civil_affairs.marriage/period=202109/delivery=*/data.parquet")
    rows = duckdb.sql(f"from '{landed}' limit 1").to_arrow_table()
    duckdb.sql(f"copy rows to '{landed}' (format parquet)")
    assert len(rows) == 1
    assert _states(taken_in)["acceptance.ledger", "accepted_rows_are_landed"] == FAILED


def test_every_contract_gives_a_suite(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    deliveries = [
        {"dataset": dataset, "period": "202109", "delivery_id": f"{number:032x}"}
        for number, dataset in enumerate(load_contracts())
    ]
    suites = acceptance_suites(settings, deliveries)
    assert len(suites) == len(load_contracts()) + 2 == 37
    assert sum(len(suite.expectations) for suite in suites) > 250
