"""The demo district by the short readings of the rules, in SQL and in pandas, that the benchmark measures."""

from tests.oracle.reference import compare_with_models
from tests.scenarios.conftest import Twin


def test_the_short_readings_find_whom_the_models_find(twin: Twin) -> None:
    rules, alone = compare_with_models(twin.settings, twin.warehouse)
    assert len(rules) > 50
    assert alone == []
