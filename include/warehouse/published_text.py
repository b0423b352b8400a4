"""The last look before publication: a published text that names a person by number is masked.

The marts carry no such text by design. What departments type keeps to no design: a file's name, a sheet's title, an
employer's name. These are masked like a log line; every other text only where it holds a whole, valid identity number.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import duckdb

from include.privacy import MASK, mask

#: Texts that departments type freely and the marts pass on.
_TYPED = {
    "quality.fct_delivery": {"source_name", "part", "reason"},
    "quality.fct_quarantined_row": {"member", "sheet"},
    "monitoring.fct_alert": {"evidence"},
    "monitoring.fct_rule_evaluation": {"reason"},
}
# Coarse and fast; what it finds, the masking filter judges.
_SUSPECT = (
    r"(?:[0-9][-\s.]?){14,}[0-9Xx]|[０-９]{6}|\*{4}|不动产权|[JL][0-9]{6}-"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-ZＡ-Ｚ]"
    r"|1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}|0[0-9]{2,3}[- ][0-9]{7}"
)
_NUMBER = (
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}"
    r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mask_published_text(connection: duckdb.DuckDBPyConnection, database: str) -> int:
    """Mask identifiers in the texts of a database; returns how many different texts had to be changed."""
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = ? AND data_type = 'VARCHAR' AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall():
        columns.setdefault(table, []).append(column)
    changed = 0
    for table, names in columns.items():
        typed = [name for name in names if name in _TYPED.get(table, ())]
        others = [name for name in names if name not in typed]
        changed += _mask_columns(connection, f"{database}.{table}", typed, _SUSPECT, mask)
        changed += _mask_columns(connection, f"{database}.{table}", others, _NUMBER, _mask_valid_numbers)
    return changed


def _mask_columns(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], pattern: str, masking: Callable[[str], str]
) -> int:
    if not columns:
        return 0
    flags = ", ".join(f'bool_or(regexp_matches("{column}", $pattern))' for column in columns)
    found = connection.execute(f"SELECT {flags} FROM {table}", {"pattern": pattern}).fetchall()[0]
    return sum(
        _mask_column(connection, table, column, pattern, masking)
        for column, flag in zip(columns, found, strict=True)
        if flag
    )


def _mask_column(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, pattern: str, masking: Callable[[str], str]
) -> int:
    texts = connection.execute(
        f'SELECT DISTINCT "{column}" FROM {table} WHERE regexp_matches("{column}", $pattern)', {"pattern": pattern}
    ).fetchall()
    changed = [(text, masked) for (text,) in texts if (masked := masking(text)) != text]
    if changed:
        connection.execute("CREATE OR REPLACE TEMP TABLE masked_text (plain VARCHAR, masked VARCHAR)")
        connection.executemany("INSERT INTO masked_text VALUES (?, ?)", changed)
        connection.execute(f'UPDATE {table} SET "{column}" = masked FROM temp.masked_text WHERE "{column}" = plain')
        connection.execute("DROP TABLE temp.masked_text")
    return len(changed)


def _mask_valid_numbers(text: str) -> str:
    """Hide identity numbers whose check digit fits, unless they lie inside a digest or a longer number."""
    return re.sub(rf"(?<![0-9A-Za-z]){_NUMBER}(?![0-9A-WYZa-wyz])", _mask_if_valid, text)


def _mask_if_valid(match: re.Match[str]) -> str:
    number = match[0].upper()
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return MASK if "10X98765432"[total % 11] == number[17] else match[0]
