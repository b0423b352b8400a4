"""Every numbered fault that the system must survive has a test that bears its number, in Python or beside a model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from include.settings import DBT_PROJECT, REPOSITORY

_LAST = {"a": (1, 25), "b": (26, 34), "c": (35, 50)}
FAULTS = {f"{part}{number:02d}" for part, (first, last) in _LAST.items() for number in range(first, last + 1)}
FAULTS |= {"e66", "e68", "e70"}


def _names() -> Iterator[str]:
    """The names of all tests; of a model's as if it were a test of Python."""
    for path in (REPOSITORY / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield node.name
    for path in (DBT_PROJECT / "models").rglob("*_unit_tests.yml"):
        for name in re.findall(r"^  - name: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield f"test_{name}"


def _tried() -> set[str]:
    """The numbers that names of tests begin with; one test may bear two, as in ``a03_a04``."""
    begun = (re.match(r"test((?:_[a-e]\d\d)+)_", name) for name in _names())
    return {number for match in begun if match for number in match[1].strip("_").split("_")}


def test_every_fault_has_a_test_by_its_number() -> None:
    assert _tried() >= FAULTS, f"faults without a test: {sorted(FAULTS - _tried())}"
