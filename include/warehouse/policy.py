"""The policy values before a build reads them: every slip of the pen is named by its line.

A row says from when a value holds; it ends where the next of its parameter and category begins. So nothing can leave
a gap between two rows, and what is left to go wrong is a day said twice, a value of another size, and a row without
a source.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

from include.periods import bureau_day
from include.privacy import DoudiError
from include.settings import DBT_PROJECT

POLICY = DBT_PROJECT / "seeds" / "policy" / "parameters.csv"
GRADES = ("K-hi", "K-med", "K-lo", "INF", "D")
"""Grades of evidence besides ``S-…``, which names a source that was found."""
_LARGEST_STEP = 3
_YEARS_AHEAD = 2


class PolicyError(DoudiError, ValueError):
    """Policy values that cannot be right; names file and lines."""


def check_policy(path: Path = POLICY) -> int:
    """Read the policy values and return how many rows there are.

    Raises PolicyError with every line that is wrong: a value, day or flag that cannot be read, one day said twice
    (an overlap), a day more than two years ahead, a value more than three times or less than a third of the one
    before, a negative value, a missing unit, source or grade, and a guess (K-lo) that does not say it is a placeholder.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(enumerate(csv.DictReader(stream), start=2))
    wrong = sorted({*_unreadable(rows), *_overlaps_and_steps(rows)})
    if wrong:
        chinese = "；".join(f"第 {line} 行 {said}" for line, said, _ in wrong)
        english = "; ".join(f"line {line} {said}" for line, _, said in wrong)
        raise PolicyError(f"政策数值有误 {path.name}：{chinese}", f"policy values are wrong in {path.name}: {english}")
    return len(rows)


Wrong = tuple[int, str, str]
Rows = list[tuple[int, dict[str, str]]]


def _unreadable(rows: Rows) -> Iterator[Wrong]:
    for line, row in rows:
        name = row["parameter"] or "?"
        if _number(row["value"]) is None:
            yield line, f"{name} 的数值不是数字", f"{name}: the value is no number"
        elif _number(row["value"]) < 0:  # type: ignore[operator]
            yield line, f"{name} 的数值为负", f"{name}: the value is negative"
        begins = _day(row["valid_from"])
        if begins is None:
            yield line, f"{name} 的起始日期无效", f"{name}: no such day to begin with"
        elif begins.year > bureau_day().year + _YEARS_AHEAD:
            yield line, f"{name} 的起始日期在两年以后", f"{name}: begins more than two years ahead"
        for column, chinese in (("unit", "单位"), ("source", "来源"), ("grade", "证据等级")):
            if not (row[column] or "").strip():
                yield line, f"{name} 缺少{chinese}", f"{name}: no {column}"
        grade = row["grade"] or ""
        if grade and grade not in GRADES and not grade.startswith("S-"):
            yield line, f"{name} 的证据等级未知", f"{name}: unknown grade"
        if grade == "K-lo" and row["is_placeholder"] != "true":
            yield line, f"{name} 是估计值，须标明暂定", f"{name}: a guess has to say that it is a placeholder"


def _overlaps_and_steps(rows: Rows) -> Iterator[Wrong]:
    spells: dict[tuple[str, str], list[tuple[date, int, Decimal]]] = defaultdict(list)
    for line, row in rows:
        begins, value = _day(row["valid_from"]), _number(row["value"])
        if begins is not None and value is not None:
            spells[row["parameter"], row["category"]].append((begins, line, value))
    for (name, _), spell in spells.items():
        spell.sort()
        for (earlier, first, before), (later, line, after) in pairwise(spell):
            if earlier == later:
                yield line, f"{name} 与第 {first} 行重叠", f"{name}: overlaps with line {first}"
            elif before > 0 and after > 0 and not before / _LARGEST_STEP <= after <= before * _LARGEST_STEP:
                told = f"{before.normalize():f} → {after.normalize():f}"
                yield (
                    line,
                    f"{name} 较第 {first} 行变动过大 {told}",
                    f"{name}: an absurd step from line {first}, {told}",
                )


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except (InvalidOperation, TypeError):
        return None
    return value if value.is_finite() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError):
        return None
