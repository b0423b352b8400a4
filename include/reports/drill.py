"""``python -m include drill``: from a figure of the month's reports to what it counts and the deliveries it stands on.

People and households are keys, as in every published table; names are at the desk, for whoever may see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
from rich.console import Console

from include.analysis import answers
from include.analysis.answers import Answer
from include.periods import Month
from include.privacy import DoudiError
from include.reports.monthly import SHEETS, Sheet, labels, lines, shown
from include.settings import Settings
from include.warehouse.publication import open_publication, standing

_KEYS = ("person_key", "household_key", "payment_no", "alert_no")
_ROWS = "select * from reporting.fct_report_row where report = ? and figure = ? order by all"
_DELIVERIES = """
    select delivery.dataset, delivery.part, delivery.source_name, delivery.received_at, counted.rows
    from (select unnest($deliveries) as delivery_id, unnest($counts) as rows) as counted
    inner join quality.fct_delivery as delivery using (delivery_id)
    order by all
"""


class NoSuchFigureError(DoudiError):
    """No report, line or figure of that name in the standing publication, or a figure that counts no rows itself."""


@dataclass(frozen=True)
class Drilled:
    """A figure's value, as the report says it; the rows that add up to it; the deliveries that they came with."""

    value: Decimal
    rows: Answer
    deliveries: Answer


def drill(settings: Settings, report: str, figure: str, line: dict[str, str]) -> Drilled:
    """What a figure counts in the lines of a report that have the values asked for; without any, in all of them.

    Report, figure, columns and values are named as the workbook or as the marts name them. Raises NoSuchFigureError.
    """
    publication = standing(settings)
    month = Month.parse(publication.read_manifest()["as_of"])
    with open_publication(settings, publication) as marts:
        mart = _one("报表", "report", report, {each.mart: each.name for each in SHEETS})
        (sheet,) = (each for each in SHEETS if each.mart == mart)
        return _drill(marts, sheet, month, figure, line)


def column_and_value(text: str) -> tuple[str, str]:
    """``COLUMN=VALUE`` as a pair; raises NoSuchFigureError when it is none."""
    column, equals, value = text.partition("=")
    if not equals:
        raise NoSuchFigureError("行的条件写作 列=值", "a line is told as COLUMN=VALUE")
    return column, value


def show(console: Console, drilled: Drilled, is_csv: bool) -> None:
    """Print the rows, and for eyes their sum and the deliveries as well."""
    answers.show(console, drilled.rows, is_csv)
    if not is_csv:
        console.print(f"合计 in all: {drilled.value:,}")
        answers.show(console, drilled.deliveries, is_csv)


def _drill(marts: duckdb.DuckDBPyConnection, sheet: Sheet, month: Month, figure: str, line: dict[str, str]) -> Drilled:
    names = labels(marts, sheet.mart)
    column = _one("指标", "figure", figure, names)
    asked = {_one("列", "column", name, names): value for name, value in line.items()}
    wanted = [each for each in lines(marts, sheet, month) if _answers(each, asked)]
    if not wanted:
        raise NoSuchFigureError("报表中没有这样的行", "the report has no such line")
    rows = marts.execute(_ROWS, [sheet.mart, column])
    columns = [name for name, *_ in rows.description or ()]
    told = [name for name in columns if name in wanted[0] and name != "month"]
    places = {tuple(each[name] for name in told) for each in wanted}
    counted = [
        row
        for row in (dict(zip(columns, values, strict=True)) for values in rows.fetchall())
        if tuple(row[name] for name in told) in places
    ]
    value = sum((Decimal(each[column] or 0) for each in wanted), Decimal())
    if value and not counted:
        raise NoSuchFigureError("该数字由其他数字算出，请查那些数字", "it follows from other figures, ask for those")
    return Drilled(value, _answer(counted, (*told, *_KEYS, "amount")), _deliveries(marts, counted))


def _one(kind_zh: str, kind_en: str, asked: str, offered: dict[str, str]) -> str:
    """The column or table that is asked for by its name or by its label."""
    found = [name for name, label in offered.items() if asked in (name, label)]
    if not found:
        known = "、".join(offered.values())
        raise NoSuchFigureError(f"没有这样的{kind_zh}，可选：{known}", f"no such {kind_en}: {', '.join(offered)}")
    return found[0]


def _answers(line: dict[str, Any], asked: dict[str, str]) -> bool:
    return all(value in (line[name], shown(line[name])) for name, value in asked.items())


def _answer(rows: Iterable[dict[str, Any]], columns: Iterable[str]) -> Answer:
    names = [name for name in columns if any(row[name] not in (None, "") for row in rows)]
    return Answer(names, [tuple(row[name] for name in names) for row in rows])


def _deliveries(marts: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> Answer:
    counts: dict[str, int] = {}
    for row in rows:
        if row["delivery_id"]:
            counts[row["delivery_id"]] = counts.get(row["delivery_id"], 0) + 1
    found = marts.execute(_DELIVERIES, {"deliveries": list(counts), "counts": list(counts.values())})
    return Answer([name for name, *_ in found.description or ()], found.fetchall())
