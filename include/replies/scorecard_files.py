"""Scorecards as a page that prints and a sheet that can be worked with, one of each a department and month."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from include import pages, runs
from include.departments import name_of
from include.periods import Month
from include.privacy import guarded
from include.replies.scorecard import Line, Scorecard, read_scorecards
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import (
    BAND,
    PAPER,
    Style,
    day_text,
    made_on_day,
    open_book,
    row_height,
    set_up_page,
    write_title,
)
from include.warehouse.publication import open_publication, standing

_TEMPLATE = Path(__file__).parent / "scorecard.html.j2"
_COLUMNS = {
    "数据": 24.0, "月份": 10.0, "应报日期": 12.0, "收到日期": 12.0, "报送情况": 18.0, "可否使用": 10.0,
    "未报本月的镇街": 18.0, "文件": 7.0, "拒收": 7.0, "暂扣": 7.0, "重复": 7.0, "读入行": 10.0, "退回行": 9.0,
    "退回率 %": 9.0, "重复行": 9.0, "有证件号行": 11.0, "户籍比中行": 11.0, "比中率 %": 9.0, "约定外列": 9.0,
    "主要原因": 34.0,
}  # fmt: skip
_NUMBERS = range(7, 19)


@guarded("scorecards")
def write(settings: Settings, run_id: str) -> int:
    """Write the standing publication's scorecards; a replay looks at the past and writes none."""
    if runs.is_replay(settings, run_id):
        return 0
    publication = standing(settings)
    month = Month.parse(publication.read_manifest()["as_of"])
    with open_publication(settings, publication) as connection:
        cards = read_scorecards(connection, month)
    for card in cards:
        folder = private_folder(settings.outbox / "replies" / card.department)
        for ending, write_one in (("html", write_page), ("xlsx", write_sheet)):
            with put_in_place(folder / f"scorecard_{month}.{ending}") as temporary:
                write_one(temporary, card)
    return len(cards)


def write_page(path: Path, card: Scorecard) -> None:
    """Write the page."""
    path.write_text(render(card), encoding="utf-8")


def render(card: Scorecard) -> str:
    """The page as one HTML text without any reference to another file or host."""
    highest = max((line.refused_share or 0 for lines in card.datasets.values() for line in lines), default=0)
    return pages.render(
        _TEMPLATE, card=card, department=name_of(card.department), scale=max(highest, 1.0), month=card.month
    )


def write_sheet(path: Path, card: Scorecard) -> None:
    """One row a dataset and month, oldest month first; the same card gives the same bytes."""
    title = f"{name_of(card.department)}　{card.month.year}年{card.month.number}月报送情况"
    book = open_book(path, title, datetime.combine(made_on_day(card.month), time(12)), is_small=True)
    style, sheet, widths = Style(book), book.add_worksheet("报送情况"), list(_COLUMNS.values())
    set_up_page(sheet, title, widths, 2)
    write_title(sheet, style, title, "近十二个月，一行一个数据集、一个月。", len(widths) - 1)
    for column, header in enumerate(_COLUMNS):
        sheet.write_string(2, column, header, style.head())
    lines = [line for lines in card.datasets.values() for line in lines]
    for row, line in enumerate(lines, start=3):
        cells = _cells(line)
        sheet.set_row(row, row_height([str(cell) for cell in cells], widths))
        looks = {"bg_color": BAND if row % 2 else PAPER}
        for column, cell in enumerate(cells):
            if column in _NUMBERS and cell != "":
                number = "0.00" if isinstance(cell, float) else "#,##0"
                sheet.write_number(row, column, float(cell), style.cell(num_format=number, align="right", **looks))
            else:
                sheet.write_string(row, column, str(cell), style.cell(**looks))
    sheet.autofilter(2, 0, 2 + len(lines), len(widths) - 1)
    book.close()


def _cells(line: Line) -> list[str | int | float]:
    return [
        line.title,
        f"{line.month:%Y-%m}",
        day_text(line.due_on),
        day_text(line.received_on),
        line.punctuality,
        line.standing,
        line.towns_behind,
        line.files,
        line.files_refused,
        line.files_held,
        line.files_repeated,
        int(line.rows_read),
        int(line.rows_refused),
        "" if line.refused_share is None else float(line.refused_share),
        int(line.rows_repeated),
        "" if line.rows_with_number is None else int(line.rows_with_number),
        "" if line.rows_registered is None else int(line.rows_registered),
        "" if line.match_rate is None else float(line.match_rate),
        line.columns_drifted,
        line.reasons,
    ]
