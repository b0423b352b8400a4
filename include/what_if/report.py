"""The answer as a page with charts and as a workbook, below ``outbox/what_if/<YYYYMM>/``."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from xlsxwriter.worksheet import Worksheet

from include.pages import render, signed
from include.periods import Month
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import Style, open_book, set_up_page, write_title
from include.what_if.answer import Answer

_TEMPLATE = Path(__file__).parent / "page.html.j2"
_STEP = 50
_LAST_COLUMN = 40

_FLOW_COLUMNS = {
    "镇街": 14.0, "项目": 22.0, "现行户数": 10.0, "测算户数": 10.0, "现行人数": 10.0, "测算人数": 10.0,
    "新纳入户": 10.0, "新纳入人": 10.0, "退出户": 9.0, "退出人": 9.0, "现行月支出": 14.0, "测算月支出": 14.0,
    "月变化": 13.0, "年变化": 14.0,
}  # fmt: skip
_MOVED_COLUMNS = {
    "家庭代码": 38.0, "镇街": 14.0, "村居": 16.0, "在册档次": 16.0, "现行应属": 16.0, "测算应属": 16.0, "人数": 7.0,
    "人均月收入": 12.0, "现行月金额": 12.0, "测算月金额": 12.0,
}  # fmt: skip
_NEAR_COLUMNS = {
    "家庭代码": 38.0, "镇街": 14.0, "村居": 16.0, "在册档次": 16.0, "测算应属": 16.0, "人数": 7.0, "人均月收入": 12.0,
    "标准线": 12.0, "线（元）": 10.0, "高出（元）": 10.0,
}  # fmt: skip


def show(console: Console, answer: Answer, labels: dict[str, str]) -> None:
    """Print what each programme would cost a month, and who enters and leaves."""
    table = Table("项目 programme", title=f"政策测算 what if, {answer.month:%Y-%m}", title_justify="left")
    for name in ("人数 people", "纳入 enter", "退出 leave", "月支出 yuan a month", "变化 change"):
        table.add_column(name, justify="right")
    for code, row in sorted(answer.by("programme").items(), key=lambda entry: list(labels).index(entry[0])):
        table.add_row(
            labels[code], f"{row['persons_after']:,}", f"{row['entered_persons']:,}", f"{row['left_persons']:,}",
            f"{row['amount_after']:,.2f}", signed(row["amount_after"] - row["amount_before"], 2),
        )  # fmt: skip
    console.print(table)
    change = answer.monthly_change
    console.print(f"每月 a month {signed(change, 2)} 元　全年 a year {signed(change * 12, 2)} 元")


def write_report(settings: Settings, answer: Answer, labels: dict[str, str]) -> tuple[Path, Path]:
    """Write page and workbook and return their paths; the same question to the same warehouse gives the same files.

    ``labels`` holds the Chinese name of every programme and tier.
    """
    month = Month(answer.month.year, answer.month.month)
    folder = private_folder(settings.outbox / "what_if" / str(month))
    asked = sorted(f"{change.name}={change.after.normalize():f}" for change in answer.changes)
    stem = f"what_if_{sha256('|'.join(asked).encode()).hexdigest()[:8]}"
    page, book = folder / f"{stem}.html", folder / f"{stem}.xlsx"
    for path, write in ((page, write_page), (book, write_book)):
        with put_in_place(path) as temporary:
            write(temporary, answer, labels)
    return page, book


def write_page(path: Path, answer: Answer, labels: dict[str, str]) -> None:
    """Write the page."""
    programmes = [
        (labels.get(code, code), row)
        for code, row in sorted(answer.by("programme").items(), key=lambda entry: list(labels).index(entry[0]))
    ]
    households = {row["from_yuan"]: row["households"] for row in answer.spread}
    text = render(
        _TEMPLATE,
        answer=answer,
        month=f"{answer.month.year}年{answer.month.month}月",
        programmes=programmes,
        entered=sum(row["entered_persons"] for row in answer.flow),
        left=sum(row["left_persons"] for row in answer.flow),
        town_bars=_bars((answer.towns.get(code, "未知"), row) for code, row in answer.by("town_code").items()),
        programme_bars=_bars(programmes),
        columns=[(str(place * _STEP), households.get(place * _STEP, 0)) for place in range(_LAST_COLUMN)],
        marks=[
            (min(line / _STEP, Decimal(_LAST_COLUMN)), f"{name} {side} {line:,.0f}")
            for name, sides in answer.lines.items()
            for side, line in zip(("现行", "测算"), sides, strict=True)
            if side == "现行" or sides[0] != sides[1]
        ],
        plain=lambda number: f"{number.normalize():f}",
    )
    path.write_text(text, encoding="utf-8")


def write_book(path: Path, answer: Answer, labels: dict[str, str]) -> None:
    """Write the workbook: the flow by town and programme, who changes tier, who is just beyond a line."""
    title = f"政策测算 {answer.month:%Y-%m}"
    asked = "；".join(f"{change.name} → {change.after.normalize():f}" for change in answer.changes)
    book = open_book(path, title, datetime.combine(answer.month, time()))
    style = Style(book)
    flow = sorted(answer.flow, key=lambda row: (row["town_code"] or "~", list(labels).index(row["programme"])))
    _write(book.add_worksheet("各镇街各项目"), style, title, asked, _FLOW_COLUMNS, [
        [
            answer.towns.get(row["town_code"], "未知"), labels[row["programme"]],
            row["households_before"], row["households_after"], row["persons_before"], row["persons_after"],
            row["entered_households"], row["entered_persons"], row["left_households"], row["left_persons"],
            row["amount_before"], row["amount_after"], row["amount_after"] - row["amount_before"],
            12 * (row["amount_after"] - row["amount_before"]),
        ]
        for row in flow
    ])  # fmt: skip
    _write(book.add_worksheet("改变档次的家庭"), style, title, asked, _MOVED_COLUMNS, [
        [
            row["household_key"], row["town"], row["village"], labels[row["recorded_tier"]],
            labels[row["tier_before"]], labels[row["tier_after"]], row["persons"], row["income_per_capita"],
            row["amount_before"], row["amount_after"],
        ]
        for row in answer.moved
    ])  # fmt: skip
    _write(book.add_worksheet("略高于标准线的家庭"), style, title, asked, _NEAR_COLUMNS, [
        [
            row["household_key"], row["town"], row["village"], labels[row["recorded_tier"]], labels[row["tier_after"]],
            row["persons"], row["income_per_capita"], row["line_zh"], row["line"], row["above"],
        ]
        for row in answer.near
    ])  # fmt: skip
    book.close()


def _bars(entries: Any) -> list[tuple[str, Decimal, str]]:
    """What changes most first; what does not change is left out."""
    changes = [(name, row["amount_after"] - row["amount_before"]) for name, row in entries]
    moved = sorted(((name, change) for name, change in changes if change), key=lambda entry: -abs(entry[1]))
    return [(name, change, f"{signed(change)} 元") for name, change in moved]


def _write(
    sheet: Worksheet, style: Style, title: str, asked: str, columns: dict[str, float], lines: list[list[Any]]
) -> None:
    widths = list(columns.values())
    set_up_page(sheet, title, widths, 2)
    write_title(sheet, style, f"{title}　{sheet.get_name()}", asked, len(widths) - 1)
    for column, name in enumerate(columns):
        sheet.write_string(2, column, name, style.head())
    money, count = style.cell(num_format="#,##0.00", align="right"), style.cell(num_format="#,##0", align="right")
    for row, line in enumerate(lines, start=3):
        for column, cell in enumerate(line):
            if isinstance(cell, Decimal):
                sheet.write_number(row, column, float(cell), money)
            elif isinstance(cell, int):
                sheet.write_number(row, column, cell, count)
            else:
                sheet.write_string(row, column, cell or "", style.cell())
    sheet.autofilter(2, 0, 2 + len(lines), len(widths) - 1)
