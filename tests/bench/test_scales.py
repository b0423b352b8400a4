"""Which scales a bench is asked for."""

import pytest

from include.bench import scales_of
from include.privacy import DoudiError


@pytest.mark.parametrize(
    ("text", "scales"), [("0.05,0.2", [0.05, 0.2]), (" 1 ", [1.0]), ("0.1 1", [0.1, 1.0]), ("", []), (" , ", [])]
)
def test_scales_are_told_apart_and_may_be_none(text: str, scales: list[float]) -> None:
    assert scales_of(text) == scales


@pytest.mark.parametrize("text", ["none", "0", "-1", "0.1,inf", "nan", "0.1;1"])
def test_what_is_no_scale_is_said_so(text: str) -> None:
    with pytest.raises(DoudiError, match="scales are positive numbers"):
        scales_of(text)
