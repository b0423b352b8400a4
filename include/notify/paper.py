"""What could not be told by any message, on a list to be printed: ``outbox/notices/<YYYYMMDD>.xlsx``."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from include.journal.schema import engine
from include.notify.sending import undelivered
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import Style, open_book, row_height, set_up_page, write_title

_COLUMNS = {"收件": 16.0, "主题": 26.0, "内容": 60.0, "原因": 16.0}
_HEADER_ROW = 2


def write_paper(settings: Settings, day: date) -> Path | None:
    """Write the day's list; nothing where every message of the day was sent or is still tried.

    Whoever has no contact gets every message this way; the others when all tries failed.
    """
    path = private_folder(settings.outbox / "notices") / f"{day:%Y%m%d}.xlsx"
    with engine(settings).connect() as connection:
        left = undelivered(connection, day)
    if not left:
        path.unlink(missing_ok=True)
        return None
    with put_in_place(path) as temporary:
        title = f"{day:%Y年%m月%d日}需送达的通知"
        book = open_book(temporary, title, datetime.combine(day, time(12)), is_small=True)
        sheet, style, widths = book.add_worksheet("通知"), Style(book), list(_COLUMNS.values())
        set_up_page(sheet, title, widths, _HEADER_ROW)
        write_title(sheet, style, title, "以下账号没有消息送达，请打印送达或电话告知。", len(widths) - 1)
        for column, name in enumerate(_COLUMNS):
            sheet.write_string(_HEADER_ROW, column, name, style.head())
        for row, one in enumerate(left, start=_HEADER_ROW + 1):
            why = "多次未能送出" if one.address else "没有联系地址"
            texts = [one.message_id.partition(f"{day:%Y%m%d}-")[2], one.subject, one.body, why]
            sheet.set_row(row, row_height(texts, widths))
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, style.cell())
        book.close()
    return path
