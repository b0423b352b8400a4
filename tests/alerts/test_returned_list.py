"""A list that was filled in and comes back is a delivery of answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from include import ingest
from include.alerts.answers import DATASET
from include.settings import Settings
from tests.small_warehouse import make_publication

ANSWER = {
    "核查结论": "属实",
    "处置结果": "终止",
    "核查日期": date(2021, 11, 3),
    "核查人": "村民政协理员",
    "执行年月": 202111,
    "追缴金额": 500,
    "备注": "家属已知情",
}


def answer(sheet: Worksheet) -> None:
    """Fill in the first line."""
    headers = {cell.value: cell.column for cell in sheet[3]}
    for header, value in ANSWER.items():
        sheet.cell(row=4, column=headers[header]).value = value


def send_back(settings: Settings, book: openpyxl.Workbook, part: str) -> dict[str, Any]:
    folder = settings.inbox / "civil_affairs" / "verification_result"
    folder.mkdir(parents=True)
    book.save(folder / f"verification_result_202110_{part}.xlsx")
    (folder / f"verification_result_202110_{part}.xlsx.done").touch()
    (delivery,) = ingest.take_in(settings, "civil_affairs", "run-returned").deliveries
    return delivery


def test_a_list_that_is_answered_in_part_is_taken_as_far_as_it_is(tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    book = openpyxl.load_workbook(settings.outbox / "worklists" / "202110" / "三星镇.xlsx")
    answer(book["叠石桥村"])
    assert book["汇南村"].max_row > 3
    delivery = send_back(settings, book, "三星镇")
    assert (delivery["status"], delivery["rows_read"], delivery["rows_accepted"]) == ("accepted", 1, 1)


def test_a_filled_list_is_taken_in_as_verification_results(tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    book = openpyxl.load_workbook(settings.outbox / "worklists" / "202110" / "三星镇" / "叠石桥村.xlsx")
    answer(book["叠石桥村"])
    delivery = send_back(settings, book, "三星镇叠石桥村")
    assert (delivery["dataset"], delivery["status"], delivery["rows_accepted"]) == (DATASET, "accepted", 1)
    landed = settings.landing / DATASET / "period=202110" / f"delivery={delivery['delivery_id']}" / "data.parquet"
    answers = duckdb.sql(
        "select alert_no, finding, action, verified_on, verified_by, effective_month, amount_recovered, note "
        f"from '{landed}'"
    ).fetchall()
    assert [tuple(map(str, row)) for row in answers] == [
        ("E01-0123456789ABCDEF0123", "属实", "终止", "2021-11-03", "村民政协理员", "2021-11-01", "500.00", "家属已知情")
    ]
