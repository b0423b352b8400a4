"""The answer to an answer: which rows of a returned list were not taken, and why, as a workbook for the sender."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from include.settings import Settings, private_folder
from include.sheet_style import Style, open_book, row_height, set_up_page, write_title

_COLUMNS = {"预警编号": 30.0, "工作表": 18.0, "行": 8.0, "未采纳的原因": 60.0}


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken."""

    alert_no: str
    sheet: str
    row_number: int | None
    reason: str


def write_refusals(settings: Settings, delivery: dict[str, Any], refusals: list[Refusal]) -> Path:
    """Write ``outbox/replies/civil_affairs/answers_<YYYYMM>[_<part>]_<first 8 of delivery_id>.xlsx``."""
    folder = private_folder(private_folder(settings.outbox / "replies") / "civil_affairs")
    parts = ["answers", delivery["period"], delivery["part"][:40], delivery["delivery_id"][:8]]
    path = folder / ("_".join(part for part in parts if part) + ".xlsx")
    title = "核查反馈回执"
    book = open_book(
        path, title, datetime.fromisoformat(str(delivery["received_at"])).replace(tzinfo=None), is_small=True
    )
    style, widths = Style(book), list(_COLUMNS.values())
    sheet = book.add_worksheet("未采纳")
    set_up_page(sheet, title, widths, 2)
    about = f"文件 {delivery['source_name']}：以下 {len(refusals)} 行未采纳，其余已登记"
    write_title(sheet, style, title, about, len(widths) - 1)
    for column, name in enumerate(_COLUMNS):
        sheet.write(2, column, name, style.text(bold=True, border=1))
    for row, refusal in enumerate(refusals, 3):
        texts = [refusal.alert_no, refusal.sheet, str(refusal.row_number or ""), refusal.reason]
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, style.text(border=1, text_wrap=True, valign="top"))
        sheet.set_row(row, row_height(texts, widths))
    book.close()
    path.chmod(0o600)
    return path
