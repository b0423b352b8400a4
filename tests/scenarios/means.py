"""What a household of the scenarios lives on, and what it is due, where a scenario says nothing of it."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

DIBAO_STANDARD = 810  # in force in the whole window
#: Yuan a month and head that fit each kind of household.
_USUAL = {"低保": 0, "低保边缘": 1000, "刚性支出困难": 1300}
_KINDS = ("wage_income", "business_income", "property_income", "transfer_income", "other_income")
_CHILD_SHARE = Fraction(1, 5)


def usual_income(programme: str, people: int) -> int:
    """A year's income of so many people that raises no question."""
    return 12 * _USUAL[programme] * people


def due(household: dict[str, Any], together: list[dict[str, Any]], covered: list[dict[str, Any]]) -> int:
    """The gap to the standard, with what children add, rounded up once; of a household without income the whole."""
    stated = [row[kind] for row in together for kind in _KINDS if row.get(kind) is not None]
    income = household["annual_income"] if household["annual_income"] is not None else sum(stated)
    net = Fraction(str(income)) - Fraction(str(household.get("employment_deduction") or 0))
    head = net / 12 / max(household["member_count"], 1)
    if head >= DIBAO_STANDARD:
        return 0
    children = sum(row.get("uplift") == "未成年人" for row in covered)
    return max(0, ceil(len(covered) * (DIBAO_STANDARD - head) + _CHILD_SHARE * DIBAO_STANDARD * children))
