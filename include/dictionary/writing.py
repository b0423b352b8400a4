"""Writes ``outbox/dictionary/``: what each table and column of the standing publication means.

It reads the comments that the publication itself carries, so that it cannot say anything else than they do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from include import runs
from include.pages import put_page, render
from include.periods import Month
from include.privacy import guarded
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import Style, made_on_day, open_book, row_height, set_up_page, write_title
from include.warehouse.publication import open_publication, standing

_COLUMNS = """
    select schema_name, table_name, coalesce(tables.comment, ''), column_name, lower(data_type),
        coalesce(columns.comment, '')
    from duckdb_columns() as columns
    inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
    where database_name = current_database()
    order by schema_name, table_name, column_index
"""
SCHEMAS = {"core": "核心", "monitoring": "监测", "reporting": "报表", "quality": "质量"}
_HEADERS = ("库", "表", "列", "类型", "中文名", "说明 / description")
_WIDTHS = [8.0, 30.0, 30.0, 14.0, 20.0, 74.0]
_HEADER_ROW = 2


@dataclass(frozen=True)
class Column:
    """A published column: its name and type, its Chinese label and its English description."""

    name: str
    data_type: str
    label: str
    description: str


@dataclass(frozen=True)
class Table:
    """A published table with its columns in their order; both descriptions say what one row is."""

    schema: str
    name: str
    label: str
    description: str
    columns: list[Column] = field(default_factory=list)


@guarded("dictionary")
def write(settings: Settings, run_id: str) -> int:
    """Write the standing publication's dictionary; returns its columns. A replay looks at the past and writes none."""
    if runs.is_replay(settings, run_id):
        return 0
    publication = standing(settings)
    with open_publication(settings, publication) as marts:
        tables = read_tables(marts)
    folder = private_folder(settings.outbox / "dictionary")
    template = Path(__file__).parent / "dictionary.html.j2"
    put_page(folder / "index.html", render(template, tables=tables, schemas=SCHEMAS, version=publication.version))
    month = Month.parse(publication.read_manifest()["as_of"])
    with put_in_place(folder / "dictionary.xlsx") as book:
        _write_book(book, tables, month, publication.version)
    return sum(len(table.columns) for table in tables)


def read_tables(marts: duckdb.DuckDBPyConnection) -> list[Table]:
    """The tables of an open publication, by schema and name, each with its columns."""
    tables: dict[tuple[str, str], Table] = {}
    for schema, name, whole, column, data_type, comment in marts.execute(_COLUMNS).fetchall():
        table = tables.setdefault((schema, name), Table(schema, name, *_both_languages(whole)))
        table.columns.append(Column(column, data_type, *_both_languages(comment)))
    return list(tables.values())


def _both_languages(comment: str) -> tuple[str, str]:
    """The Chinese and the English part of a comment."""
    chinese, _, english = comment.partition(" · ")
    return chinese, english


def _write_book(path: Path, tables: list[Table], month: Month, version: str) -> None:
    made_on = made_on_day(month)
    book = open_book(path, "数据字典", datetime(made_on.year, made_on.month, made_on.day))  # noqa: DTZ001
    style = Style(book)
    sheet = book.add_worksheet("数据字典")
    set_up_page(sheet, "数据字典", _WIDTHS, _HEADER_ROW)
    write_title(sheet, style, "数据字典", f"数据版本 {version}", len(_HEADERS) - 1)
    for place, header in enumerate(_HEADERS):
        sheet.write_string(_HEADER_ROW, place, header, style.head())
    lines = [
        line
        for table in tables
        for line in (
            (table.schema, table.name, "", "", table.label, table.description),
            *((table.schema, table.name, one.name, one.data_type, one.label, one.description) for one in table.columns),
        )
    ]
    for number, line in enumerate(lines, start=_HEADER_ROW + 1):
        sheet.set_row(number, row_height(list(line), _WIDTHS))
        for place, text in enumerate(line):
            sheet.write_string(number, place, text, style.cell(bold=not line[2]))
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(lines), len(_HEADERS) - 1)
    book.close()
