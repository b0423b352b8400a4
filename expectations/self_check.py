"""Does the library evaluate at all? Every kind of check must pass on a table known to be good and fail on a bad one."""

from __future__ import annotations

from expectations.engine import Evaluator
from expectations.results import ERROR, FAILED, PASSED, CheckResult
from expectations.vocabulary import (
    Expectation,
    Suite,
    at_least,
    columns_equal,
    has_columns,
    in_set,
    no_rows,
    not_null,
    rows_at_least,
    unique,
)

SELF_CHECK = "self_check"
_GOOD = "select * from (values (1, 'a', 5, 5), (2, 'b', 6, 6)) as good(id, word, first_count, second_count)"
_BAD = (
    "select * from (values (1, 'a', -5, 5), (1, 'z', 6, 7), (null, 'b', 6, 6)) "
    "as bad(id, word, first_count, second_count)"
)


def self_check(evaluator: Evaluator, run_id: str) -> list[CheckResult]:
    """Evaluate every kind of check on both tables; one row a kind and table."""
    good = Suite("known_good", "known good table", _GOOD, _kinds(["id", "word"], 2))
    bad = Suite("known_bad", "known bad table", _BAD, _kinds(["id", "no_such_column"], 4))
    return [*_expect(evaluator, good, PASSED, run_id), *_expect(evaluator, bad, FAILED, run_id)]


def _kinds(columns: list[str], rows: int) -> list[Expectation]:
    return [
        rows_at_least(rows),
        has_columns(columns),
        *not_null("id"),
        unique("id"),
        in_set("word", ("a", "b")),
        at_least("first_count", 0),
        columns_equal("first_count", "second_count", "counts_equal", "两数相等", "both counts agree"),
        no_rows(
            "no_difference", "select * from {batch} where first_count <> second_count", "没有差异", "no difference"
        ),
    ]


def _expect(evaluator: Evaluator, suite: Suite, wanted: str, run_id: str) -> list[CheckResult]:
    try:
        states = evaluator.states(suite, suite.expectations)
    except Exception as error:  # the library cannot evaluate, for whatever reason
        return [_row(suite, "library_evaluates", run_id, ERROR, type(error).__name__, wanted)]
    results = []
    for expectation in suite.expectations:
        name = expectation.meta["name"]
        state = states.get(name, ERROR)
        verdict = ERROR if state == ERROR else PASSED if state == wanted else FAILED
        results.append(_row(suite, name, run_id, verdict, state, wanted))
    return results


def _row(suite: Suite, name: str, run_id: str, status: str, observed: str, wanted: str) -> CheckResult:
    expected = "检查应当通过 / must pass" if wanted == PASSED else "检查应当失败 / must fail"
    return CheckResult(run_id, SELF_CHECK, f"{suite.name}_{name}", suite.target, "critical", status, observed, expected)
