"""What a late or corrected delivery changed of published months is laid before the district."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from include import runs
from include.alerts import change_lists
from include.settings import Settings
from include.warehouse.publish import publish
from tests.small_warehouse import IDENTITY_NUMBERS, NAMES, make_run, make_warehouse, settings_of

DIED = "E01-0123456789ABCDEF0123"
CORRECTION = f"""
delete from wh.monitoring.fct_alert where alert_no = '{DIED}';
delete from wh.monitoring.fct_alert_event where alert_no = '{DIED}';
delete from wh.restricted.alert_evidence where alert_no = '{DIED}';
update wh.monitoring.fct_alert set severity = 'high' where rule_id = 'E14';
update wh.core.fct_enrolment_month set paid_amount = 450 where person_key = 'P3' and month = date '2021-09-01';
delete from wh.core.fct_enrolment_month where person_key = 'P4' and month = date '2021-09-01';
update wh.core.fct_household_means_month set assessed_tier = 'dibao_edge' where month = date '2021-10-01';
delete from wh.core.fct_payment where payment_no = 'N49';
insert into wh.quality.fct_delivery select * replace ('later' as delivery_id,
    timestamp '2021-11-09 02:00:00' as received_at) from wh.quality.fct_delivery;
"""


def _publish(settings: Settings, number: int, changes: str = "", is_replay: bool = False) -> dict[str, Any]:
    run_id, version = f"run-{number:02d}", f"202110_2021110{number}T080000Z_00000{number}"
    make_warehouse(settings, version, changes)
    make_run(settings, run_id, version, is_replay=is_replay)
    runs.write(settings, run_id, "checks_gx", [])
    runs.write(settings, run_id, "gate", {"verdict": "green"})
    publish(settings, run_id)
    return change_lists.write(settings, run_id)


def _rows(file: str, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(file)[sheet].iter_rows(min_row=3, values_only=True))


def test_every_change_of_a_published_month_is_listed_with_whom_it_concerns(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert _publish(settings, 1)["file"] is None
    record = _publish(settings, 2, CORRECTION)
    assert record["counts"] == {"名册": 2, "家庭经济状况": 1, "发放": 1, "预警": 2}
    file = settings.outbox / "changes" / f"202110_{record['version']}.xlsx"
    assert record["file"] == str(file)
    enrolment = [dict(zip(_rows(str(file), "名册")[0], row, strict=True)) for row in _rows(str(file), "名册")[1:]]
    assert [(row["月份"], row["姓名"], row["变动"], row["内容"], row["原值"], row["现值"]) for row in enrolment] == [
        ("2021-09", NAMES[2], "变更", "实发金额", "500.00", "450.00"),
        ("2021-09", NAMES[3], "消失", "", "", ""),
    ]
    assert enrolment[0]["可能来自"] == "救助和补贴资金发放明细 2021-10 （更正）"
    assert enrolment[0]["身份证后四位"] == IDENTITY_NUMBERS[2][-4:]
    alerts = [dict(zip(_rows(str(file), "预警")[0], row, strict=True)) for row in _rows(str(file), "预警")[1:]]
    assert {(row["编号"], row["变动"], row["原值"], row["现值"]) for row in alerts} == {
        (DIED, "撤回", "", ""),
        ("E14-0123456789ABCDEF0124", "变更", "紧急", "高"),
    }


def test_the_first_sheet_counts_by_month_and_names_what_came_late(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    rows = _rows(_publish(settings, 2, CORRECTION)["file"], "汇总")
    assert [row[:6] for row in rows[1:4]] == [
        ("2021-09", 2, 0, 1, 0, 3),
        ("2021-10", 0, 1, 0, 2, 3),
        ("合计", 2, 1, 1, 2, 6),
    ]
    assert ("救助和补贴资金发放明细", "2021-10", "全区", "2021-11-09", 8, "更正") in [row[:6] for row in rows]


def test_nothing_changed_gives_no_file(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    record = _publish(settings, 2)
    assert (record["follows"], record["file"]) == ("202110_20211101T080000Z_000001", None)
    assert sum(record["counts"].values()) == 0
    assert not (settings.outbox / "changes").exists()


def test_a_replay_is_compared_with_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    assert _publish(settings, 2, CORRECTION, is_replay=True)["follows"] is None


def test_the_same_publication_gives_the_same_bytes_and_no_formula_or_whole_number(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    hostile = "update wh.core.fct_enrolment_month set status = '=1+1' where person_key = 'P3'"
    file = Path(_publish(settings, 2, hostile)["file"])
    before = file.read_bytes()
    change_lists.write(settings, "run-02")
    assert file.read_bytes() == before
    with zipfile.ZipFile(file) as archive:
        text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert "<f>" not in text
    assert not [number for number in IDENTITY_NUMBERS if number in text]
