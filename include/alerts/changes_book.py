"""The workbook of changes: a page to understand at a glance, then every change with whom it concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from include.alerts.change_causes import Causes
from include.alerts.changes import ALERT, CORRECTED, ENROLMENT, LATE, MEANS, PAYMENT, Change, Changes, Received, plain
from include.alerts.open_alerts import PROGRAMMES, SEVERITIES
from include.contracts import load_contracts
from include.privacy import last_four
from include.sheet_style import BAND, PAPER, Style, day_text, made_on_day, open_book, set_up_page, write_title

SUMMARY = "汇总"
_KINDS = (ENROLMENT, MEANS, PAYMENT, ALERT)
_COUNTS = {"月份": 12.0, **dict.fromkeys(_KINDS, 14.0), "合计": 12.0}
_RECEIVED = ("资料", "报送期", "范围", "收到日期", "行数", "性质")
_DETAIL = {
    "月份": 9.0, "项目": 14.0, "规则": 18.0, "姓名": 10.0, "身份证后四位": 9.0, "家庭/户主": 18.0, "编号": 24.0,
    "变动": 8.0, "内容": 12.0, "原值": 14.0, "现值": 14.0, "可能来自": 44.0,
}  # fmt: skip
_MOST_ROWS = 500_000
_HEADER_ROW = 2


def write_changes(path: Path, changes: Changes) -> None:
    """Write the workbook; text always as text, and the same bytes for the same two publications."""
    title = f"{changes.month.year}年{changes.month.number}月发布　以往月份变动清单"
    book = open_book(path, title, datetime.combine(made_on_day(changes.month), time(12)))
    style = Style(book)
    _Summary(book.add_worksheet(SUMMARY), style, title, changes).write()
    causes = Causes(changes.received)
    for kind in _KINDS:
        for number, some in enumerate(_pages([change for change in changes.changes if change.kind == kind]), start=1):
            name = kind if number == 1 else f"{kind}（{number}）"
            _write_detail(book.add_worksheet(name), style, f"{title}　{name}", some, causes)
    book.close()
    path.chmod(0o600)


def _pages(changes: list[Change]) -> Iterator[list[Change]]:
    """A sheet holds no more than a million rows; what is beyond goes to another, never away."""
    for first in range(0, len(changes), _MOST_ROWS):
        yield changes[first : first + _MOST_ROWS]


class _Summary:
    """The first sheet: how much changed in which month, and which deliveries came in between."""

    def __init__(self, sheet: Worksheet, style: Style, title: str, changes: Changes) -> None:
        self._sheet, self._style, self._title, self._changes = sheet, style, title, changes

    def write(self) -> None:
        """Write the whole sheet."""
        set_up_page(self._sheet, self._title, list(_COUNTS.values()), _HEADER_ROW, landscape=False)
        last = self._changes.last_compared
        note = (
            f"与上一次发布相比，{last.year}年{last.number}月及以前月份共有 {len(self._changes.changes)} 处变动。\n"
            "变动来自迟报、更正的资料，或规则、参数的调整；已据此处理的事项请复核。"
        )
        write_title(self._sheet, self._style, self._title, note, len(_COUNTS) - 1)
        row = self._write_counts(_HEADER_ROW)
        self._write_received(row + 1)

    def _write_counts(self, row: int) -> int:
        self._write_row(row, list(_COUNTS), is_head=True)
        counted = Counter((change.month, change.kind) for change in self._changes.changes)
        for month in sorted({change.month for change in self._changes.changes}):
            row += 1
            numbers = [counted[month, kind] for kind in _KINDS]
            self._write_row(row, [plain(month), *numbers, sum(numbers)])
        row += 1
        numbers = [sum(counted[key] for key in counted if key[1] == kind) for kind in _KINDS]
        self._write_row(row, ["合计", *numbers, sum(numbers)], is_total=True)
        return row + 1

    def _write_received(self, row: int) -> None:
        """Corrected and late deliveries first; those of the month itself are only counted."""
        told = [received for received in self._changes.received if received.manner in (CORRECTED, LATE)]
        rest = len(self._changes.received) - len(told)
        self._write_row(row, list(_RECEIVED), is_head=True)
        for received in told:
            row += 1
            self._write_row(row, [*received_words(received), received.rows, received.manner])
        row += 1
        self._write_row(row, [f"另有当期资料 {rest} 份，其中也可能有以往日期的事项。", *[""] * (len(_RECEIVED) - 1)])

    def _write_row(self, row: int, values: list[str | int], is_head: bool = False, is_total: bool = False) -> None:
        cell = self._style.head() if is_head else self._style.cell(bold=is_total)
        number = self._style.cell(align="center", num_format="0", bold=is_total)
        for column, value in enumerate(values):
            if isinstance(value, int):
                self._sheet.write_number(row, column, value, number)
            else:
                self._sheet.write_string(row, column, value, cell)


def received_words(received: Received) -> list[str]:
    """What came, for which month, of which town and when."""
    contract = load_contracts().get(received.dataset)
    title = contract.title_zh if contract else received.dataset
    return [title, plain(received.period), received.part or "全区", day_text(received.received_on)]


def _write_detail(sheet: Worksheet, style: Style, title: str, changes: list[Change], causes: Causes) -> None:
    widths = list(_DETAIL.values())
    set_up_page(sheet, title, widths, _HEADER_ROW)
    write_title(sheet, style, title, f"共 {len(changes)} 处", len(widths) - 1)
    for column, header in enumerate(_DETAIL):
        sheet.write_string(_HEADER_ROW, column, header, style.head())
    for row, change in enumerate(changes, start=_HEADER_ROW + 1):
        cell = style.cell(bg_color=BAND if row % 2 else PAPER)
        for column, text in enumerate(_texts(change, causes)):
            sheet.write_string(row, column, text, cell)


def _texts(change: Change, causes: Causes) -> list[str]:
    return [
        plain(change.month),
        PROGRAMMES.get(change.programme, change.programme),
        " ".join(part for part in (change.rule_id, change.rule_title) if part),
        change.name,
        last_four(change.id_no),
        "\n".join(part for part in (change.head_name, change.household_no) if part),
        change.number or "",
        change.what,
        change.field,
        _word(change.old_value),
        _word(change.new_value),
        causes.of(change),
    ]


def _word(value: str | None) -> str:
    text = plain(value)
    return SEVERITIES.get(text, PROGRAMMES.get(text, text))
