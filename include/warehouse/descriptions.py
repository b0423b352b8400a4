"""What published tables and columns mean, in both languages, as comments that every client of DuckDB shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import yaml

from include.settings import DBT_PROJECT

MARTS = DBT_PROJECT / "models" / "marts"
RUN_HISTORY = Path(__file__).with_name("run_history.yml")


def table_descriptions() -> dict[str, dict[str, Any]]:
    """By table name: its comment under ``""``, and the comment of each column, from the models' YAML files and the
    one about the run history.
    """
    described: dict[str, dict[str, Any]] = {}
    for path in (*sorted(MARTS.rglob("*.yml")), RUN_HISTORY):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            columns = {column["name"]: _comment(column) for column in model.get("columns", [])}
            described[model["name"]] = {"": _comment(model), **columns}
    return described


def comment_statements(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """``COMMENT ON`` for every table and column of a database that the models describe."""
    described = table_descriptions()
    statements = []
    for schema, table, column in connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = ? AND NOT internal "
        "ORDER BY ALL",
        [database],
    ).fetchall():
        comments = described.get(table, {})
        place = f'{database}.{schema}."{table}"'
        if comments.get(""):
            statements.append(f"COMMENT ON TABLE {place} IS {_literal(comments[''])}")
        if comments.get(column):
            statements.append(f'COMMENT ON COLUMN {place}."{column}" IS {_literal(comments[column])}')
    return list(dict.fromkeys(statements))


def _comment(entry: dict[str, Any]) -> str:
    meta = {**entry.get("meta", {}), **entry.get("config", {}).get("meta", {})}
    parts = (str(meta.get("label_zh", "")), " ".join(str(entry.get("description", "")).split()))
    return " · ".join(part for part in parts if part)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
