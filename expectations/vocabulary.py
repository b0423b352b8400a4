"""The handful of checks our suites speak, each with its name, its severity and a sentence in both languages.

Importing this module imports Great Expectations, which takes seconds: only the evaluating process does so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import great_expectations.expectations as gxe

CRITICAL, WARNING, INFO = "critical", "warning", "info"
Expectation = Any  # a Great Expectations expectation; the package ships no usable types


@dataclass(frozen=True)
class Suite:
    """Checks of one target; a suite whose target holds no row was not evaluated, except for its table checks."""

    name: str
    target: str
    query: str
    expectations: list[Expectation] = field(default_factory=list)


def table_suite(table: str, *expectations: Expectation | list[Expectation]) -> Suite:
    """The publication suite of a mart, ``schema.table``, in the attached warehouse."""
    flat: list[Expectation] = []
    for item in expectations:
        flat += item if isinstance(item, list) else [item]
    return Suite(f"publication.{table}", table, f"select * from wh.{table}", flat)


def not_null(*columns: str, severity: str = CRITICAL) -> list[Expectation]:
    """Each of these columns is always filled."""
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column=column,
            severity=severity,
            meta=_meta(f"{column}_not_null", f"{column} 不为空", f"{column} is always filled"),
        )
        for column in columns
    ]


def unique(*columns: str, severity: str = CRITICAL) -> Expectation:
    """No two rows agree in all of these columns; empty values count as equal."""
    keys = ", ".join(f'"{column}"' for column in columns)
    return no_rows(
        f"{'_'.join(columns)}_unique",
        f"select {keys} from {{batch}} group by {keys} having count(*) > 1",
        f"{'、'.join(columns)} 不重复",
        f"{', '.join(columns)} is unique",
        severity=severity,
    )


def in_set(column: str, values: Iterable[str], severity: str = CRITICAL) -> Expectation:
    """A filled column holds only these values."""
    allowed = list(values)
    shown = "、".join(allowed)
    return gxe.ExpectColumnValuesToBeInSet(
        column=column,
        value_set=allowed,
        severity=severity,
        meta=_meta(f"{column}_in_set", f"{column} 只取：{shown}", f"{column} is one of: {', '.join(allowed)}"),
    )


def at_least(column: str, minimum: float, severity: str = CRITICAL) -> Expectation:
    """A filled column is never below this."""
    return gxe.ExpectColumnValuesToBeBetween(
        column=column,
        min_value=minimum,
        severity=severity,
        meta=_meta(
            f"{column}_at_least_{minimum:g}", f"{column} 不小于 {minimum:g}", f"{column} is at least {minimum:g}"
        ),
    )


def columns_equal(first: str, second: str, name: str, chinese: str, english: str) -> Expectation:
    """Two columns agree in every row."""
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=first,
        column_B=second,
        severity=CRITICAL,
        meta=_meta(name, chinese, english),
    )


def rows_at_least(minimum: int, severity: str = CRITICAL) -> Expectation:
    """The table holds at least so many rows; evaluated on empty tables too."""
    return gxe.ExpectTableRowCountToBeBetween(
        min_value=minimum,
        severity=severity,
        meta=_meta("row_count", f"至少 {minimum} 行", f"at least {minimum} rows", on_empty=True),
    )


def has_columns(columns: Iterable[str], severity: str = CRITICAL) -> Expectation:
    """These columns are there; evaluated on empty tables too."""
    return gxe.ExpectTableColumnsToMatchSet(
        column_set=list(columns),
        exact_match=False,
        severity=severity,
        meta=_meta("columns_present", "约定的列齐全", "every agreed column is there", on_empty=True),
    )


def no_rows(
    name: str, query: str, chinese: str, english: str, severity: str = CRITICAL, on_empty: bool = False
) -> Expectation:
    """A query over ``{batch}`` that must find nothing; each row it finds is one failure."""
    return gxe.UnexpectedRowsExpectation(
        # The library puts an alias of its own behind the batch, so that a query could not name it.
        unexpected_rows_query=query.replace("{batch}", "(select * from {batch})"),
        severity=severity,
        meta=_meta(name, chinese, english, on_empty=on_empty),
    )


def belongs_to(column: str, table: str, key: str, severity: str = CRITICAL) -> Expectation:
    """Every filled value of a column stands in the key of another mart."""
    return no_rows(
        f"{column}_in_{table.partition('.')[2]}",
        f'select batch."{column}" from {{batch}} as batch '
        f'where batch."{column}" is not null and batch."{column}" <> \'\' '
        f'and not exists (select 1 from wh.{table} as other where other."{key}" = batch."{column}")',
        f"{column} 都能在 {table} 找到",
        f"every {column} is found in {table}",
        severity=severity,
    )


def _meta(name: str, chinese: str, english: str, on_empty: bool = False) -> dict[str, Any]:
    return {"name": name, "zh": chinese, "en": english, "on_empty": on_empty}
