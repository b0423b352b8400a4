"""Faults B26 and B28–B30: what a cell may say, delivered in real files."""

from __future__ import annotations

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
        "三星镇", "三星", "三星镇人民政府", "320614416", "320614416000", "320614416000.0", "海门区三星镇", "海门市三星镇",
        "江苏省南通市海门区三星镇", "南通市海门区三星镇", "南通市海门市三星镇", "江苏省 南通市 海门区 三星镇",
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
        "320614419000,将来镇,镇街,320614000000,,1958-01-01,2099-06-30\n"
    )
    district.deliver("civil_affairs.region", "region_202102.csv", crosswalk)
    names = {"1": "天补镇", "2": "万年镇", "3": "将来镇", "4": "320614417000"}
    accepted, _ = judged(district, *(payment(number, 镇街=name) for number, name in names.items()))
    towns = [accepted[f"P{number}"]["town"] for number in names]
    assert towns == ["320614416000", "320614418000", "320614419000", "320614417000"]


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
