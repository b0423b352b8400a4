"""Every numbered fault of files, the inbox and values that the system must survive has a test that bears its number."""

from __future__ import annotations

import ast
import re

from include.settings import REPOSITORY

FAULTS = {f"a{number:02d}" for number in range(1, 26)} | {f"b{number:02d}" for number in range(26, 35)}


def _tried() -> set[str]:
    """The numbers that the names of the tests of faults begin with; one test may bear two, as in ``a03_a04``."""
    found: set[str] = set()
    for path in (REPOSITORY / "tests" / "faults").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                numbers = re.match(r"test((?:_[ab]\d\d)+)_", node.name)
                found.update(numbers[1].strip("_").split("_") if numbers else ())
    return found


def test_every_fault_has_a_test_by_its_number() -> None:
    assert _tried() >= FAULTS, f"faults without a test: {sorted(FAULTS - _tried())}"
