"""Workbooks that the tests of faults write, with the libraries that departments' own programs use."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
import xlwt

from tests.ingest.conftest import SOUND_ID

ELDERS = "civil_affairs.elder_allowance"
OTHER_ID = "11010519491231002X"
HEADER = ("序号", "姓名", "身份证号", "出生日期", "镇街", "村居", "月发放标准", "起始年月", "状态")
Rows = Sequence[Sequence[Any]]


def elder(number: int = 1, **cells: Any) -> list[Any]:
    """One sound row of the elders' list, with some cells as given."""
    sound = ("王五", SOUND_ID, date(1938, 4, 12), "三星镇", "叠石桥村", 50, "202101", "在享")
    row = dict(zip(HEADER, (number, *sound), strict=True))
    return list((row | cells).values())


def xls(sheets: Mapping[str, Rows], visibility: Mapping[str, int] | None = None, from_1904: bool = False) -> bytes:
    """A BIFF8 workbook as xlwt writes it: cells by their types, dates with a format, formulas as given."""
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value, day if isinstance(value, date) else xlwt.Style.default_style)
        sheet.visibility = (visibility or {}).get(name, 0)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx(sheets: Mapping[str, Rows], formulas: Mapping[str, tuple[str, Any]] | None = None) -> bytes:
    """A workbook as XlsxWriter writes it; ``formulas`` and their stored values stand in every sheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "yyyy/m/d", "in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for place, (formula, value) in (formulas or {}).items():
            sheet.write_formula(place, formula, None, value)
    book.close()
    return stream.getvalue()
