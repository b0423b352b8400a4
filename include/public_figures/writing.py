"""Writes ``outbox/public/<YYYYMM>/``: the month's figures as a page of pictures and as a workbook."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from include import runs
from include.alerts.open_alerts import PROGRAMMES
from include.alerts.worklists import publication_of
from include.pages import put_page, render
from include.periods import Month
from include.privacy import guarded
from include.public_figures import flows
from include.public_figures.small_cells import SMALLEST_SHOWN
from include.public_figures.tables import OUTSIDE, TOTAL, Earlier, Money, Table, as_record, money_by_month, read_tables
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import Style, data_dates, made_on_day, open_book, row_height, set_up_page, write_title
from include.warehouse.publication import open_publication

_HEADER_ROW = 2
_LEFT_OUT = "—"
_MONEY_STANDS = f"已公布的金额，变动可能只涉及不足 {SMALLEST_SHOWN} 人的，不再改动"
_TEMPLATE = Path(__file__).parent / "overview.html.j2"


@dataclass(frozen=True)
class TakeUp:
    """Of those who may have an allowance, how many have it; ``share`` between 0 and 1, None where it is left out."""

    town: str
    elder_share: float | None
    nursing_share: float | None


@guarded("public figures")
def write(settings: Settings, run_id: str) -> Path | None:
    """Write the month's public page and workbook; returns their folder. A replay looks at the past and writes none."""
    if runs.is_replay(settings, run_id):
        return None
    publication = publication_of(settings, run_id)
    month = Month.parse(publication.read_manifest()["as_of"])
    records = private_folder(settings.state / "public_figures")
    earlier: Earlier = _recorded(records / f"{month}.json")
    # Every month's page tells of the months before it, so what was said of money is kept by the month it was for.
    told = {date.fromisoformat(paid_for): amounts for paid_for, amounts in _recorded(records / "money.json").items()}
    with open_publication(settings, publication) as marts:
        tables = read_tables(marts, month, earlier)
        money = money_by_month(marts, month, told)
    # What is written down first is what may have been seen, should this end between the two.
    _record(records / f"{month}.json", as_record(tables))
    _record(records / "money.json", {str(paid_for): amounts for paid_for, amounts in sorted((told | money).items())})
    root = private_folder(settings.outbox / "public")
    folder = private_folder(root / str(month))
    with put_in_place(folder / "figures.xlsx") as book:
        _write_book(book, tables, money, month)
    others = sorted((path.name for path in root.iterdir() if path.name != str(month)), reverse=True)
    put_page(folder / "index.html", page(tables, money, month, others))
    return folder


def _recorded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _record(path: Path, told: dict[str, Any]) -> None:
    with put_in_place(path) as temporary:
        temporary.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def page(tables: list[Table], money: Money, month: Month, others: list[str]) -> str:
    """The page of pictures; ``others`` are the months beside which it lies."""
    by_key = {table.question.key: table for table in tables}
    return render(
        _TEMPLATE,
        month=month,
        about=data_dates(month, None),
        tables=tables,
        by_key=by_key,
        total=TOTAL,
        outside=OUTSIDE,
        smallest=SMALLEST_SHOWN,
        money_stands=_MONEY_STANDS,
        flow=_flow(by_key["changes"]),
        take_up=_take_up(by_key["benefits"], by_key["missed"]),
        months=[(paid_for, sum(filter(None, by_programme.values()))) for paid_for, by_programme in money.items()],
        money=money,
        programmes={name: PROGRAMMES[name] for each in money.values() for name in each},
        others=others,
    )


def _flow(changes: Table) -> flows.Picture:
    """Who stayed and who went; a group is as large as its total, or as what is shown of it where that is left out."""
    tiers = [name for name in changes.columns if name != TOTAL]
    moves = {
        (row, column): count
        for row in changes.rows
        for column in tiers
        if row != TOTAL and (count := changes.shown(row, column))
    }
    before = {name: changes.shown(name, TOTAL) for name in changes.rows if name != TOTAL}
    after = {name: changes.shown(TOTAL, name) for name in tiers}
    return flows.picture(
        moves,
        tiers,
        {
            name: count if count is not None else sum(moves.get((name, to), 0) for to in tiers)
            for name, count in before.items()
        },
        {
            name: count if count is not None else sum(moves.get((of, name), 0) for of in tiers)
            for name, count in after.items()
        },
    )


def _take_up(benefits: Table, missed: Table) -> list[TakeUp]:
    def share(town: str, programme: str) -> float | None:
        has = benefits.shown(town, PROGRAMMES[programme])
        lacks = missed.shown(town, PROGRAMMES[programme]) if town in missed.rows else 0
        return None if has is None or lacks is None or not has + lacks else has / (has + lacks)

    return [TakeUp(town, share(town, "elder_allowance"), share(town, "disability_nursing")) for town in benefits.rows]


def _write_book(path: Path, tables: list[Table], money: Money, month: Month) -> None:
    made_on = made_on_day(month)
    title = f"{month.year}年{month.number}月公开统计"
    book = open_book(path, title, datetime(made_on.year, made_on.month, made_on.day))  # noqa: DTZ001
    style = Style(book)
    about = f"{data_dates(month, None)}　少于 {SMALLEST_SHOWN} 人的数及可由其推算的数不公开，以“{_LEFT_OUT}”表示"
    for table in tables:
        headers = [table.question.row_title, *table.columns]
        widths = [
            26.0 if table.question.key == "alerts" else 14.0,
            *(max(11.0, 2.0 * len(name) + 2) for name in table.columns),
        ]
        sheet = book.add_worksheet(table.question.title.split("（")[0])
        set_up_page(sheet, table.question.title, widths, _HEADER_ROW, is_public=True)
        write_title(sheet, style, table.question.title, about, len(widths) - 1)
        for column, header in enumerate(headers):
            sheet.write_string(_HEADER_ROW, column, header, style.head())
        for number, (row, cells) in enumerate(table.lines, start=_HEADER_ROW + 1):
            sheet.set_row(number, row_height([row], widths))
            sheet.write_string(number, 0, row, style.cell(bold=row == TOTAL))
            for column, count in enumerate(cells, start=1):
                if count is None:
                    sheet.write_string(number, column, _LEFT_OUT, style.cell(align="right"))
                else:
                    sheet.write_number(number, column, count, style.cell(num_format="#,##0"))
    _write_money(book.add_worksheet("发放资金"), style, money, about)
    book.close()


def _write_money(sheet: Worksheet, style: Style, money: Money, about: str) -> None:
    programmes = sorted({name for by_programme in money.values() for name in by_programme})
    headers = ["月份", *(PROGRAMMES[name] for name in programmes)]
    widths = [12.0, *(max(13.0, 2.0 * len(name) + 2) for name in headers[1:])]
    title = "各月发放资金（元）"
    about = f"{about}　{_MONEY_STANDS}"
    set_up_page(sheet, title, widths, _HEADER_ROW, is_public=True)
    write_title(sheet, style, title, about, max(len(headers) - 1, 1))
    for column, header in enumerate(headers):
        sheet.write_string(_HEADER_ROW, column, header, style.head())
    for number, (paid_for, by_programme) in enumerate(money.items(), start=_HEADER_ROW + 1):
        sheet.write_string(number, 0, f"{paid_for:%Y-%m}", style.cell())
        for column, name in enumerate(programmes, start=1):
            amount = by_programme.get(name, 0.0)
            if amount is None:
                sheet.write_string(number, column, _LEFT_OUT, style.cell(align="right"))
            else:
                sheet.write_number(number, column, amount, style.cell(num_format="#,##0.00"))
