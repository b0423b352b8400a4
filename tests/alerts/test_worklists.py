"""Who gets which list, what stands on it, and that it comes back as an answer."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from include import runs
from include.alerts import worklists
from include.alerts.answers import DATASET, actions, answer_columns
from include.alerts.list_sheet import ASK_THE_DISTRICT, NO_ALERTS
from include.contracts import load_contract
from include.settings import Settings
from include.warehouse.publish import publish
from tests.small_warehouse import IDENTITY_NUMBERS, NAMES, RUN_ID, VERSION, make_run, make_warehouse, settings_of


def _lists(home: Path, changes: str = "", is_replay: bool = False) -> tuple[Settings, Path]:
    settings = settings_of(home)
    make_warehouse(settings, VERSION, changes)
    make_run(settings, is_replay=is_replay)
    runs.write(settings, RUN_ID, "gate", {"verdict": "green"})
    publish(settings, RUN_ID)
    return settings, Path(worklists.write(settings, RUN_ID)["folder"])


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    """A list's rows by header."""
    values = list(sheet.iter_rows(values_only=True))
    return [dict(zip(values[2], row, strict=True)) for row in values[3:]]


def _text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _lists(tmp_path_factory.mktemp("lists"))[1]


def test_every_town_and_village_has_its_own_and_the_district_one(folder: Path) -> None:
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx")) == sorted(
        [
            "district.xlsx",
            "三星镇.xlsx",
            "正余镇.xlsx",
            "三星镇/叠石桥村.xlsx",
            "三星镇/汇南村.xlsx",
            "正余镇/新桥村.xlsx",
        ]
    )
    assert openpyxl.load_workbook(folder / "三星镇.xlsx").sheetnames == ["汇总", "叠石桥村", "汇南村", "规则说明"]


def test_a_line_says_who_what_why_and_until_when(folder: Path) -> None:
    row = _rows(openpyxl.load_workbook(folder / "三星镇.xlsx")["叠石桥村"])[0]
    assert row["预警编号"] == "E01-0123456789ABCDEF0123"
    assert (row["姓名"], row["身份证后四位"]) == (NAMES[0], "0410")
    assert row["家庭/户主"] == f"{NAMES[0]}\nHM-DB-000017"
    assert str(row["规则"]).startswith("死亡仍在享")
    assert "500" in str(row["事实依据"])
    assert (row["截止日期"], row["严重程度"], row["建议处置"]) == ("2021-10-14", "紧急", "单人户终止；多人户减员重算")
    assert [row[column.header] for column in answer_columns()] == [None] * 7


def test_a_village_sees_only_its_own(folder: Path) -> None:
    text = _text(folder / "三星镇" / "汇南村.xlsx")
    assert "C05-0123456789ABCDEF0125" in text
    for others in ("E01-", "E14-", NAMES[0], NAMES[1], "叠石桥村"):
        assert others not in text


def test_what_the_district_verifies_stands_on_its_list_alone(folder: Path) -> None:
    rows = _rows(openpyxl.load_workbook(folder / "district.xlsx")["区级核实"])
    assert [(row["预警编号"], row["镇街"], row["姓名"]) for row in rows] == [
        ("E14-0123456789ABCDEF0124", "三星镇", NAMES[1])
    ]
    town = _text(folder / "三星镇.xlsx")
    for hidden in ("E14-", "在押", "羁押", "限制人身自由", NAMES[1]):
        assert hidden not in town
    about_her_household = _rows(openpyxl.load_workbook(folder / "三星镇.xlsx")["叠石桥村"])[0]
    assert str(about_her_household["事实依据"]).endswith(ASK_THE_DISTRICT)
    assert ASK_THE_DISTRICT not in _text(folder / "三星镇" / "汇南村.xlsx")


def test_no_list_holds_a_whole_number_and_none_names_cleared_alerts(folder: Path) -> None:
    for path in folder.rglob("*.xlsx"):
        text = _text(path)
        assert not [number for number in IDENTITY_NUMBERS if number in text]
        assert "C05-0123456789ABCDEF0126" not in text


def test_a_town_without_alerts_gets_a_list_that_says_so(folder: Path) -> None:
    for path in (folder / "正余镇.xlsx", folder / "正余镇" / "新桥村.xlsx"):
        assert NO_ALERTS in _text(path)


def test_text_that_looks_like_a_formula_stays_text(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "三星镇.xlsx")["汇南村"]
    names = [cell for row in sheet.iter_rows() for cell in row if cell.value == NAMES[2]]
    assert [(cell.data_type, cell.number_format) for cell in names] == [("s", "@")]
    for path in folder.rglob("*.xlsx"):
        assert "<f>" not in _text(path).replace("<formula1>", "")


def test_answers_are_chosen_and_everything_else_is_locked(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "三星镇.xlsx")["叠石桥村"]
    headers = [cell.value for cell in sheet[3]]
    contract = load_contract(DATASET)
    answers = [column.header for name, column in contract.columns.items() if name != "alert_no"]
    assert headers[-len(answers) :] == answers
    assert sheet.protection.sheet
    for cell in sheet[4]:
        assert cell.protection.locked is (headers[cell.column - 1] not in answers)
    offered = {
        headers[next(iter(rule.sqref.ranges)).min_col - 1]: rule.formula1.strip('"').split(",")
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert offered == {"核查结论": list(contract.columns["finding"].values), "处置结果": list(actions("exit"))}
    kinds = {rule.type for rule in sheet.data_validations.dataValidation}
    assert kinds == {"list", "date", "whole", "decimal"}


@pytest.mark.parametrize("direction", ["exit", "cover", "payment", "quality"])
def test_a_drop_down_fits_into_what_excel_takes(direction: str) -> None:
    choices = actions(direction)
    assert len(",".join(choices)) <= 255
    assert not [choice for choice in choices if "," in choice]


def test_it_prints_on_a4_across_with_the_header_on_every_page(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "三星镇.xlsx")["叠石桥村"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3"
    assert "&P" in sheet.oddFooter.center.text
    assert str(sheet["A2"].value).startswith("数据截至 2021-10-31　最近收数 2021-11-05")


def test_the_same_publication_gives_the_same_bytes_and_replaces_the_folder(tmp_path: Path) -> None:
    settings, folder = _lists(tmp_path)
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.xlsx")}
    (folder / "stray.xlsx").write_bytes(b"left from before")
    assert worklists.write(settings, RUN_ID)["folder"] == str(folder)
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.xlsx")} == before
    assert [path.name for path in folder.parent.iterdir()] == ["202110"]


def test_a_replay_has_lists_of_its_own(tmp_path: Path) -> None:
    _, folder = _lists(tmp_path, is_replay=True)
    assert folder.parent.name == "replay"


def test_hostile_and_equal_region_names_stay_inside_the_folder(tmp_path: Path) -> None:
    _, folder = _lists(
        tmp_path,
        changes="""
        update wh.core.dim_region set name = '../../三:星/镇' where level = 'town' and name = '三星镇';
        update wh.core.dim_region set name = '很长的村名[旧]' || repeat('长', 40) where name in ('叠石桥村', '汇南村');
        """,
    )
    inside = [path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx")]
    assert len(inside) == 6
    assert "_.._三_星_镇.xlsx" in inside
    names = openpyxl.load_workbook(folder / "_.._三_星_镇.xlsx").sheetnames
    assert len(set(names)) == 4
    assert max(map(len, names)) <= 31


def test_a_household_stays_together_and_the_worst_comes_first(tmp_path: Path) -> None:
    _, folder = _lists(
        tmp_path,
        changes="""
        insert into wh.monitoring.fct_alert select * replace ('C05-0000000000000000000A' as alert_no,
            'H1' as household_key, 'P2' as person_key, date '2021-10-11' as due_on, 'medium' as severity,
            'C05' as rule_id) from wh.monitoring.fct_alert where rule_id = 'E01';
        insert into wh.monitoring.fct_alert select * replace ('C05-0000000000000000000B' as alert_no,
            null as household_key, 'P3' as person_key, date '2021-10-12' as due_on, 'high' as severity,
            'C05' as rule_id) from wh.monitoring.fct_alert where alert_no like 'E01%';
        """,
    )
    rows = _rows(openpyxl.load_workbook(folder / "三星镇" / "叠石桥村.xlsx")["叠石桥村"])
    assert [str(row["预警编号"])[-5:] for row in rows] == ["F0123", "0000A", "0000B"]
