"""The dictionary says of every published table and column what it is, in both languages, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from openpyxl import load_workbook

from include import dictionary
from include.dictionary.writing import Table, read_tables
from include.warehouse.publication import open_publication
from tests.publication.test_publish import publish_small
from tests.small_warehouse import settings_of


def lacking(tables: list[Table]) -> list[str]:
    """The tables and columns that are not described in both languages."""
    told = [
        *((table.name, table.label, table.description.removeprefix("One row")) for table in tables),
        *((f"{table.name}.{one.name}", one.label, one.description) for table in tables for one in table.columns),
    ]
    grainless = [table.name for table in tables if not table.description.startswith("One row")]
    return grainless + [
        name for name, label, description in told if label.isascii() or not re.search("[a-z]{2}", description)
    ]


def test_what_nobody_described_is_told(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1, changes="create table wh.core.dim_person_again as from wh.core.dim_person;")
    with open_publication(settings) as marts:
        found = lacking(read_tables(marts))
    assert {"dim_person_again", "dim_person_again.person_key"} <= set(found)
    assert all(name.startswith("dim_person_again") for name in found)


def test_the_page_and_the_sheet_hold_every_published_column_in_both_languages(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    columns = dictionary.write(settings, "run-01")
    with open_publication(settings) as marts:
        tables = read_tables(marts)
        published = marts.execute("select count(*) from duckdb_columns() where not internal").fetchall()
    assert published == [(columns,)] == [(sum(len(table.columns) for table in tables),)]
    assert {"fct_alert", "fct_run", "fct_check_result"} <= {table.name for table in tables}
    assert lacking(tables) == []
    page = (settings.outbox / "dictionary" / "index.html").read_text(encoding="utf-8")
    sheet = load_workbook(settings.outbox / "dictionary" / "dictionary.xlsx", read_only=True)["数据字典"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == columns + len(tables)
    for table in tables:
        assert f'<h2 id="{table.name}">' in page
        assert table.label in page
        assert (table.schema, table.name, "", "", table.label, table.description) in rows
        for column in table.columns:
            line = (table.schema, table.name, column.name, column.data_type, column.label, column.description)
            assert line in rows


def test_a_look_at_the_past_leaves_the_dictionary_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    publish_small(settings, 2, is_replay=True)
    assert dictionary.write(settings, "run-02") == 0
    assert not (settings.outbox / "dictionary").exists()
