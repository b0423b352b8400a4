"""A list that was filled in and comes back is a delivery of answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import openpyxl

from include import ingest
from include.alerts.answers import DATASET
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


def test_a_filled_list_is_taken_in_as_verification_results(tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    book = openpyxl.load_workbook(settings.outbox / "worklists" / "202110" / "三星镇" / "叠石桥村.xlsx")
    sheet = book["叠石桥村"]
    headers = {cell.value: cell.column for cell in sheet[3]}
    for header, value in ANSWER.items():
        sheet.cell(row=4, column=headers[header]).value = value
    folder = settings.inbox / "civil_affairs" / "verification_result"
    folder.mkdir(parents=True)
    book.save(folder / "verification_result_202110_三星镇叠石桥村.xlsx")
    (folder / "verification_result_202110_三星镇叠石桥村.xlsx.done").touch()

    (delivery,) = ingest.take_in(settings, "civil_affairs", "run-returned").deliveries

    assert (delivery["dataset"], delivery["status"], delivery["rows_accepted"]) == (DATASET, "accepted", 1)
    landed = settings.landing / DATASET / "period=202110" / f"delivery={delivery['delivery_id']}" / "data.parquet"
    answers = duckdb.sql(
        "select alert_no, finding, action, verified_on, verified_by, effective_month, amount_recovered, note "
        f"from '{landed}'"
    ).fetchall()
    assert [tuple(map(str, row)) for row in answers] == [
        ("E01-0123456789ABCDEF0123", "属实", "终止", "2021-11-03", "村民政协理员", "2021-11-01", "500.00", "家属已知情")
    ]
