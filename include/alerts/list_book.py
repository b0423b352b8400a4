"""A workbook of lists, the same bytes for the same alerts."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from include.alerts.guide_sheets import write_legend, write_recalls, write_summary
from include.alerts.list_sheet import RECALLED, ListPage, ListSheet
from include.alerts.open_alerts import OpenAlert, RuleWords
from include.contracts import FILE_ID
from include.periods import Month
from include.sheet_style import Style, data_dates, made_on_day, open_book

_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "·"))
_LONGEST_SHEET_NAME = 31


def write_book(
    path: Path,
    month: Month,
    pages: list[ListPage],
    rules: dict[str, RuleWords],
    file_id: str,
    summary: tuple[str, list[tuple[str, list[OpenAlert]]]] | None = None,
) -> None:
    """Write one workbook: a summary if there is one, the lists, what was recalled, the rules they name.

    ``summary`` is its title and the alerts by village; ``file_id`` is told in ``include.cases.list_id``.
    """
    title = pages[0].title if len(pages) == 1 else "预警核查清单"
    book = open_book(path, title, datetime.combine(made_on_day(month), time(12)))
    book.set_custom_property(FILE_ID, file_id)
    style, names = Style(book), _SheetNames()
    if summary:
        title, villages = summary
        note = f"{data_dates(month, pages[0].received_on)}　各村居的清单在后面各表。"
        write_summary(book.add_worksheet(names.free("汇总")), style, title, villages, note)
    for page in pages:
        ListSheet(book.add_worksheet(names.free(page.sheet_name)), style, month, page).write()
    recalled = [alert for page in pages for alert in page.recalled]
    if recalled:
        write_recalls(book.add_worksheet(names.free(RECALLED)), style, recalled)
    named = sorted({alert.rule_id for page in pages for alert in page.alerts})
    if named:
        write_legend(book.add_worksheet(names.free("规则说明")), style, [rules[rule_id] for rule_id in named])
    book.close()
    path.chmod(0o600)


class _SheetNames:
    """At most 31 characters, none that Excel forbids, and no name twice however it is capitalised."""

    def __init__(self) -> None:
        self._taken = {"history"}

    def free(self, wanted: str) -> str:
        base = wanted.translate(_FORBIDDEN_IN_SHEET_NAMES).strip() or "清单"
        name, number = base[:_LONGEST_SHEET_NAME], 2
        while name.casefold() in self._taken:
            ending = f"（{number}）"
            name, number = base[: _LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
        self._taken.add(name.casefold())
        return name
