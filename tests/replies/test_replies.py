"""The reply to a delivery: what was wrong, where, and what to send instead, without saying who it is about."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from include.contracts import load_contract
from include.departments import NAMES
from include.ingest.cures import FILE_CURES, ROW_CURES
from include.ingest.decisions import REFUSED, decide
from include.ingest.reasons import FILE_REASONS, ROW_REASONS
from include.pipeline import DEPARTMENTS
from include.replies import reply as replies
from include.replies import senders
from include.settings import Settings
from tests.ingest.conftest import PAYMENT_HEADER, SOUND_ID, District, payment, payments

PAYMENT = "civil_affairs.payment"
BAD_ID = "320625193804120411"


def written(settings: Settings, department: str = "civil_affairs") -> list[Path]:
    """Write what is missing; the replies that lie there."""
    senders.write_missing(settings, department)
    return sorted((settings.outbox / "replies" / department).glob("*.xlsx"))


def texts(path: Path) -> dict[str, list[list[str]]]:
    """Every sheet's rows as texts, without empty cells at the end."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def facts(path: Path) -> dict[str, str]:
    return {row[0]: row[1] for row in texts(path)["回执"] if row[0]}


def test_a_clean_delivery_needs_no_reply(district: District) -> None:
    district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1), payment(2)))
    assert written(district.settings) == []


def test_every_refused_cell_is_named_with_its_cure(district: District) -> None:
    rows = [payment(number) for number in range(40)]
    rows[3] = payment(3, 身份证号=BAD_ID, 金额="一百")
    rows[7] = payment(7, 身份证号="3.2062519380412E+17")
    entry = district.deliver(PAYMENT, "payment_202107.csv", payments(*rows))
    [path] = written(district.settings)
    assert path.name == f"payment_202107_{entry['delivery_id'][:8]}.xlsx"
    assert facts(path)["处理结果"] == "已接收"
    assert facts(path)["退回行数"] == "2"
    lines = [row[2:] for row in texts(path)["逐条问题"][3:]]
    assert [(row, column, why) for row, column, _, why, _ in lines] == [
        ("5", "身份证号", "身份证号校验码不符"),
        ("5", "金额", "金额无法识别"),
        ("9", "身份证号", "身份证号被存成数字，后几位已丢失"),
    ]
    assert "文本" in lines[2][4]


def test_no_whole_value_of_a_person_comes_back(district: District) -> None:
    account = "6228480402564890018"
    bad = {"身份证号": BAD_ID, "姓名": "欧阳奭奡", "开户名": "欧阳奭奡", "账号": account, "金额": "欧阳奭奡100"}
    district.deliver(PAYMENT, "payment_202107.csv", payments(*[payment(n, **bad) for n in range(3)]))
    [path] = written(district.settings)
    everything = " ".join(cell for rows in texts(path).values() for row in rows for cell in row)
    assert "整份暂扣" in everything
    for secret in (BAD_ID, BAD_ID[:-1], "欧阳奭奡", account, SOUND_ID):
        assert secret not in everything


def test_nothing_in_a_reply_can_become_a_formula(district: District) -> None:
    header = PAYMENT_HEADER + ",=1+1"
    rows = [payment(number) + ",x" for number in range(20)] + [payment(20, 金额="=cmd|' /c calc'!A1") + ",x"]
    district.deliver(PAYMENT, "payment_202107.csv", payments(*rows, header=header))
    [path] = written(district.settings)
    assert any("=1+1" in row for row in texts(path)["列与约定"])
    with ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 3
        assert not any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in sheets)


def test_a_refused_file_hears_which_column_it_lacks(district: District) -> None:
    lacking = [line.partition(",")[2] for line in (PAYMENT_HEADER, payment(1))]
    district.deliver(PAYMENT, "payment_202107.csv", "\n".join(lacking))
    [path] = written(district.settings)
    assert facts(path)["处理结果"] == "整份拒收"
    assert facts(path)["请这样做"] == FILE_CURES["missing_column"]
    assert any(row[0] == "缺少必需的列" and "发放流水号" in row[1] for row in texts(path)["列与约定"])


def test_whoever_heard_of_a_hold_hears_of_its_refusal(district: District) -> None:
    entry = district.deliver(PAYMENT, "payment_202107.csv", payments(*(payment(n, 金额="一百") for n in range(3))))
    [held] = written(district.settings)
    decide(district.settings, entry["delivery_id"], REFUSED, "district", "整列写成汉字")
    assert written(district.settings) == [held, refused := held.with_stem(f"{held.stem}_refused")]
    assert facts(held)["处理结果"] == "整份暂扣，待核"
    assert facts(refused)["处理结果"] == "整份拒收"
    assert facts(refused)["请这样做"] == FILE_CURES["refused_by_decision"]


def test_the_same_bytes_again_are_answered_once_each(district: District) -> None:
    content = payments(payment(1))
    district.deliver(PAYMENT, "payment_202107.csv", content)
    district.deliver(PAYMENT, "payment_202107.csv", content)
    [path] = written(district.settings)
    assert facts(path)["处理结果"].startswith("重复报送")


def test_a_file_of_nobodys_dataset_is_answered_by_who_took_it_in(district: District) -> None:
    district.put("water_works.meter", "meter_202107.csv", "a\n1\n")
    district.take("civil_affairs")
    senders.write_missing(district.settings, "civil_affairs")
    [path] = (district.settings.outbox / "replies" / "water_works").glob("*.xlsx")
    assert facts(path)["请这样做"] == FILE_CURES["unknown_dataset"]


def test_a_reply_is_written_once_and_lost_ones_come_back_the_same(district: District) -> None:
    rows = [payment(number) for number in range(12)] + [payment(12, 金额="一百")]
    district.deliver(PAYMENT, "payment_202107.csv", payments(*rows))
    [path] = written(district.settings)
    first = path.read_bytes()
    path.write_bytes(b"sent and signed")
    assert senders.write_missing(district.settings, "civil_affairs") == 0
    assert path.read_bytes() == b"sent and signed"
    path.unlink()
    assert senders.write_missing(district.settings, "civil_affairs") == 1
    assert path.read_bytes() == first


def test_a_long_reply_is_cut_and_says_how_much_more_there_is(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "MOST_LINES", 5)
    district.deliver(PAYMENT, "payment_202107.csv", payments(*[payment(n, 金额="一百") for n in range(9)]))
    [path] = written(district.settings)
    rows = texts(path)["逐条问题"]
    assert len(rows) == 3 + 5
    assert "另有 4 处" in rows[1][0]
    assert ["金额无法识别", "9"] in [row[:2] for row in texts(path)["回执"]]


def test_a_name_from_outside_stays_below_its_departments_folder(district: District) -> None:
    district.put("civil_affairs.payment", "payment_202107_a..:b?.csv", "nothing")
    district.take()
    [path] = written(district.settings)
    assert path.parent == district.settings.outbox / "replies" / "civil_affairs"
    assert not set('\\:*?"<>|') & set(path.name)


def test_every_reason_has_a_cure_and_every_department_a_name() -> None:
    assert set(ROW_CURES) == set(ROW_REASONS)
    assert set(FILE_CURES) == set(FILE_REASONS)
    assert set(NAMES) == set(DEPARTMENTS)


def test_a_column_about_a_person_is_never_shown_whole() -> None:
    columns = load_contract("civil_affairs.assistance_household").columns
    assert replies.is_personal(columns["head_name"])
    assert replies.is_personal(columns["phone"])
    assert replies.is_personal(columns["annual_income"])
    assert not replies.is_personal(columns["member_count"])
