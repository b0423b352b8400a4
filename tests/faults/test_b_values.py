"""Faults B26 and B28–B30: what a cell may say, delivered in real files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.ingest.conftest import REGIONS, SOUND_ID, District, payment, payments

PAYMENT = "civil_affairs.payment"
FILE = "payment_202107.csv"


def judged(
    district: District, *rows: str
) -> tuple[dict[str, dict[str, object]], dict[int, set[tuple[str | None, str]]]]:
    """The accepted rows by their number, and the reasons of the others by their line."""
    entry = district.deliver(PAYMENT, FILE, payments(*rows))
    return {row["payment_no"]: row for row in district.rows(entry)}, dict(district.reasons(entry))


@pytest.mark.parametrize(
    "written",
    [
        "三星镇", "三星", "三星镇人民政府", "320614416", "320614416000", "320614416000.0", "海门区三星镇",
        "海门市三星镇", "江苏省南通市海门区三星镇", "南通市海门区三星镇", "南通市海门市三星镇",
        "江苏省 南通市 海门区 三星镇",
        "江苏省海门市三星镇", "江苏省南通市海门县三星镇人民政府", "三 星 镇", "天补镇",
    ],
)  # fmt: skip
def test_b30_a_town_is_known_by_every_name_it_is_written_under(district: District, written: str) -> None:
    with_former = REGIONS.replace("三星镇,镇街,320614000000,,", "三星镇,镇街,320614000000,天补镇；海门工业园区,")
    district.deliver("civil_affairs.region", "region_202102.csv", with_former)
    accepted, _ = judged(district, payment(1, 镇街=written))
    assert accepted["P1"]["town"] == "320614416000"


@pytest.mark.parametrize(
    "written",
    [
        "上海市三星镇",
        "南通市三星镇",
        "浙江省杭州市海门区三星镇",
        "江苏省南通市通州区三星镇",
        "江苏省",
        "三星镇海门街道",
        "无",
    ],
)
def test_b30_another_districts_town_is_never_taken_for_ours(district: District, written: str) -> None:
    _, reasons = judged(district, payment(1, 镇街=written))
    assert reasons[2] & {("town", "unresolved_region"), ("town", "missing_required")}


def test_b30_a_village_is_known_below_all_that_lies_above_it(district: District) -> None:
    header = "序号,姓名,身份证号,镇街,村居,月发放标准,起始年月,状态\n"
    places = [
        ("江苏省南通市海门区三星镇", "江苏省南通市海门区三星镇叠石桥村"), ("三星", "南通市海门市三星镇叠石桥村委会"),
        ("海门街道", "光华社区居民委员会"), ("海门镇", "光华"),
    ]  # fmt: skip
    numbers = (SOUND_ID, "11010519491231002X", "32068420000229012X", "320614202103050184")
    lines = [
        f"1,王五,{number},{town},{village},50,202101,在享"
        for number, (town, village) in zip(numbers, places, strict=True)
    ]
    entry = district.deliver("civil_affairs.elder_allowance", "elder_allowance_202107.csv", header + "\n".join(lines))
    villages = [row["village"] for row in district.rows(entry)]
    assert villages == ["320614416201", "320614416201", "320614001001", "320614001001"]


def test_b30_an_abolished_place_is_known_and_yields_its_name_to_the_one_that_took_it_over(district: District) -> None:
    crosswalk = REGIONS.replace("三星镇,镇街,320614000000,,", "三星镇,镇街,320614000000,天补镇,") + (
        "320614417000,天补镇,镇街,320614000000,,1958-01-01,2012-06-30\n"
        "320614418000,万年镇,镇街,320614000000,,1958-01-01,2012-06-30\n"
    )
    district.deliver("civil_affairs.region", "region_202102.csv", crosswalk)
    names = {"1": "天补镇", "2": "万年镇", "3": "320614417000"}
    accepted, _ = judged(district, *(payment(number, 镇街=name) for number, name in names.items()))
    towns = [accepted[f"P{number}"]["town"] for number in names]
    assert towns == ["320614416000", "320614418000", "320614417000"]


def test_b30_a_place_that_a_newer_list_no_longer_names_is_still_known(district: District) -> None:
    without = "\n".join(line for line in REGIONS.splitlines() if "光明村" not in line)
    district.deliver("civil_affairs.region", "region_202102.csv", without)
    accepted, _ = judged(district, payment(1))
    assert accepted["P1"]["town"] == "320614416000"


def test_b30_an_unknown_place_is_a_bad_row_only_where_the_region_is_required(district: District) -> None:
    header = "公民身份号码,姓名,出生日期,镇街,村居,户籍状态\n"
    text = header + f"{SOUND_ID},张三,1938-04-12,无此镇,无此村,正常\n"
    entry = district.deliver("public_security.population", "population_202107.csv", text)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 0)
    (row,) = district.rows(entry)
    assert (row["town"], row["raw"]["town"]) == (None, "无此镇")
    _, reasons = judged(district, payment(1, 镇街="无此镇"))
    assert reasons[2] == {("town", "unresolved_region")}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("3.20684E+17", "lost_precision"),
        ("3.2062519380412E+17", "lost_precision"),
        ("320625193804120000", "lost_precision"),
        ("32062519380412041", "bad_length"),
        ("11010519491231002", "bad_length"),
        ("110105194912310021", "bad_checksum"),
        ("320684199902310015", "bad_date"),
        ("320684209901010014", "bad_date"),
        ("320684189901010018", "bad_date"),
        ("320625********0410", "masked"),
        ("", "missing_required"),
    ],
)
def test_b26_a_number_that_cannot_stand_is_refused_by_its_kind(district: District, written: str, reason: str) -> None:
    accepted, reasons = judged(district, payment(1, 身份证号=written), payment(2))
    assert (set(accepted), reasons) == ({"P2"}, {2: {("id_no", reason)}})


def test_b26_a_number_in_disguise_is_put_right_and_a_number_of_fifteen_digits_is_marked(district: District) -> None:
    accepted, _ = judged(
        district,
        payment(1, 身份证号="'320625 19380412 0410"),
        payment(2, 身份证号="１１０１０５１９４９１２３１００２ｘ"),
        payment(3, 身份证号="320625380412041"),
    )
    assert [row["id_no"] for row in accepted.values()] == [SOUND_ID, "11010519491231002X", SOUND_ID]
    assert [row["id_no_status"] for row in accepted.values()] == ["ok", "ok", "upgraded15"]


CREMATION = "火化编号,姓名,证件号码,死亡日期\n"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-02-09", date(2021, 2, 9)), ("2021/2/9", date(2021, 2, 9)), ("2021.2.9", date(2021, 2, 9)),
        ("20210209", date(2021, 2, 9)), ("2021年2月9日", date(2021, 2, 9)), ("45321", date(2024, 1, 30)),
        ("2021-02-09 08:30:00", date(2021, 2, 9)), ("2021-02-30", None), ("20260230", None), ("0000-00-00", None),
        ("民国110年2月9日", None), ("辛丑年正月初一", None), ("农历二〇二一年正月初一", None), ("21-02-09", None),
        ("21/2/9", None), ("02/09/2021", None), ("2021", None),
    ],
)  # fmt: skip
def test_b28_a_day_is_read_in_the_forms_of_the_contract_and_never_guessed(
    district: District, written: str, day: date | None
) -> None:
    entry = district.deliver("civil_affairs.cremation", "cremation_202107.csv", CREMATION + f"C1,张三,,{written}\n")
    assert [row["died_on"] for row in district.rows(entry)] == ([day] if day else [])
    assert district.reasons(entry) == ([] if day else [(2, {("died_on", "bad_date")})])


@pytest.mark.parametrize("written", ["1900-01-01", "1900/1/1", "1900-01-01 00:00:00", "19000101", "1900/1/0"])
def test_b28_the_first_day_a_spreadsheet_knows_stands_for_no_day(district: District, written: str) -> None:
    entry = district.deliver("civil_affairs.cremation", "cremation_202107.csv", CREMATION + f"C1,张三,,{written}\n")
    assert district.reasons(entry) == [(2, {("died_on", "missing_required")})]
    text = "序号,姓名,身份证号,出生日期,镇街,村居,月发放标准,起始年月,状态\n"
    text += f"1,王五,{SOUND_ID},{written},三星,光明,50,202101,在享\n"
    entry = district.deliver("civil_affairs.elder_allowance", "elder_allowance_202107.csv", text)
    (row,) = district.rows(entry)
    assert (row["birth_date"], row["raw"]["birth_date"]) == (None, written)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ('"1,234.50"', "1234.50"), ("￥1234.5", "1234.50"), ("1234.5元", "1234.50"), ("1.2万", "12000.00"),
        ("0.12万元", "1200.00"), ("１００", "100.00"), ("-50", "-50.00"), ("1e308", "bad_money"), ("inf", "bad_money"),
        ("一百", "bad_money"), ("NaN", "missing_required"), ("-", "missing_required"), ("无", "missing_required"),
    ],
)  # fmt: skip
def test_b29_an_amount_is_exact_or_refused(district: District, written: str, amount: str) -> None:
    accepted, reasons = judged(district, payment(1, 金额=written), payment(2))
    if amount[-1].isdigit():
        assert accepted["P1"]["amount"] == Decimal(amount)
    else:
        assert reasons == {2: {("amount", amount)}}


def test_b29_amounts_in_cents_are_beyond_what_is_plausible(district: District) -> None:
    header = "序号,姓名,身份证号,镇街,村居,月发放标准,起始年月,状态\n"
    numbers = (SOUND_ID, "11010519491231002X", "32068420000229012X")
    lines = [
        f"1,王五,{number},三星,光明,{amount},202101,在享\n"
        for number, amount in zip(numbers, (50, 5000, 30000), strict=True)
    ]
    entry = district.deliver("civil_affairs.elder_allowance", "elder_allowance_202107.csv", header + "".join(lines))
    assert [row["monthly_amount"] for row in district.rows(entry)] == [Decimal("50.00")]
    assert {reason for _, reasons in district.reasons(entry) for reason in reasons} == {
        ("monthly_amount", "implausible_amount")
    }


@pytest.mark.parametrize("header", ["金额（万元）", "金额(分)", "金额（单位：千元）"])
def test_b29_a_header_that_counts_in_another_unit_refuses_the_file(district: District, header: str) -> None:
    text = payments(payment(1)).replace("金额", header, 1)
    entry = district.deliver(PAYMENT, FILE, text)
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", "other_unit")
    assert "金额" in entry["reason"]["text"]


def test_b29_a_line_above_the_header_may_name_the_unit_too(district: District) -> None:
    title = "发放明细（单位：{}）" + "," * 13 + "\n"
    entry = district.deliver(PAYMENT, FILE, title.format("万元") + payments(payment(1)))
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", "other_unit")
    assert district.deliver(PAYMENT, FILE, title.format("元") + payments(payment(1)))["rows_accepted"] == 1
