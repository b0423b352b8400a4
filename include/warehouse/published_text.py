"""The last look before publication: a published text that has the shape of an identifier is masked.

The marts carry no such text by design. What departments type, a file's name above all, keeps to no design.
"""

from __future__ import annotations

import duckdb

from include.privacy import mask

# Coarse and fast; what it finds, the one masking filter judges.
_SUSPECT = (
    r"(?:^|[^0-9A-Za-z])(?:[0-9][-\s.]?){14,}[0-9Xx]|[０-９]{6}|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
    r"|(?:^|[^0-9A-Za-z])1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?:$|[^0-9A-Za-z])|\*{4}|不动产权"
)


def mask_published_text(connection: duckdb.DuckDBPyConnection, database: str) -> int:
    """Mask identifiers in every text column of a database; returns how many texts had to be changed."""
    columns: dict[str, list[str]] = {}
    for schema, table, column in connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = ? AND data_type = 'VARCHAR' AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall():
        columns.setdefault(f'{database}.{schema}."{table}"', []).append(column)
    return sum(
        _mask_column(connection, table, column)
        for table, names in columns.items()
        for column in _suspect_columns(connection, table, names)
    )


def _suspect_columns(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> list[str]:
    flags = ", ".join(f'bool_or(regexp_matches("{column}", $pattern))' for column in columns)
    found = connection.execute(f"SELECT {flags} FROM {table}", {"pattern": _SUSPECT}).fetchall()[0]
    return [column for column, flag in zip(columns, found, strict=True) if flag]


def _mask_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    texts = connection.execute(
        f'SELECT DISTINCT "{column}" FROM {table} WHERE regexp_matches("{column}", $pattern)', {"pattern": _SUSPECT}
    ).fetchall()
    changed = [(masked, text) for (text,) in texts if (masked := mask(text)) != text]
    for masked, text in changed:
        connection.execute(f'UPDATE {table} SET "{column}" = ? WHERE "{column}" = ?', [masked, text])
    return len(changed)
