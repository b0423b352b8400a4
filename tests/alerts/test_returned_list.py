"""A list that was filled in and comes back is a delivery of answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import openpyxl

from include import ingest, runs
from include.alerts import worklists
from include.alerts.answers import DATASET
from include.warehouse.publish import publish
from tests.small_warehouse import RUN_ID, make_run, make_warehouse, settings_of

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
    settings = settings_of(tmp_path)
    make_warehouse(settings)
    make_run(settings)
    runs.write(settings, RUN_ID, "gate", {"verdict": "green"})
    publish(settings, RUN_ID)
    book = openpyxl.load_workbook(Path(worklists.write(settings, RUN_ID)["folder"]) / "三星镇" / "叠石桥村.xlsx")
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
