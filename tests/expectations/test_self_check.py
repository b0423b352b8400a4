"""The self-check tells a library that evaluates from one that does not."""

from __future__ import annotations

from typing import Any

import great_expectations.execution_engine.sqlalchemy_execution_engine as gx_engine
import pytest

from expectations.engine import Evaluator
from expectations.evaluate import evaluate_suite
from expectations.results import ERROR, FAILED, NOT_EVALUATED, PASSED
from expectations.self_check import self_check
from expectations.vocabulary import Suite, at_least, no_rows, not_null, rows_at_least, unique


def _nothing(_connection: Any) -> None:
    return


def test_every_kind_of_check_passes_on_good_and_fails_on_bad() -> None:
    results = self_check(Evaluator(_nothing), "run")
    assert len(results) == 16
    assert {result.status for result in results} == {PASSED}


def test_a_library_without_duckdb_among_its_dialects_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gx_engine, "_PERSISTED_CONNECTION_DIALECTS", ())
    results = self_check(Evaluator(_nothing), "run")
    assert ERROR in {result.status for result in results}


def test_a_suite_over_no_rows_was_not_evaluated_except_for_its_row_count() -> None:
    suite = Suite("s", "t", "select 1 as id where false", [rows_at_least(1), *not_null("id"), unique("id")])
    states = [result.status for result in evaluate_suite(Evaluator(_nothing), suite, "run")]
    assert states == [FAILED, NOT_EVALUATED, NOT_EVALUATED]


def test_failing_rows_are_counted_and_a_missing_column_is_an_error() -> None:
    query = "select * from (values (1, -5), (1, 2), (2, -7), (null, 0)) as t(id, amount)"
    checks = [*not_null("id", "nowhere"), unique("id"), at_least("amount", 0)]
    checks.append(no_rows("even", "select * from {batch} where amount % 2 = 0", "无偶数", "no even amounts", "warning"))
    results = {
        result.check_name: result for result in evaluate_suite(Evaluator(_nothing), Suite("s", "t", query, checks), "r")
    }
    assert {name: (result.status, result.failed_rows) for name, result in results.items()} == {
        "id_not_null": (FAILED, 1),
        "nowhere_not_null": (ERROR, None),
        "id_unique": (FAILED, 1),
        "amount_at_least_0": (FAILED, 2),
        "even": (FAILED, 2),
    }
    assert results["even"].severity == "warning"
    assert results["id_unique"].severity == "critical"
