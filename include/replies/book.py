"""A reply as a workbook that can be sent as it is: what happened, cell by cell, and what was agreed."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from include.periods import Month
from include.replies.reply import Line, Reply
from include.sheet_style import (
    BAND,
    HEAD,
    PAPER,
    SEVERITY_INK,
    SOFT,
    Style,
    open_book,
    row_height,
    set_up_page,
    write_title,
)

_FACTS = {"项目": 22.0, "内容": 74.0}
_LINES = {
    "序号": 6.0,
    "工作表": 14.0,
    "行": 8.0,
    "列": 16.0,
    "所报内容（部分隐去）": 22.0,
    "原因": 26.0,
    "请这样改": 46.0,
}
_REMARKS = {"情况": 26.0, "涉及": 30.0, "请这样做": 52.0}
_COLUMNS = {"约定的列名": 26.0, "是否必填": 10.0, "填写方式": 26.0, "规定的选项": 46.0}


def write_book(path: Path, reply: Reply) -> None:
    """Write the workbook; the same reply gives the same bytes."""
    title = f"报送回执　{reply.title}"
    book = open_book(path, title, reply.received_at.replace(tzinfo=None), is_small=True)
    style = Style(book)
    _write_front(book.add_worksheet("回执"), style, title, reply)
    if reply.lines:
        _write_lines(book.add_worksheet("逐条问题"), style, reply)
    _write_agreement(book.add_worksheet("列与约定"), style, reply)
    book.close()
    path.chmod(0o600)


def _write_front(sheet: Worksheet, style: Style, title: str, reply: Reply) -> None:
    widths = list(_FACTS.values())
    set_up_page(sheet, title, widths, 2, landscape=False)
    write_title(sheet, style, title, f"致：{reply.department}　　数据集 {reply.dataset}", 1)
    _head(sheet, style, 2, list(_FACTS))
    received = f"{reply.received_at:%Y-%m-%d %H:%M}"
    facts = [
        ("文件", reply.source_name),
        ("所属年月", _month_words(reply.period)),
        ("镇街或分片", reply.part or "全区"),
        ("收到时间", received),
        *reply.facts,
    ]
    row = 3
    for name, value in facts:
        is_result = name == "处理结果"
        _row(sheet, style, row, [name, value], widths, bold=is_result)
        row += 1
    _row(sheet, style, row, ["请这样做", reply.what_to_do], widths, bold=True, ink=SEVERITY_INK["high"])
    row += 2
    if reply.by_reason:
        _head(sheet, style, row, ["退回原因", "处数"])
        for number, (words, count) in enumerate(reply.by_reason, start=1):
            _row(sheet, style, row + number, [words, f"{count:,}"], widths)
        row += len(reply.by_reason) + 2
    note = "本回执由系统生成，所报内容已隐去大部分。行号为原文件中的行号。"
    sheet.merge_range(row, 0, row, 1, note, style.text(font_color=SOFT))


def _write_lines(sheet: Worksheet, style: Style, reply: Reply) -> None:
    widths = list(_LINES.values())
    title = "逐条问题"
    set_up_page(sheet, title, widths, 2)
    left_out = f"　另有 {reply.lines_left_out:,} 处未列出，改法相同。" if reply.lines_left_out else ""
    write_title(sheet, style, title, f"共列 {len(reply.lines):,} 处。{left_out}", len(widths) - 1)
    _head(sheet, style, 2, list(_LINES))
    for number, line in enumerate(reply.lines, start=1):
        texts = [str(number), _place(line), line.row, line.column, line.value, line.why, line.cure]
        _row(sheet, style, 2 + number, texts, widths)
    sheet.autofilter(2, 0, 2 + len(reply.lines), len(widths) - 1)


def _write_agreement(sheet: Worksheet, style: Style, reply: Reply) -> None:
    widths = [max(pair) for pair in zip([*_REMARKS.values(), 0.0], _COLUMNS.values(), strict=True)]
    title = "列与约定"
    set_up_page(sheet, title, widths, 2)
    write_title(sheet, style, title, "整份文件的情况，以及约定的列。", len(widths) - 1)
    _head(sheet, style, 2, list(_REMARKS))
    row = 3
    for texts in reply.remarks or [("没有多出或缺少的列。", "", "")]:
        _row(sheet, style, row, list(texts), widths)
        row += 1
    if not reply.columns:
        return
    row += 1
    _head(sheet, style, row, list(_COLUMNS))
    for number, owed in enumerate(reply.columns, start=1):
        _row(sheet, style, row + number, list(owed), widths)


def _head(sheet: Worksheet, style: Style, row: int, headers: list[str]) -> None:
    sheet.set_row(row, 22)
    for column, header in enumerate(headers):
        sheet.write_string(row, column, header, style.head(bg_color=HEAD))


def _row(
    sheet: Worksheet,
    style: Style,
    row: int,
    texts: list[str],
    widths: list[float],
    bold: bool = False,
    ink: str | None = None,
) -> None:
    sheet.set_row(row, row_height(texts, widths))
    looks = {"bg_color": BAND if row % 2 else PAPER, "bold": bold, **({"font_color": ink} if ink else {})}
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, style.cell(**looks))


def _place(line: Line) -> str:
    return " · ".join(filter(None, (line.member, line.sheet)))


def _month_words(period: str) -> str:
    if not period:
        return "未能识别"
    month = Month.parse(period)
    return f"{month.year}年{month.number}月"
