"""Paper, type and colour of everything we hand out: what every sheet of every workbook shares."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from include.periods import Month

INK, SOFT, LINE = "#1D2733", "#5D6B7A", "#9FB0C2"
HEAD, ANSWER_HEAD, BAND, ANSWER, PAPER = "#DCE6F1", "#F7E9B0", "#F3F7FB", "#FFFCEF", "#FFFFFF"
SEVERITY_INK = {"critical": "#B3261E", "high": "#A85508", "medium": INK, "low": SOFT}
TEXT_SIZE = 10
LINE_HEIGHT = 14.2
_FONT = "Microsoft YaHei"
_A4 = 9
# A Chinese character at the text size is this many width units of a column wide.
_UNITS_A_CHARACTER = 2.0


# What stands in a cell is text: it never becomes a formula, a link or a number by its looks.
_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def open_book(path: Path, title: str, created: datetime, is_small: bool = False) -> Workbook:
    """A new workbook whose bytes depend on nothing but what is written into it; a small one needs no other files."""
    room: dict[str, Any] = {"in_memory": True} if is_small else {"constant_memory": True, "tmpdir": str(path.parent)}
    book = Workbook(str(path), {**room, **_INERT})
    book.set_properties({"title": title, "created": created})
    return book


class Style:
    """The formats of one workbook; Excel wants each distinct one made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def text(self, **properties: Any) -> Format:
        """Text without a frame."""
        key = tuple(sorted({"font_name": _FONT, "font_color": INK, "font_size": TEXT_SIZE, **properties}.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(key))
        return self._formats[key]

    def cell(self, **properties: Any) -> Format:
        """A framed cell of a table, formatted as text, so that a person's edit stays text too."""
        framed = {"border": 1, "border_color": LINE, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
        return self.text(**{**framed, **properties})

    def head(self, **properties: Any) -> Format:
        """A cell of a table's header."""
        return self.cell(**{"bold": True, "align": "center", "bg_color": HEAD, **properties})


def set_up_page(
    sheet: Worksheet,
    title: str,
    widths: list[float],
    header_row: int,
    landscape: bool = True,
    is_public: bool = False,
) -> None:
    """A4, as wide as the paper, the header on every page, page numbers at the foot, known cells locked."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.55)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    secrecy = "" if is_public else "&R&9内部资料 注意保密"
    sheet.set_footer(f"&L&9{title.replace('&', '&&')}&C&9第 &P 页 共 &N 页{secrecy}")
    sheet.freeze_panes(header_row + 1, 0)
    sheet.hide_gridlines(2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def write_title(sheet: Worksheet, style: Style, title: str, subtitle: str, last_column: int) -> None:
    """The first two rows of a sheet."""
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, last_column, title, style.text(font_size=18, bold=True, valign="vcenter"))
    sheet.set_row(1, (subtitle.count("\n") + 1) * LINE_HEIGHT + 4)
    sheet.merge_range(1, 0, 1, last_column, subtitle, style.text(font_color=SOFT, text_wrap=True, valign="top"))


def row_height(texts: list[str], widths: list[float], least_lines: int = 1) -> float:
    """How high a row must be for its texts to be read whole."""
    return max(least_lines, *map(_lines, texts, widths)) * LINE_HEIGHT + 6


def day_text(day: date | None) -> str:
    """A day as lists write it; empty when there is none."""
    return day.isoformat() if day else ""


def data_dates(month: Month, received_on: date | None) -> str:
    """The dates a list bears: the last day it knows about, and the day its newest delivery came; never the clock's."""
    last_day = made_on_day(month) - timedelta(days=1)
    return f"数据截至 {day_text(last_day)}" + (f"　最近收数 {day_text(received_on)}" if received_on else "")


def made_on_day(month: Month) -> date:
    """The first day after the month a list is about."""
    return month.plus(1).first


def _lines(text: str, width: float) -> int:
    characters = max(1.0, (width - 0.8) / _UNITS_A_CHARACTER)
    return sum(max(1, math.ceil(_characters(line) / characters)) for line in text.split("\n"))


def _characters(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(character) in "WFA" else 0.58 for character in text)
