"""The demo district by the rules in one file of SQL, which the benchmark measures a build against."""

from tests.oracle.reference import compare_with_models
from tests.scenarios.conftest import Twin


def test_the_rules_in_one_file_find_whom_the_models_find(twin: Twin) -> None:
    rules, alone = compare_with_models(twin.settings, twin.warehouse)
    assert len(rules) > 50
    assert alone == []
