"""Every kind of file that departments send: read, refused by name, or split into good rows and bad ones."""

from __future__ import annotations

import codecs
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.ingest.conftest import PAYMENT_HEADER, SOUND_ID, District, payment, payments

PAYMENT = "civil_affairs.payment"
FILE = "payment_202107.csv"
ELDER_HEADER = ["序号", "姓名", "身份证号", "出生日期", "镇街", "村居", "月发放标准", "起始年月", "状态"]


def elder(number: int = 1, **cells: object) -> list[object]:
    row = dict(
        zip(
            ELDER_HEADER,
            [number, "王五", SOUND_ID, date(1938, 4, 12), "三星镇", "叠石桥村", 50, "202101", "在享"],
            strict=True,
        )
    )
    return list((row | cells).values())


def workbook(path: Path, sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    target = path / "book.xlsx"
    book.save(target)
    return target.read_bytes()


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode("utf-8"), "utf-8"),
        (lambda text: codecs.BOM_UTF8 + text.encode("utf-8"), "utf-8-sig"),
        (lambda text: text.encode("gbk"), "gb18030"),
        (lambda text: text.replace("张三", "张𠮷").encode("gb18030"), "gb18030"),
        (lambda text: text.encode("utf-16"), "utf-16"),
        (lambda text: text.replace("\n", "\r\n").encode("gb18030"), "gb18030"),
        (lambda text: text.replace("\n", "\r").encode("utf-8"), "utf-8"),
        (lambda text: text.replace(",", "\t").encode("utf-8"), "utf-8"),
        (lambda text: text.replace(",", ";").encode("gb18030"), "gb18030"),
        (lambda text: text.rstrip("\n").encode("utf-8"), "utf-8"),
        (lambda text: (text + "\n\n  \n").encode("utf-8"), "utf-8"),
    ],
)
def test_csv_in_every_encoding_and_dialect(district: District, encode: object, encoding: str) -> None:
    entry = district.deliver(PAYMENT, FILE, encode(payments(payment(1), payment(2, 金额="7.5"))))  # type: ignore[operator]
    assert (entry["status"], entry["encoding"], entry["rows_accepted"]) == ("accepted", encoding, 2)
    assert [row["amount"] for row in district.rows(entry)] == [Decimal("100.00"), Decimal("7.50")]
    assert [row["row_number"] for row in district.rows(entry)] == [2, 3]


def test_a_damaged_line_is_one_bad_row(district: District) -> None:
    lines = payments(*(payment(number) for number in range(40))).encode("gb18030").split(b"\n")
    lines[5] = lines[5].replace("张三".encode("gb18030"), b"\xd5\xff\xff", 1)
    lines[9] = lines[9].replace("张三".encode("gb18030"), "锟斤拷".encode("gb18030"), 1)
    entry = district.deliver(PAYMENT, FILE, b"\n".join(lines))
    assert (entry["status"], entry["rows_read"], entry["rows_accepted"]) == ("accepted", 40, 38)
    assert district.reasons(entry) == [(6, {("name", "mojibake")}), (10, {("name", "mojibake")})]


def test_a_damaged_line_of_utf8_spoils_no_other(district: District) -> None:
    lines = payments(*(payment(number) for number in range(20))).encode().split(b"\n")
    lines[5] = lines[5].replace("张三".encode(), b"\xe5\xbc", 1)
    entry = district.deliver(PAYMENT, FILE, b"\n".join(lines))
    assert (entry["encoding"], entry["rows_accepted"], entry["rows_quarantined"]) == ("utf-8", 19, 1)


def test_more_than_a_tenth_of_bad_rows_holds_the_delivery(district: District) -> None:
    rows = [payment(number, 姓名="锟斤拷" if number < 3 else "张三") for number in range(29)]
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    assert (entry["status"], entry["rows_quarantined"]) == ("held", 3)
    assert entry["reason"]["code"] == "too_many_bad_rows"
    rows = [payment(number, 姓名="锟斤拷" if number < 3 else "李四") for number in range(30)]
    assert district.deliver(PAYMENT, FILE, payments(*rows))["status"] == "accepted"


@pytest.mark.parametrize(
    ("bad", "rows", "status"), [(1, 5, "accepted"), (2, 5, "accepted"), (1, 1, "held"), (2, 2, "held")]
)
def test_a_short_list_is_held_only_when_no_row_of_it_is_good(
    district: District, bad: int, rows: int, status: str
) -> None:
    lines = [payment(number, 姓名="锟斤拷" if number < bad else "张三") for number in range(rows)]
    assert district.deliver(PAYMENT, FILE, payments(*lines))["status"] == status


def test_two_bad_rows_of_a_small_file_hold_nothing(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1), payment(2, 金额="多"), payment(3, 身份证号="1")))
    assert (entry["status"], entry["rows_accepted"], entry["rows_quarantined"]) == ("accepted", 1, 2)


def test_quoted_line_breaks_commas_and_quotes_are_one_field(district: District) -> None:
    text = payments(payment(1, 发放批次='"一,批\n第""二""行"'), payment(2), payment(3))
    entry = district.deliver(PAYMENT, FILE, text)
    assert entry["rows_accepted"] == 3
    assert district.rows(entry)[0]["batch_no"] == '一,批第"二"行'


def test_ragged_rows_are_bad_rows_not_bad_files(district: District) -> None:
    text = payments(payment(1), payment(2) + ",too,much", "P3,B1,低保金", payment(4), payment(5) + ",")
    entry = district.deliver(PAYMENT, FILE, text)
    assert (entry["rows_read"], entry["rows_accepted"]) == (5, 3)
    reasons = dict(district.reasons(entry))
    assert (None, "too_many_fields") in reasons[3]
    assert (None, "too_few_fields") in reasons[4]
    assert [row["payment_no"] for row in district.rows(entry)] == ["P1", "P4", "P5"]


def test_a_quote_that_is_never_closed_swallows_nobody(district: District) -> None:
    text = payments(payment(1), payment(2, 姓名='"张三'), *(payment(number) for number in range(3, 30)))
    entry = district.deliver(PAYMENT, FILE, text)
    assert (entry["rows_read"], entry["rows_accepted"]) == (29, 28)
    ((line, reasons),) = district.reasons(entry)
    assert (line, (None, "unclosed_quote") in reasons) == (3, True)


def test_two_stray_quotes_merge_no_rows_between_them(district: District) -> None:
    rows = [payment(number, 姓名='"张三' if number in (2, 9) else "张三") for number in range(1, 30)]
    rows[8] = payment(9, 姓名='张三"')
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    assert entry["rows_read"] == 29
    assert entry["rows_accepted"] >= 27


def test_a_null_byte_spoils_its_own_row_only(district: District) -> None:
    text = payments(payment(1), payment(2, 姓名="张\0三"), payment(3))
    entry = district.deliver(PAYMENT, FILE, text)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1)


def test_titles_totals_signatures_and_empty_rows_are_not_read(district: District) -> None:
    width = PAYMENT_HEADER.count(",")
    text = "\n".join(
        [
            "海门区发放明细" + "," * width, "单位：元" + "," * width, PAYMENT_HEADER, payment(1), "," * width,
            PAYMENT_HEADER, payment(2), "小 计,,,,,,,,,200.00,,,,", "合计：" + "," * 8 + ",200.00,,,,",
            "填表人：某某,,,审核人：某某,,,,日期：2021-07-31" + "," * (width - 7),
        ]
    )  # fmt: skip
    entry = district.deliver(PAYMENT, FILE, text)
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 2, 0)
    assert [row["row_number"] for row in district.rows(entry)] == [4, 7]


def test_a_real_row_is_no_foot_whatever_words_it_holds(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1, 发放批次="合计"), payment(2, 姓名="合计")))
    assert (entry["rows_read"], entry["rows_accepted"]) == (2, 2)


def test_columns_in_another_order_with_units_and_extra_ones(district: District) -> None:
    names = PAYMENT_HEADER.split(",")
    order = [*reversed(range(len(names)))]
    header = ",".join(
        names[index].replace("金额", "金 额（元）").replace("身份证号", "公民身份号码") for index in order
    )
    row = ",".join(payment(1).split(",")[index] for index in order)
    entry = district.deliver(PAYMENT, FILE, f"{header},备注,序号\n{row},x,1\n")
    assert (entry["status"], entry["rows_accepted"], entry["drift"]) == ("accepted", 1, ["备注", "序号"])


@pytest.mark.parametrize(
    ("header", "code", "word"),
    [
        (PAYMENT_HEADER.replace("金额", "数目"), "missing_column", "金额"),
        (PAYMENT_HEADER.replace("开户名", "金额（元）"), "duplicate_column", "金额"),
        (PAYMENT_HEADER.replace("开户名", "身份证号"), "duplicate_column", "身份证号"),
        ("甲,乙,丙", "no_header", ""),
    ],
)
def test_a_header_that_does_not_fit_refuses_the_file_and_names_the_column(
    district: District, header: str, code: str, word: str
) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1), header=header))
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", code)
    assert word in entry["reason"]["text"]
    kept = district.settings.quarantine / f"delivery={entry['delivery_id']}" / FILE
    assert "P1" in kept.read_text(encoding="utf-8")
    assert not list((district.settings.landing / PAYMENT).glob("period=202107"))


def test_a_header_without_rows_is_an_empty_delivery(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, PAYMENT_HEADER + "\n")
    assert (entry["status"], entry["rows_read"]) == ("accepted", 0)
    assert district.rows(entry) == []


def test_what_may_not_be_empty_is_refused_empty(district: District) -> None:
    header = "公民身份号码,姓名,出生日期,户籍状态\n"
    entry = district.deliver("public_security.population", "population_202107.csv", header)
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", "no_rows")
    assert district.deliver(PAYMENT, FILE, b"")["reason"]["code"] == "empty_file"


def test_workbook_with_a_sheet_per_town_titles_totals_and_hidden_sheets(district: District, tmp_path: Path) -> None:
    def sheet(town: str, village: str, one: str, other: str) -> list[list[object]]:
        return [
            ["海门区尊老金发放名册"], ["填报单位：" + town], ELDER_HEADER,
            elder(1, 镇街=town, 村居=village, 身份证号=one), [], elder(2, 镇街=town, 村居=village, 身份证号=other),
            ["合计", None, None, None, None, None, 100], ["填表人：", "某某", None, "日期：", "2021-07-31"],
        ]  # fmt: skip

    content = workbook(
        tmp_path,
        {
            "三星镇": sheet("三星镇", "叠石桥村", SOUND_ID, "11010519491231002X"),
            "说明": [["本表一式两份"]],
            "海门街道": sheet("海门街道", "光华社区", "32068420000229012X", "320614202103050184"),
            "旧": sheet("三星镇", "叠石桥村", SOUND_ID, "11010519491231002X"),
            "空": [],
        },
        hidden=("旧",),
    )
    entry = district.deliver("civil_affairs.elder_allowance", "elder_allowance_202107.xlsx", content)
    assert (entry["status"], entry["rows_read"], entry["rows_accepted"]) == ("accepted", 4, 4)
    places = [(row["sheet"], row["row_number"], row["town"]) for row in district.rows(entry)]
    assert places == [
        ("三星镇", 4, "320614416000"), ("三星镇", 6, "320614416000"),
        ("海门街道", 4, "320614001000"), ("海门街道", 6, "320614001000"),
    ]  # fmt: skip
    assert [note.rpartition(": ")[2] for note in entry["notes"]] == ["说明", "旧"]


def test_same_person_on_two_sheets_with_other_facts_is_replaced_by_the_later(
    district: District, tmp_path: Path
) -> None:
    content = workbook(tmp_path, {"一": [ELDER_HEADER, elder(1)], "二": [ELDER_HEADER, elder(1, 月发放标准=100)]})
    entry = district.deliver("civil_affairs.elder_allowance", "elder_allowance_202107.xlsx", content)
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1, 1)
    assert district.rows(entry)[0]["monthly_amount"] == 100
    assert district.rows(entry, "quarantined")[0]["reasons"][0]["reason"] == "replaced_in_file"


def test_two_level_merged_header(district: District, tmp_path: Path) -> None:
    path = tmp_path / "child.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("名册")
    sheet.merge_range(0, 0, 0, 9, "困境儿童名册")
    sheet.merge_range(1, 0, 2, 0, "儿童类别")
    sheet.merge_range(1, 1, 1, 2, "儿童")
    sheet.merge_range(1, 3, 1, 4, "监护人")
    sheet.write_row(2, 1, ["姓名", "身份证号", "姓名", "身份证号"])
    for position, header in enumerate(["镇街", "村居", "月保障金额（元）", "起始年月", "状态"], 5):
        sheet.merge_range(1, position, 2, position, header)
    sheet.write_row(
        3, 0, ["孤儿", "小明", "320614202103050184", "张三", SOUND_ID, "三星", "光明", 1855, "2021年3月", "正常"]
    )
    book.close()
    entry = district.deliver("civil_affairs.child_welfare", "child_welfare_202107.xlsx", path.read_bytes())
    assert (entry["status"], entry["rows_accepted"], entry["drift"]) == ("accepted", 1, [])
    (row,) = district.rows(entry)
    assert (row["name"], row["guardian_name"], row["guardian_id_no"]) == ("小明", "张三", SOUND_ID)
    assert (row["village"], row["start_month"], row["row_number"]) == ("320614416202", date(2021, 3, 1), 4)


def test_spreadsheet_cells_are_read_as_what_they_are(district: District, tmp_path: Path) -> None:
    rows = [
        ELDER_HEADER,
        elder(1, 出生日期=date(1938, 4, 12), 月发放标准=62.5, 起始年月=datetime(2021, 1, 1)),
        elder(2, 身份证号=320625193804120410),
        elder(3, 身份证号="'11010519491231002x", 姓名="=cmd()"),
    ]
    entry = district.deliver(
        "civil_affairs.elder_allowance", "elder_allowance_202107.xlsx", workbook(tmp_path, {"表": rows})
    )
    first = district.rows(entry)[0]
    assert (first["birth_date"], first["monthly_amount"]) == (date(1938, 4, 12), Decimal("62.50"))
    assert first["start_month"] == date(2021, 1, 1)
    assert (3, {("id_no", "lost_precision")}) in district.reasons(entry)


def zipped(members: dict[str, bytes], **options: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_every_member_of_an_archive_is_read(district: District) -> None:
    content = zipped({"一.csv": payments(payment(1)).encode("gb18030"), "夹/二.csv": payments(payment(2)).encode()})
    entry = district.deliver(PAYMENT, "payment_202107.zip", content)
    assert (entry["rows_accepted"], entry["encoding"]) == (2, "gb18030+utf-8")
    assert {row["member"] for row in district.rows(entry)} == {"一.csv", "夹/二.csv"}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({f"{number}.csv": b"x" for number in range(201)}, "too_large"),
        ({"a.csv": b"0" * (8 << 20)}, "too_large"),
        ({"../a.csv": b"x"}, "unsafe_archive"),
        ({"/etc/a.csv": b"x"}, "unsafe_archive"),
        ({"a.zip": b"x", "b.csv": b"x"}, "unsafe_archive"),
        ({"readme.md": b"x"}, "no_members"),
    ],
)
def test_an_archive_beyond_the_limits_is_refused(district: District, members: dict[str, bytes], code: str) -> None:
    assert district.deliver(PAYMENT, "payment_202107.zip", zipped(members))["reason"]["code"] == code


def doctyped(content: bytes, part: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                data = data.replace(
                    b"<workbook", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><workbook', 1
                )
            target.writestr(name, data)
    return buffer.getvalue()


def test_foreign_and_broken_workbooks_are_refused_by_their_reason(district: District, tmp_path: Path) -> None:
    good = workbook(tmp_path, {"表": [ELDER_HEADER, elder()]})
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    cases = {
        "xlsx": [
            (good[: len(good) // 2], "broken_workbook"),
            (b"name,id\n1,2\n", "wrong_extension"),
            (ole + "EncryptedPackage".encode("utf-16-le"), "protected_workbook"),
            (doctyped(good, "xl/workbook.xml"), "external_entity"),
        ],
        "xlsm": [(good, "macro_workbook")],
        "xls": [(ole, "broken_workbook")],
        "pdf": [(b"%PDF-1.7", "unknown_format")],
        "csv": [(b"<html><table></table></html>", "wrong_extension"), (good, "wrong_extension")],
    }
    for extension, contents in cases.items():
        for content, code in contents:
            entry = district.deliver("civil_affairs.elder_allowance", f"elder_allowance_202107.{extension}", content)
            assert (entry["status"], entry["reason"]["code"]) == ("quarantined", code), (extension, code)
            assert entry["rows_read"] == 0


def test_rows_carry_their_raw_text_where_reading_changed_it(district: District) -> None:
    text = payments(payment(1, 姓名="張三（户主）", 镇街="三星镇人民政府", 金额='"￥1,234.5"', 所属年月="2021年7月"))
    (row,) = district.rows(district.deliver(PAYMENT, FILE, text))
    assert (row["name"], row["name_folded"], row["town"]) == ("張三", "张三", "320614416000")
    assert row["raw"]["name"] == "張三（户主）"
    assert row["raw"]["amount"] == "￥1,234.5"
    assert row["raw"]["id_no"] is None
    assert row["raw"]["benefit_month"] == "2021年7月"


def test_a_damaged_name_becomes_a_pattern(district: District) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1, 姓名="王?"), payment(2, 姓名="王\ue000"), payment(3)))
    assert [row["name_pattern"] for row in district.rows(entry)] == ["王_", "王_", None]


def test_text_stays_text(district: District) -> None:
    words = [
        "=1+1",
        "+1",
        "-1+1",
        "@x",
        "'; drop table judged; --",
        "<b>x</b>",
        "../../etc/passwd",
        "{{ x }}",
        "$inner_block",
    ]
    rows = [payment(number, 发放批次=word) for number, word in enumerate(words)]
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    assert entry["rows_accepted"] == len(words)


def test_equal_rows_are_duplicates_and_later_ones_replace_earlier_ones(district: District) -> None:
    text = payments(payment(1), payment(2), payment(1), payment(2, 金额="5"), payment(3), payment(2, 金额="5.00"))
    entry = district.deliver(PAYMENT, FILE, text)
    assert (entry["rows_read"], entry["rows_accepted"]) == (6, 3)
    assert (entry["rows_duplicate"], entry["rows_quarantined"]) == (2, 1)
    assert district.reasons(entry) == [(3, {(None, "replaced_in_file")})]
    assert {row["payment_no"]: row["row_number"] for row in district.rows(entry)} == {"P1": 4, "P3": 6, "P2": 7}


def test_every_row_reason_at_once(district: District) -> None:
    row = payment(1, 发放项目="不知", 身份证号="", 镇街="无此镇", 所属年月="某月", 金额="很多", 发放批次="")
    entry = district.deliver(PAYMENT, FILE, payments(row))
    ((_, reasons),) = district.reasons(entry)
    assert reasons == {
        ("programme", "bad_enum"), ("id_no", "missing_required"), ("town", "unresolved_region"),
        ("benefit_month", "bad_month"), ("amount", "bad_money"), ("batch_no", "missing_required"),
    }  # fmt: skip


def test_a_wrong_number_that_nobody_requires_leaves_the_row(district: District) -> None:
    text = "火化编号,姓名,证件号码,死亡日期\nC1,张三,320625********0410,2021-07-01\nC2,李四,,2021-07-02\n"
    entry = district.deliver("civil_affairs.cremation", "cremation_202107_1.csv", text)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 0)
    first = district.rows(entry)[0]
    assert (first["id_no"], first["id_no_key"], first["id_no_status"]) == (None, None, None)
    assert first["raw"]["id_no"] == "320625********0410"


def test_the_foot_of_a_printed_list_is_no_row(district: District) -> None:
    feet = (
        ["填表人", "某某", "", "", "审核人", "某某"], ["填表人 某某"], ["合计：1人100元"], ["合计1人"],
        ["填表人某某"], ["经办人签字：", "某某"], ["制单：某某"], ["报送时间：2021-07-31"], ["合计金额", "", "100"],
        ["合计人数：1"], ["第1页 共2页"], ["共 1 人"], ["（单位盖章）"], ["2021年7月31日"],
    )  # fmt: skip
    lines = [",".join(foot + [""] * (14 - len(foot))) for foot in feet]
    entry = district.deliver(PAYMENT, FILE, payments(payment(1), *lines))
    assert (entry["rows_read"], entry["rows_accepted"]) == (1, 1)


def test_a_row_that_is_merely_short_is_counted(district: District) -> None:
    rows = [payment(number) for number in range(40)]
    entry = district.deliver(PAYMENT, FILE, payments(*rows, "某某" + "," * 13, "P99,2021年7月" + "," * 12))
    assert (entry["rows_read"], entry["rows_quarantined"]) == (42, 2)


def test_headers_as_clerks_decorate_them(district: District) -> None:
    header = PAYMENT_HEADER.replace("发放流水号", "1.发放流水号").replace("姓名", "2、姓名：").replace(
        "金额", "金额（单位：元（人民币））"
    )  # fmt: skip
    assert district.deliver(PAYMENT, FILE, payments(payment(1), header=header))["rows_accepted"] == 1
    for number, amount in enumerate(("金额:元", "金额〔元/人〕", '"金额,元"', "金额/元/月")):
        header = PAYMENT_HEADER.replace("金额", amount)
        entry = district.deliver(PAYMENT, f"payment_202106_{number}.csv", payments(payment(1), header=header))
        assert entry["rows_accepted"] == 1, amount


def test_members_that_are_no_tables_are_named_and_old_workbooks_are_not_passed_over(district: District) -> None:
    def archive(members: dict[str, bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            for name, content in members.items():
                target.writestr(name, content)
        return stream.getvalue()

    table = payments(payment(1)).encode()
    notes = {"说明.txt": "请查收".encode(), "扫描件.pdf": b"%PDF-1.4"}
    entry = district.deliver(PAYMENT, "payment_202107_1.zip", archive({"a.csv": table, **notes}))
    assert (entry["status"], entry["rows_accepted"]) == ("accepted", 1)
    assert sorted(note.rpartition(": ")[2] for note in entry["notes"]) == sorted(notes)
    entry = district.deliver(PAYMENT, "payment_202107_2.zip", archive({"a.txt": table}))
    assert entry["rows_accepted"] == 1
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    entry = district.deliver(PAYMENT, "payment_202107_3.zip", archive({"a.csv": table, "b.xls": old}))
    assert entry["status"] == "quarantined"


def test_a_workbook_that_counts_its_days_from_1904(district: District) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(ELDER_HEADER)
    book.active.append(elder(1, 出生日期=datetime(1938, 4, 12), 起始年月=datetime(2018, 5, 1)))
    stream = io.BytesIO()
    book.save(stream)
    (row,) = district.rows(
        district.deliver("civil_affairs.elder_allowance", "elder_allowance_202107.xlsx", stream.getvalue())
    )
    assert (row["birth_date"], row["start_month"]) == (date(1938, 4, 12), date(2018, 5, 1))


def test_whole_numbers_with_the_zero_of_a_data_frame(district: District) -> None:
    cells = {"家庭编号": "123.0", "镇街": "320614416000.0", "账号": "6228480400000001.0"}
    (row,) = district.rows(district.deliver(PAYMENT, FILE, payments(payment(1, **cells))))
    assert (row["household_no"], row["account_no"], row["town"]) == ("123", "6228480400000001", "320614416000")
