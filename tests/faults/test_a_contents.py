"""Faults A13, A15–A22: what may be inside a file, each tried on a real file of its kind."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from tests.faults.workbooks import ELDERS, HEADER, OTHER_ID, elder, xls, xlsx
from tests.ingest.conftest import PAYMENT_HEADER, SOUND_ID, District, payment, payments

PAYMENT = "civil_affairs.payment"
FILE = "payment_202107.csv"
FIXTURES = Path(__file__).parents[1] / "ingest" / "fixtures"


def test_a13_an_old_workbook_is_read_with_titles_feet_towns_and_hidden_sheets(district: District) -> None:
    def sheet(town: str, village: str, one: str, other: str) -> list[list[object]]:
        return [
            ["海门区尊老金发放名册"], ["填报单位：" + town, None, None, None, "单位：元"], list(HEADER),
            elder(1, 镇街=town, 村居=village, 身份证号=one), [], elder(2, 镇街=town, 村居=village, 身份证号=other),
            ["合计", None, None, None, None, None, 100], ["填表人：", "某某", None, "日期：", "2021-07-31"],
        ]  # fmt: skip

    content = xls(
        {
            "三星镇": sheet("三星镇", "叠石桥村", SOUND_ID, OTHER_ID),
            "说明": [["本表一式两份"]],
            "海门街道": sheet("海门街道", "光华社区", "32068420000229012X", "320614202103050184"),
            "旧": sheet("三星镇", "叠石桥村", SOUND_ID, OTHER_ID),
            "选项": [["三星镇"]],
            "空": [],
        },
        visibility={"旧": 1, "选项": 2},
    )
    entry = district.deliver(ELDERS, "elder_allowance_202107.xls", content)
    assert (entry["status"], entry["format"], entry["rows_read"], entry["rows_accepted"]) == ("accepted", "xls", 4, 4)
    rows = district.rows(entry)
    assert [(row["sheet"], row["row_number"]) for row in rows] == [
        ("三星镇", 4), ("三星镇", 6), ("海门街道", 4), ("海门街道", 6),
    ]  # fmt: skip
    assert (rows[0]["birth_date"], rows[0]["monthly_amount"]) == (date(1938, 4, 12), Decimal("50.00"))
    assert [note.rpartition(": ")[2] for note in entry["notes"]] == ["说明", "旧", "选项"]


def test_a13_an_old_workbook_has_a_merged_header_of_two_levels(district: District) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    sheet.write_merge(0, 0, 0, 9, "困境儿童名册")
    sheet.write_merge(1, 2, 0, 0, "儿童类别")
    sheet.write_merge(1, 1, 1, 2, "儿童")
    sheet.write_merge(1, 1, 3, 4, "监护人")
    for column, header in enumerate(["姓名", "身份证号", "姓名", "身份证号"], 1):
        sheet.write(2, column, header)
    for column, header in enumerate(["镇街", "村居", "月保障金额（元）", "起始年月", "状态"], 5):
        sheet.write_merge(1, 2, column, column, header)
    cells = ["孤儿", "小明", "320614202103050184", "张三", SOUND_ID, "三星", "光明", 1855, datetime(2021, 3, 1), "正常"]
    month = xlwt.easyxf(num_format_str='yyyy"年"m"月"')
    for column, value in enumerate(cells):
        sheet.write(3, column, value, month if isinstance(value, datetime) else xlwt.Style.default_style)
    stream = io.BytesIO()
    book.save(stream)
    entry = district.deliver("civil_affairs.child_welfare", "child_welfare_202107.xls", stream.getvalue())
    assert (entry["status"], entry["rows_accepted"], entry["drift"]) == ("accepted", 1, [])
    (row,) = district.rows(entry)
    assert (row["name"], row["guardian_name"], row["guardian_id_no"]) == ("小明", "张三", SOUND_ID)
    assert (row["village"], row["start_month"], row["row_number"]) == ("320614416202", date(2021, 3, 1), 4)


@pytest.mark.parametrize("from_1904", [False, True])
def test_a13_days_of_an_old_workbook_count_from_its_own_year(district: District, from_1904: bool) -> None:
    rows = [
        elder(1, 起始年月=datetime(2018, 5, 1)),
        elder(2, 身份证号=OTHER_ID, 出生日期=datetime(1949, 12, 31, 8, 30)),
    ]
    entry = district.deliver(ELDERS, "elder_allowance_202107.xls", xls({"表": [HEADER, *rows]}, from_1904=from_1904))
    found = district.rows(entry)
    assert [row["birth_date"] for row in found] == [date(1938, 4, 12), date(1949, 12, 31)]
    assert found[0]["start_month"] == date(2018, 5, 1)


def test_a13_cells_of_an_old_workbook_are_read_as_what_they_are(district: District) -> None:
    rows = [
        elder(1, 月发放标准=62.5),
        elder(2, 身份证号=float(SOUND_ID)),
        elder(3, 身份证号=320625400101123.0),
        elder(4, 身份证号="'11010519491231002x", 姓名="=cmd", 月发放标准="50元"),
        elder(5, 身份证号=OTHER_ID, 姓名=None),
        elder(6, 身份证号="32068420000229012X", 月发放标准=True),
    ]
    entry = district.deliver(ELDERS, "elder_allowance_202107.xls", xls({"表": [HEADER, *rows]}))
    found = {row["row_number"]: row for row in district.rows(entry)}
    assert (found[2]["monthly_amount"], found[2]["id_no"]) == (Decimal("62.50"), SOUND_ID)
    assert (found[5]["name"], found[5]["monthly_amount"]) == ("=cmd", Decimal("50.00"))
    reasons = dict(district.reasons(entry))
    assert reasons[3] == {("id_no", "lost_precision")}
    assert reasons[6] == {("name", "missing_required")}
    assert reasons[7] == {("monthly_amount", "bad_money")}
    assert found[4]["id_no_status"] == "upgraded15"


def test_a13_a_long_old_workbook_is_read_whole_and_in_its_order(district: District) -> None:
    rows = [payment(number).split(",") for number in range(5000)]
    entry = district.deliver(PAYMENT, "payment_202107.xls", xls({"表": [PAYMENT_HEADER.split(","), *rows]}))
    assert (entry["rows_read"], entry["rows_accepted"]) == (5000, 5000)
    assert [row["row_number"] for row in district.rows(entry)] == list(range(2, 5002))


def test_a13_wps_and_office_names_of_workbooks_are_read_by_their_content(district: District) -> None:
    old, new = xls({"表": [HEADER, elder()]}), xlsx({"表": [HEADER, elder()]})
    for number, (extension, content, kind) in enumerate(
        [("et", old, "xls"), ("xlsx", old, "xls"), ("xls", new, "xlsx"), ("et", new, "xlsx")]
    ):
        entry = district.deliver(ELDERS, f"elder_allowance_20210{number + 1}.{extension}", content)
        assert (entry["status"], entry["format"], entry["rows_accepted"]) == ("accepted", kind, 1)


def test_a13_old_workbooks_inside_an_archive_are_read(district: District) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("三星镇.xls", xls({"表": [HEADER, elder()]}))
        archive.writestr(
            "海门.et", xls({"表": [HEADER, elder(1, 镇街="海门街道", 村居="光华社区", 身份证号=OTHER_ID)]})
        )
    entry = district.deliver(ELDERS, "elder_allowance_202107.zip", stream.getvalue())
    assert (entry["status"], entry["rows_accepted"]) == ("accepted", 2)
    assert {row["member"] for row in district.rows(entry)} == {"三星镇.xls", "海门.et"}


def encrypted_xlsx(content: bytes) -> bytes:
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt("secret", stream)
    return stream.getvalue()


def encrypted_xls(content: bytes) -> bytes:
    """The record that announces a password, put where encrypting programs put it: after the workbook's beginning."""
    at = content.index(struct.pack("<HH", 0x809, 16))
    announced = struct.pack("<HHHHHH", 0x2F, 6, 0, 0x1234, 0x5678, 0)[:10]
    rest = content[at + 20 :]
    assert rest.startswith(struct.pack("<HH", 0xE1, 2))
    return content[: at + 20] + announced + rest[len(announced) :]


def test_a13_what_is_no_workbook_that_may_be_read_is_refused_with_its_cure(district: District) -> None:
    new, old = xlsx({"表": [HEADER, elder()]}), xls({"表": [HEADER, elder()]})
    table = "<html><table><tr><td>姓名</td></tr></table></html>".encode("gb18030")
    markup = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    cases = [
        ("xlsx", encrypted_xlsx(new), "protected_workbook", "取消密码"),
        ("xls", encrypted_xls(old), "protected_workbook", "取消密码"),
        ("xls", old + macro_storage(), "macro_workbook", "另存为 xlsx"),
        ("xlsm", new, "macro_workbook", "另存为 xlsx"),
        ("xlsx", "姓名,身份证号\n".encode("gb18030"), "wrong_extension", "另存为 xlsx"),
        ("xls", "姓名\t身份证号\n".encode("utf-16"), "wrong_extension", "save it as xlsx"),
        ("xls", table, "wrong_extension", "另存为 xlsx"),
        ("xls", b"\xef\xbb\xbf" + markup, "wrong_extension", "另存为 xlsx"),
        ("csv", new, "wrong_extension", "另存为 xlsx"),
        ("csv", old, "wrong_extension", "另存为 xlsx"),
        ("xls", old[:1500], "broken_workbook", ""),
        ("xls", old[: len(old) // 2], "broken_workbook", ""),
        ("xls", b"\0" * 4096, "broken_workbook", ""),
        ("rar", b"Rar!\x1a\x07", "unknown_format", ""),
        ("zip", b"Rar!\x1a\x07", "unknown_format", "ZIP"),
    ]  # fmt: skip
    for extension, content, code, cure in cases:
        entry = district.deliver(ELDERS, f"elder_allowance_202107.{extension}", content)
        assert (entry["status"], entry["reason"]["code"]) == ("quarantined", code), extension
        assert cure in entry["reason"]["text"]
        assert " / " in entry["reason"]["text"]


def macro_storage() -> bytes:
    """The directory entry of a VBA project, as it stands in a further sector of the file."""
    return "_VBA_PROJECT_CUR".encode("utf-16-le").ljust(512, b"\0")


def test_a15_a_formula_without_a_value_keeps_its_row_back_and_names_the_column(district: District) -> None:
    book = openpyxl.Workbook()
    for row in (
        list(HEADER),
        elder(1),
        elder(2, 身份证号=OTHER_ID, 月发放标准="=25*2"),
        elder("=ROW()", 身份证号="32068420000229012X"),
        ["合计", None, None, None, None, None, "=SUM(G2:G4)"],
    ):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    entry = district.deliver(ELDERS, "elder_allowance_202107.xlsx", stream.getvalue())
    assert (entry["rows_read"], entry["rows_accepted"]) == (3, 2)
    ((line, reasons),) = district.reasons(entry)
    assert (line, ("monthly_amount", "no_cached_value") in reasons) == (3, True)


def test_a15_a_row_of_nothing_but_formulas_without_values_is_not_taken_for_an_empty_one(district: District) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(HEADER))
    book.active.append(elder())
    book.active.append([f"='别表'!{letter}3" for letter in "ABCDEFGHI"])
    stream = io.BytesIO()
    book.save(stream)
    entry = district.deliver(ELDERS, "elder_allowance_202107.xlsx", stream.getvalue())
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1, 1)


def test_a15_a_formula_with_a_value_is_read_by_it(district: District) -> None:
    content = xlsx(
        {"表": [HEADER, elder(1), elder(2, 身份证号=OTHER_ID)]},
        formulas={"G2": ("=25*2", 50), "B2": ('="王"&"五"', "王五"), "G3": ("=25*2", 0)},
    )
    entry = district.deliver(ELDERS, "elder_allowance_202107.xlsx", content)
    (row,) = district.rows(entry)
    assert (row["name"], row["monthly_amount"]) == ("王五", Decimal("50.00"))
    # A library that computes nothing stores zeros and asks for them to be computed: such a zero is no value.
    assert ("monthly_amount", "no_cached_value") in dict(district.reasons(entry))[3]


def test_a13_a_number_of_eighteen_digits_in_a_cell_for_numbers_is_never_believed(district: District) -> None:
    content = xlsx({"表": [HEADER, elder(1), elder(2, 身份证号=1)]})
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b'<c r="C3"><v>1</v>', f'<c r="C3"><v>{SOUND_ID}</v>'.encode())
            target.writestr(name, part)
    entry = district.deliver(ELDERS, "elder_allowance_202107.xlsx", stream.getvalue())
    assert district.reasons(entry) == [(3, {("id_no", "lost_precision")})]


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.xls", "wps.xlsx", "wps.et"])
def test_a16_workbooks_of_other_office_programs_are_read_below_titles_and_above_totals(
    district: District, name: str
) -> None:
    content = (FIXTURES / name).read_bytes()
    entry = district.deliver(ELDERS, f"elder_allowance_202107{Path(name).suffix}", content)
    assert (entry["status"], entry["rows_read"], entry["rows_accepted"]) == ("accepted", 2, 2)
    rows = district.rows(entry)
    assert [(row["name"], row["monthly_amount"], row["birth_date"], row["start_month"]) for row in rows] == [
        ("王五", Decimal("50.00"), date(1938, 4, 12), date(2021, 1, 1)),
        ("赵𠮷", Decimal("50.00"), date(1949, 12, 31), date(2021, 1, 1)),
    ]
    assert [(row["sheet"], row["row_number"]) for row in rows] == [("三星镇", 4), ("三星镇", 5)]


def test_a16_hidden_rows_count_and_a_total_is_never_a_person(district: District) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["名册"], ["单位：元"], list(HEADER), elder(1), elder(2, 身份证号=OTHER_ID),
        [None, "合 计", None, None, None, None, 100], ["总计：2人", None, None, None, None, None, "100元"],
        [None, "小计", None, None, "三星镇", "叠石桥村", 100, None, None],
    ):  # fmt: skip
        book.active.append(row)
    book.active.row_dimensions[5].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    entry = district.deliver(ELDERS, "elder_allowance_202107.xlsx", stream.getvalue())
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 2, 0)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8-sig", "utf-16", "utf-8"])
def test_a17_every_encoding_of_departments_is_told_from_the_bytes(district: District, encoding: str) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1), payment(2)).encode(encoding))
    found = "gb18030" if encoding == "gbk" else encoding
    assert (entry["encoding"], [row["name"] for row in district.rows(entry)]) == (found, ["张三", "张三"])


def test_a17_a_file_of_two_encodings_loses_only_the_lines_of_the_lesser(district: District) -> None:
    lines = [payment(number).encode("gb18030") for number in range(40)]
    lines[7] = payment(7).encode("utf-8").replace("低保金".encode(), b"\xff\xff")
    entry = district.deliver(PAYMENT, FILE, b"\n".join([PAYMENT_HEADER.encode("gb18030"), *lines]))
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (40, 39, 1)


@pytest.mark.parametrize(("damaged", "status"), [(3, "accepted"), (4, "held")])
def test_a17_mojibake_keeps_its_rows_back_and_too_much_of_it_the_file(
    district: District, damaged: int, status: str
) -> None:
    rows = [payment(number, 姓名="锟斤拷" if number < damaged else "张三") for number in range(30)]
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    assert (entry["status"], entry["rows_quarantined"]) == (status, damaged)


def test_a18_rare_characters_stay_as_they_were_written(district: District) -> None:
    names = {"1": "赵𠮷", "2": "阿依古丽•买买提", "3": "王\ue863", "4": "張偉", "5": "㛃"}
    text = payments(*(payment(number, 姓名=name) for number, name in names.items()))
    rows = {row["payment_no"]: row for row in district.rows(district.deliver(PAYMENT, FILE, text.encode("gb18030")))}
    assert [rows[f"P{number}"]["name"] for number in names] == ["赵𠮷", "阿依古丽·买买提", "王\ue863", "張偉", "㛃"]
    assert (rows["P2"]["raw"]["name"], rows["P2"]["name_folded"]) == ("阿依古丽•买买提", "阿依古丽买买提")
    assert (rows["P3"]["name_pattern"], rows["P4"]["name_folded"]) == ("王_", "张伟")


def test_a19_width_blanks_and_the_unseen_are_made_even_and_the_raw_text_is_kept(district: District) -> None:
    cells = {
        "姓名": "\u200b张\u3000三\u00a0", "身份证号": "３２０６２５１９３８０４１２０４１０\t", "金额": "１００．５０ ",
        "所属年月": "２０２１年７月", "镇街": "三星镇\u00a0", "发放类型": " 正常\ufeff",
    }  # fmt: skip
    (row,) = district.rows(district.deliver(PAYMENT, FILE, payments(payment(1, **cells))))
    assert (row["name"], row["id_no"], row["amount"]) == ("张三", SOUND_ID, Decimal("100.50"))
    assert (row["benefit_month"], row["town"]) == (date(2021, 7, 1), "320614416000")
    assert {name: row["raw"][name] for name in ("name", "id_no", "amount")} == {
        "name": cells["姓名"], "id_no": cells["身份证号"], "amount": cells["金额"],
    }  # fmt: skip


def test_a19_a_control_character_that_a_workbook_spells_out_is_a_blank(district: District) -> None:
    content = xlsx({"表": [HEADER, elder(1, 姓名="王五\x0d", 状态="\x0b在享")]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"_x000D_" in archive.read("xl/sharedStrings.xml")
    (row,) = district.rows(district.deliver(ELDERS, "elder_allowance_202107.xlsx", content))
    assert (row["name"], row["status"]) == ("王五", "在享")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [("张三", "张\0三", (None, None)), ("张三", "张\r三", (None, None)), ("张三", '"张三', (None, "unclosed_quote"))],
)
def test_a20_a_stray_byte_spoils_no_other_row(
    district: District, before: str, after: str, reason: tuple[str | None, str | None]
) -> None:
    rows = [payment(number) for number in range(1, 31)]
    rows[4] = rows[4].replace(before, after, 1)
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    found = district.rows(entry)
    others = [f"P{number}" for number in range(1, 31) if number != 5]
    assert [row["payment_no"] for row in found if row["payment_no"] != "P5"] == others
    if reason[1] is not None:
        assert reason in dict(district.reasons(entry))[6]


def test_a20_a_quote_open_at_the_end_of_the_file_is_one_bad_row_with_its_line(district: District) -> None:
    rows = [payment(number) for number in range(1, 31)]
    rows[29] = rows[29].replace("张三", '"张三', 1)
    entry = district.deliver(PAYMENT, FILE, "\n".join([PAYMENT_HEADER, *rows]))
    assert (entry["rows_read"], entry["rows_accepted"]) == (30, 29)
    assert [(line, (None, "unclosed_quote") in reasons) for line, reasons in district.reasons(entry)] == [(31, True)]


def test_a21_ragged_rows_and_a_changed_order_are_told_from_a_changed_contract(district: District) -> None:
    rows = [payment(1), payment(2) + ",一,二", ",".join(payment(3).split(",")[:5]), payment(4) + ",", payment(5)]
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    reasons = dict(district.reasons(entry))
    assert [row["payment_no"] for row in district.rows(entry)] == ["P1", "P4", "P5"]
    assert ((None, "too_many_fields") in reasons[3], (None, "too_few_fields") in reasons[4]) == (True, True)
    order = list(reversed(range(PAYMENT_HEADER.count(",") + 1)))
    turned = [",".join(line.split(",")[index] for index in order) for line in (PAYMENT_HEADER, payment(6))]
    entry = district.deliver(PAYMENT, "payment_202106.csv", f"{turned[0]},备注\n{turned[1]},无\n")
    assert (entry["status"], entry["rows_accepted"], entry["drift"]) == ("accepted", 1, ["备注"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("金额", "数目", "missing_column"),
        ("身份证号", "身份", "missing_column"),
        ("开户名", "姓名", "duplicate_column"),
    ],
)
def test_a21_a_renamed_or_doubled_header_stops_the_file_and_is_named(
    district: District, old: str, new: str, code: str
) -> None:
    entry = district.deliver(PAYMENT, FILE, payments(payment(1), header=PAYMENT_HEADER.replace(old, new)))
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", code)
    assert (new if code == "duplicate_column" else old) in entry["reason"]["text"]


@pytest.mark.parametrize(("bad", "status"), [(1, "accepted"), (10, "accepted"), (11, "held"), (100, "held")])
def test_a22_up_to_a_tenth_of_bad_rows_the_rest_goes_on(district: District, bad: int, status: str) -> None:
    rows = [payment(number, 金额="很多" if number < bad else "5") for number in range(100)]
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    assert (entry["status"], entry["rows_read"], entry["rows_quarantined"]) == (status, 100, bad)
    other = district.deliver(PAYMENT, "payment_202106.csv", payments(payment(1)))
    assert other["status"] == "accepted"
