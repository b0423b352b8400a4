"""The values somebody wants to try, e.g. ``dibao_standard=800`` or ``extreme_poverty_basic:农村=1.3S``."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from include.privacy import DoudiError
from include.warehouse.workbench import Workbench, rows

STANDARD = "dibao_standard"
_TIMES_STANDARD = "S"
_ASKED = re.compile(r"(?P<parameter>[a-z_]+)(?::(?P<category>[^=]+))?=(?P<value>\d+(?:\.\d+)?)(?P<times>S?)")


class QuestionError(DoudiError, ValueError):
    """A value that cannot be tried."""


@dataclass(frozen=True)
class Change:
    """One policy value and what is to stand in its place; ``before`` is None for a new band."""

    parameter: str
    category: str
    before: Decimal | None
    after: Decimal
    unit: str

    @property
    def name(self) -> str:
        """As it is asked for."""
        return f"{self.parameter}:{self.category}" if self.category else self.parameter


def parse_changes(workbench: Workbench, asked: list[str]) -> list[Change]:
    """Read ``parameter[:category]=value`` against the values in force in the workbench's newest month.

    ``1.3S`` is 1.3 times the dibao standard, the one asked for where one is. A parameter whose categories are ages
    takes a new age. Raises QuestionError, in both languages, where there is no such value.
    """
    in_force = {
        (row["parameter"], row["category"]): row
        for row in rows(
            workbench.connection,
            """
            select parameter, category, value, unit from core.dim_parameter
            where valid_from <= (select max(month) from intermediate.int_months)
                and (valid_to is null or valid_to > (select max(month) from intermediate.int_months))
            """,
        )
    }
    if not asked:
        raise QuestionError("没有给出要试算的参数", "no value to try was given; use --set parameter[:category]=value")
    read = [_read(text) for text in asked]
    standard = next(
        (value for parameter, _, value, times in read if parameter == STANDARD and not times),
        in_force[STANDARD, ""]["value"],
    )
    changes = []
    for parameter, category, value, times in read:
        row = in_force.get((parameter, category)) or _new_age(in_force, parameter, category)
        after = value * standard if times else value
        changes.append(Change(parameter, category, row["value"], after, row["unit"]))
    return changes


def _read(text: str) -> tuple[str, str, Decimal, bool]:
    found = _ASKED.fullmatch(text.strip())
    if not found:
        raise QuestionError(
            "参数写法应为 参数[:类别]=数值，例如 dibao_standard=800",
            "a value is asked for as parameter[:category]=value, such as dibao_standard=800",
        )
    return found["parameter"], found["category"] or "", Decimal(found["value"]), found["times"] == _TIMES_STANDARD


def _new_age(in_force: dict[tuple[str, str], dict[str, Any]], parameter: str, category: str) -> dict[str, Any]:
    categories = [other for name, other in in_force if name == parameter]
    if categories and category.isdigit() and all(other.isdigit() for other in categories):
        return {**in_force[parameter, categories[0]], "value": None}
    if categories:
        known = "、".join(filter(None, categories)) or "（无类别）"
        raise QuestionError(
            f"{parameter} 没有这一类别，可用：{known}", f"{parameter} has no such category; there are: {known}"
        )
    near = difflib.get_close_matches(parameter, {name for name, _ in in_force}, n=3)
    hint = f"：{'、'.join(near)}" if near else ""
    raise QuestionError(f"没有参数 {parameter}，相近的有{hint}", f"no parameter {parameter}; close to it{hint}")
