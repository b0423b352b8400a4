"""Answers as tables on a screen or as comma-separated values."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

#: What a spreadsheet may take for the beginning of a formula, in either width.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Metric:
    """A metric as it is offered: its name, its label in both languages, what it counts."""

    name: str
    label: str
    description: str


@dataclass(frozen=True)
class Answer:
    """A table of what was asked: its column names and its rows."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def inert(value: Any) -> Any:
    """A cell as it can stand in comma-separated values: text that a spreadsheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_BEGINS) else value


def show(console: Console, answer: Answer, is_csv: bool) -> None:
    """Print an answer."""
    if is_csv:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(
            [inert(value) for value in row] for row in [answer.columns, *answer.rows]
        )
        console.print(text.getvalue(), end="", markup=False)
        return
    table = Table()
    for name, values in zip(
        answer.columns, zip(*answer.rows, strict=True) if answer.rows else answer.columns, strict=False
    ):
        table.add_column(name, justify="right" if any(_is_number(value) for value in values) else "left")
    for row in answer.rows:
        table.add_row(*map(_text, row))
    console.print(table)


def show_offered(console: Console, metrics: list[Metric]) -> None:
    """Print which metrics there are."""
    table = Table("metric", "指标 label", "what it counts")
    for metric in metrics:
        table.add_row(metric.name, metric.label, metric.description)
    console.print(table)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= 10 else f"{value:.4f}"
    return f"{value:,}" if _is_number(value) else str(value)
