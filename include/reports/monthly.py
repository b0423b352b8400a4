"""The month's reports, ``outbox/reports/<YYYYMM>/monthly.xlsx``: the report marts as they are, with totals.

A column's header is its Chinese label in the published marts, so that a sheet and the dictionary cannot disagree.
The sheet before the last says where figures that must be the same are not; it is empty where all of them reconcile.
The last is for the month's records: what the bureau's form asks and no delivery tells, the version of the data, and the
head of the journal, against which the journal can be held for as long as the workbook is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter.worksheet import Worksheet

from include import runs
from include.alerts.open_alerts import PROGRAMMES
from include.alerts.worklists import publication_of
from include.journal.entries import head
from include.journal.exports import note_export
from include.journal.schema import engine
from include.periods import Month
from include.privacy import guarded
from include.reports import reconciliation
from include.settings import Settings, private_folder, put_in_place
from include.sheet_style import (
    BAND,
    PAPER,
    Style,
    data_dates,
    made_on_day,
    open_book,
    row_height,
    set_up_page,
    write_title,
)
from include.warehouse.publication import Publication, open_publication
from include.warehouse.workbench import rows

_HEADER_ROW = 2
#: The sheet that says where the others disagree, and the one for the month's records.
RECONCILED, RECORDS = "核对", "备查"
TOTAL = "合计"
_WORDS = {
    **PROGRAMMES,
    "household": "户",
    "person": "人",
    "alert": "条",
    "yuan": "元",
    "yuan/person/month": "元/人·月",
    "younger": "未到年龄",
    "unknown": "不详",
    "dibao_standard": "低保标准",
    "households_at_end": "期末户数",
    "persons_at_end": "期末人数",
    "low_income_persons_at_end": "期末低收入人口",
    "households_newly_covered": "新增户数",
    "persons_newly_covered": "新增人数",
    "households_cleared_out": "退出户数",
    "persons_cleared_out": "退出人数",
    "money_paid": "发放资金",
    "elder_allowance_to_october": "一至十月尊老金",
    "families_compared_online": "线上核对家庭",
    "families_verified_offline": "上门核查家庭",
    "alerts_found": "发现预警",
    "alerts_verified_offline": "上门核查预警",
    "alerts_true": "核查属实",
    "money_recovered": "追缴资金",
}
#: Shares of one; every other column with decimals is money or a number of days.
_OF_ALERTS = ("precision", "precision_low", "precision_high", "on_time_share")
_SHARES = ("share_of_registered", "growth", *_OF_ALERTS)
_RECONCILED = {
    "identity": "应有关系", "town": "镇街（空为全区）", "unit": "单位",
    "one": "左", "other": "右", "difference": "相差",
}  # fmt: skip
_YEAR = "select * from reporting.rpt_annual_work_report where year = ? order by figure, programme"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the mart it shows, its order, the columns that no total makes sense of.

    Lines that are alike in ``total_of`` follow each other and have a total of their own; without any, all lines have.
    ``only_in_groups`` add up in such a total, but over all lines they would count somebody twice.
    """

    name: str
    mart: str
    order: str
    without_total: tuple[str, ...] = ()
    total_of: tuple[str, ...] = ()
    only_in_groups: tuple[str, ...] = ()


SHEETS = (
    Sheet(
        "低保综合统计表", "rpt_dibao_monthly", "town_code",
        ("share_of_registered", "spending_per_person", "spending_per_person_to_date", "standard"),
    ),
    Sheet("项目增减", "rpt_programme_flow_monthly", "programme, unit, town_code", total_of=("programme", "unit")),
    Sheet("尊老金", "rpt_elder_allowance_monthly", "town_code, age_band"),
    Sheet("残疾人两项补贴", "rpt_disability_subsidy_monthly", "programme, town_code, tier, disability_category"),
    Sheet("特困人员", "rpt_extreme_poverty_monthly", "town_code, area_kind, support_mode, self_care"),
    Sheet("儿童福利", "rpt_child_benefit_monthly", "town_code, programme, kind, placement"),
    Sheet(
        "发放与名册", "rpt_payment_roster_monthly", "programme, town_code", total_of=("programme",),
        only_in_groups=("households", "persons", "payees"),
    ),
    Sheet("预警成效", "rpt_alert_performance", "rule_id, town_code", (*_OF_ALERTS, "days_to_visit")),
)  # fmt: skip


@guarded("reports")
def write(settings: Settings, run_id: str) -> Path:
    """Write the month's workbook from the run's publication; returns its path.

    The same publication over the same journal gives the same bytes.
    """
    publication = publication_of(settings, run_id)
    month = Month.parse(publication.read_manifest()["as_of"])
    path = report_folder(settings, publication, month) / "monthly.xlsx"
    note_export(settings, "monthly_report", publication.version)  # before the head that the report itself says
    with open_publication(settings, publication) as marts, put_in_place(path) as temporary:
        _write_book(temporary, marts, month, _records(settings, publication))
    runs.write(settings, run_id, "reports", {"file": str(path)})
    return path


def report_folder(settings: Settings, publication: Publication, month: Month) -> Path:
    """Where a publication's reports lie: the month's folder, or one of its own for a look at the past."""
    root = private_folder(settings.outbox / "reports")
    return private_folder(root / "replay" / publication.version if publication.is_replay else root / str(month))


def _records(settings: Settings, publication: Publication) -> list[tuple[str, str]]:
    with engine(settings).connect() as connection:
        entries, digest = head(connection)
    return [
        ("数据版本", publication.version),
        ("办理记录条数", str(entries)),
        ("最后一条记录的校验值", digest),
        (
            "表中没有的项目",
            "非农人口、三无人员、在职和灵活就业等就业分类：各部门交来的数据中没有这些项目，因此不统计；"
            "低保对象占比按户籍人口计算。应退已停、应保新纳入按核查属实且情形已消除的预警计。",
        ),
        (
            "核对办法",
            "在系统所在主机运行 python -m include journal --head 上面的校验值，可查出被改动、删去或截掉的第一条记录。",
        ),
        (
            "数字的明细",
            "在系统所在主机运行 python -m include drill 尊老金 在享人数 镇街=三星镇，"
            "可查出每个数字由哪些人、户、发放记录组成，出自哪些文件；表名、列名、取值照本表填写。",
        ),
    ]


def _write_book(path: Path, marts: duckdb.DuckDBPyConnection, month: Month, records: list[tuple[str, str]]) -> None:
    title = f"{month.year}年{month.number}月社会救助统计报表"
    made_on = made_on_day(month)
    book = open_book(path, title, datetime(made_on.year, made_on.month, made_on.day))  # noqa: DTZ001
    style = Style(book)
    about = data_dates(month, None)
    for sheet in SHEETS:
        found = _with_totals(sheet, lines(marts, sheet, month))
        names = labels(marts, sheet.mart)
        _write_table(book.add_worksheet(sheet.name), style, f"{sheet.name}　{title}", about, found, names)
    year = rows(marts, _YEAR, [month.year])
    names = labels(marts, "rpt_annual_work_report")
    _write_table(book.add_worksheet("年度指标"), style, f"{month.year}年度指标", about, year, names)
    differing = [{**row, "difference": row["one"] - row["other"]} for row in reconciliation.broken(marts, month)]
    reconciled = book.add_worksheet(RECONCILED)
    _write_table(reconciled, style, f"{RECONCILED}　{title}", about, differing, _RECONCILED, "各表数字相符，没有差异")
    _write_records(book.add_worksheet(RECORDS), style, f"{RECORDS}　{title}", about, records)
    book.close()


def _write_records(sheet: Worksheet, style: Style, title: str, about: str, records: list[tuple[str, str]]) -> None:
    widths = [24.0, 70.0]
    set_up_page(sheet, title, widths, _HEADER_ROW)
    write_title(sheet, style, title, about, 1)
    for row, cells in enumerate(records, start=_HEADER_ROW):
        sheet.set_row(row, row_height(list(cells), widths))
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, style.cell(bold=column == 0))


def lines(marts: duckdb.DuckDBPyConnection, sheet: Sheet, month: Month) -> list[dict[str, Any]]:
    """The lines of a sheet in a month, each by the columns of its mart, in their order and without a total."""
    return rows(marts, f"select * from reporting.{sheet.mart} where month = ? order by {sheet.order}", [month.first])


def labels(marts: duckdb.DuckDBPyConnection, mart: str) -> dict[str, str]:
    """The Chinese labels of a mart's columns, in their order; codes that only joins need are left out."""
    found = marts.execute(
        "select column_name, coalesce(comment, column_name) from duckdb_columns() "
        "where schema_name = 'reporting' and table_name = ? and database_name = current_database() "
        "order by column_index",
        [mart],
    ).fetchall()
    return {name: comment.split(" · ")[0] for name, comment in found if not name.endswith("_code")}


def _with_totals(sheet: Sheet, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, and behind each group of them that are alike in some columns one with the sums of what adds up."""
    told = []
    for alike, group in groupby(found, key=lambda row: {name: row[name] for name in sheet.total_of}):
        members = list(group)
        told += [*members, {**_total(members, sheet.without_total, sheet.total_of), **alike}]
    if found and sheet.only_in_groups:
        told.append(_total(found, (*sheet.without_total, *sheet.only_in_groups), ()))
    return told


def _total(found: list[dict[str, Any]], without: tuple[str, ...], total_of: tuple[str, ...]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for name in found[0]:
        values = [row[name] for row in found if isinstance(row[name], int | Decimal)]
        total[name] = sum(values) if values and name not in without else None
    told = (name for name, value in found[0].items() if not isinstance(value, date) and not name.endswith("_code"))
    return {**total, next(name for name in told if name not in total_of): TOTAL}


def _write_table(
    sheet: Worksheet,
    style: Style,
    title: str,
    about: str,
    found: list[dict[str, Any]],
    names: dict[str, str],
    when_empty: str = "本月没有数据",
) -> None:
    widths = [_width(label, [row.get(name) for row in found]) for name, label in names.items()]
    set_up_page(sheet, title, widths, _HEADER_ROW)
    write_title(sheet, style, title, about if found else f"{about}　{when_empty}", len(widths) - 1)
    sheet.set_row(_HEADER_ROW, row_height(list(names.values()), widths))
    for column, label in enumerate(names.values()):
        sheet.write_string(_HEADER_ROW, column, label, style.head())
    for number, row in enumerate(found, start=_HEADER_ROW + 1):
        look = {"bg_color": BAND if number % 2 else PAPER, "bold": TOTAL in row.values()}
        for column, name in enumerate(names):
            value = row.get(name)
            if isinstance(value, Decimal) and name not in _SHARES:
                sheet.write_number(number, column, float(value), style.cell(num_format="#,##0.00", **look))
            elif isinstance(value, int | Decimal) and name != "year":
                share = isinstance(value, Decimal)
                sheet.write_number(
                    number, column, float(value), style.cell(num_format="0.00%" if share else "#,##0", **look)
                )
            else:
                sheet.write_string(number, column, shown(value), style.cell(**look))


def _width(label: str, values: list[Any]) -> float:
    """In characters: a label may be broken into lines, a word below it only when it is a long one."""
    longest = max((len(shown(value)) for value in values if isinstance(value, str)), default=0)
    return max(9.0, min(13.0, 2.0 * len(label) + 2), min(24.0, 2.0 * longest + 2))


def shown(value: Any) -> str:
    """A value that is no number as the workbook says it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return _WORDS.get(str(value), str(value))
