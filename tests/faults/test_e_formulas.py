"""Fault E66: text that a spreadsheet would take for a formula stays text in every column that leaves the system."""

from __future__ import annotations

import ast
import csv
import io
import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from rich.console import Console

from include.alerts import change_lists, worklists
from include.analysis.answers import Answer, show
from tests.architecture.project import python_files, shown
from tests.publication.test_publish import publish_small
from tests.small_warehouse import settings_of

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
#: Where an XML part of a workbook names a cell's formula.
FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
_EVERY_WORD = """
update wh.restricted.person_identity set name = '{0}' || name;
update wh.restricted.household_identity set head_name = '{0}' || head_name, household_no = '{0}' || household_no;
update wh.core.dim_region set name = '{0}' || name where level <> 'district';
update wh.monitoring.dim_rule set title_zh = '{0}' || title_zh, explanation_zh = '{0}' || explanation_zh,
    legal_basis = '{0}' || legal_basis, clears_zh = '{0}' || clears_zh;
update wh.monitoring.fct_alert set proposed_action = '{0}' || proposed_action, programme = '{0}' || programme,
    evidence = '{{"{0}事实": "{0}1+1"}}';
"""


@pytest.mark.parametrize("beginning", ["=", "@", "－"])
def test_e66_no_workbook_that_leaves_holds_a_formula(tmp_path: Path, beginning: str) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    worklists.write(settings, "run-01")
    publish_small(settings, 2, changes=_EVERY_WORD.format(beginning))
    for write in (change_lists.write, worklists.write):
        write(settings, "run-02")
    books = [path for path in settings.outbox.rglob("*.xlsx") if "replay" not in path.parts]
    assert books
    hostile = 0
    for path in books:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    assert not list(fromstring(archive.read(name)).iter(FORMULA)), (path.name, name)
                hostile += archive.read(name).decode("utf-8").count(f">{beginning}") * name.startswith("xl/")
    assert hostile > 20


def test_e66_every_workbook_is_opened_where_text_is_never_a_formula() -> None:
    opened, formulas = set(), set()
    for path in python_files("include"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).rpartition(".")[2]
                opened |= {shown(path)} if called == "Workbook" else set()
                formulas |= {shown(path)} if called in ("write_formula", "write_array_formula") else set()
    assert opened - {"include/demo/writing.py", "include/ingest/workbooks.py"} == {"include/sheet_style.py"}
    assert formulas == set()


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_e66_no_cell_of_comma_separated_values_begins_like_a_formula(beginning: str) -> None:
    told = io.StringIO()
    rows = [(f"{beginning}1+1", -5), ("1+1", None)]
    show(Console(file=told, width=200), Answer([f"{beginning}name", "amount"], rows), is_csv=True)
    read = list(csv.reader(io.StringIO(told.getvalue(), newline="")))
    assert not [cell for row in read for cell in row if cell.startswith(BEGINNINGS) and cell != "-5"]
    assert read[1][1] == "-5"
    assert read[2] == ["1+1", ""]
