"""One check, one row: what the gate writes and ``quality.fct_check_result`` holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

PASSED, FAILED, ERROR, NOT_EVALUATED = "passed", "failed", "error", "not_evaluated"
STATES = (FAILED, ERROR, NOT_EVALUATED, PASSED)
SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one expectation or test in one run."""

    run_id: str
    suite: str
    check_name: str
    target: str
    severity: str
    status: str
    observed: str
    expected: str
    failed_rows: int | None = None

    def as_record(self) -> dict[str, Any]:
        """A plain dict with the columns of ``quality.fct_check_result``."""
        return asdict(self)


def blocks(record: dict[str, Any]) -> bool:
    """Whether a check forbids publication: it is critical, and it failed or could not be evaluated."""
    return record["severity"] == "critical" and record["status"] in (FAILED, ERROR)


def count_states(records: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many checks passed, failed, ended in an error or had nothing to check."""
    found = Counter(record["status"] for record in records)
    return {state: found.get(state, 0) for state in STATES}
