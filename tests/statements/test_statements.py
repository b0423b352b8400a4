"""A household's page and a village's notice: what they say, and what they leave out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.pages.typesetting import compiler
from include.periods import Month
from include.statements.writing import _TEMPLATES, Household, _put, masked_name, notice_of, page_of, read

MONTH = Month(2021, 10)
STATEMENT: dict[str, Any] = {
    "programme": "dibao_single", "town": "三星镇", "village": "叠石桥村", "head": "欧阳秀英", "household_no": "JZ1",
    "income_per_capita": Decimal("429.25"), "standard": Decimal("750.00"), "uplift_amount": Decimal("75.00"),
    "unrounded_amount": None, "entitled_amount": Decimal("396.00"),
    "covered_count": 1, "recorded_amount": Decimal("396.00"), "paid_amount": Decimal("396.00"),
    "next_review_on": date(2022, 6, 1), "check_code": "7E4FFB97", "is_head_grown_up": True,
}  # fmt: skip
LINES = [
    {"name": "欧阳秀英", "programme": "dibao_single", "paid": Decimal("396.00"), "paid_month": date(2021, 11, 1)},
    {"name": "李想", "programme": "child_in_difficulty", "paid": Decimal("0.10"), "paid_month": None},
]


def household(lines: list[dict[str, Any]] = LINES, **columns: Any) -> Household:
    return Household(STATEMENT | columns, lines, Decimal("3960.10"))


def test_a_page_adds_up_what_the_household_was_paid_and_says_how_it_comes_about() -> None:
    page = page_of(household(), MONTH)
    assert (page["paid"], page["paid_to_date"]) == ("396.10", "3,960.10")
    assert [line["paid"] for line in page["lines"]] == ["396.00", "0.10"]
    assert "750.00" in page["reason"]
    assert "429.25" in page["reason"]
    assert "分类施保金 75.00" in page["reason"]
    assert [line["paid_month"] for line in page["lines"]] == ["2021年11月", "—"]
    assert "进位" not in page["reason"]
    assert "欧阳秀英" not in str(page)


@pytest.fixture
def pair() -> duckdb.DuckDBPyConnection:
    """H1 has a head, an old mother and a child; P4 lives alone in extreme poverty and stands on H1's roster as well."""
    connection = duckdb.connect()
    connection.execute(
        """attach ':memory:' as identity; create schema identity.restricted;
        create schema core; create schema reporting;
        create table identity.restricted.household_identity as
            select 'H1' as household_key, 'JZ1' as household_no, 'P3' as head_person_key, '李想' as head_name;
        create table identity.restricted.person_identity as select * from (values ('P1', '王秀英', date '1975-02-01'),
            ('P2', '陈桂兰', date '1938-02-01'), ('P3', '李想', date '2003-10-02'), ('P4', '赵大', date '2003-10-01'))
            as person(person_key, name, birth_date);
        create table core.dim_region as select '1' as region_code, '三星镇' as name;
        create table core.dim_parameter as select 'adult_age' as parameter, 18.0 as value,
            date '2000-01-01' as valid_from, null::date as valid_to;
        create table reporting.rpt_household_statement as select * from (values ('H1', null, 'dibao'),
            (null, 'P4', 'extreme_poverty')) as held(household_key, person_key, programme),
            (values (date '2021-10-01', '1', '1')) as told(month, town_code, village_code);
        create table core.fct_enrolment_month as select *, date '2021-10-01' as month, true as holds from (values
            ('P1', 'H1', 'dibao'), ('P3', 'H1', 'dibao'), ('P2', 'H1', 'dibao'), ('P4', 'H1', 'dibao'),
            ('P4', null, 'extreme_poverty'), ('P2', null, 'elder_allowance'), ('P3', null, 'child_in_difficulty'))
            as held(person_key, household_key, programme);
        create table core.fct_payment as select *, date '2021-11-01' as paid_month, '成功' as result from (values
            ('P1', 'H1', 'dibao', date '2021-10-01', '正常', 900.55),
            ('P1', 'H1', 'dibao', date '2021-10-01', '扣回', 0.50),
            ('P2', null, 'elder_allowance', date '2021-10-01', '正常', 50.0),
            ('P2', null, 'temporary_assistance', date '2021-10-01', '正常', 800.0),
            ('P3', null, 'disability_nursing', date '2021-10-01', '正常', 120.0),
            ('P4', null, 'extreme_poverty', date '2021-10-01', '正常', 1400.0),
            ('P2', null, 'elder_allowance', date '2021-09-01', '正常', 50.0),
            ('P9', 'H1', 'dibao', date '2021-01-01', '正常', 700.0),
            ('P2', null, 'elder_allowance', date '2020-12-01', '正常', 50.0),
            ('P9', null, 'elder_allowance', date '2021-10-01', '正常', 50.0))
            as paid(person_key, household_key, programme, benefit_month, kind, amount);
        alter table core.fct_payment alter column amount type decimal(18, 2);
        insert into core.fct_payment values
            ('P2', null, 'elder_allowance', '2021-10-01', '正常', 50, '2021-11-01', '失败');"""
    )
    return connection


def test_every_payment_to_a_household_and_its_people_is_told_on_or_off_the_rosters(
    pair: duckdb.DuckDBPyConnection,
) -> None:
    first, second = read(pair, MONTH)
    assert {(line["name"], line["programme"]): line["paid"] for line in first.lines} == {
        ("王秀英", "dibao"): Decimal("900.05"), ("李想", "dibao"): None, ("陈桂兰", "dibao"): None,
        ("赵大", "dibao"): None,
        ("陈桂兰", "elder_allowance"): Decimal("50.00"), ("陈桂兰", "temporary_assistance"): Decimal("800.00"),
        ("李想", "child_in_difficulty"): None, ("李想", "disability_nursing"): Decimal("120.00"),
    }  # fmt: skip
    assert sum(line["paid"] or 0 for line in first.lines) == Decimal("1870.05")
    assert first.paid_to_date == Decimal("2620.05")
    assert [(line["name"], line["paid"]) for line in second.lines] == [("赵大", Decimal("1400.00"))]
    assert second.paid_to_date == Decimal("1400.00")


def test_a_head_is_grown_up_who_was_eighteen_when_the_month_began(pair: duckdb.DuckDBPyConnection) -> None:
    assert [each.statement["is_head_grown_up"] for each in read(pair, MONTH)] == [False, True]
    pair.execute("update identity.restricted.person_identity set birth_date = null")
    assert [each.statement["is_head_grown_up"] for each in read(pair, MONTH)] == [False, False]


def test_a_page_says_what_was_rounded_up() -> None:
    means = {"unrounded_amount": Decimal("254.58"), "entitled_amount": Decimal("255.00")}
    page = page_of(household(programme="dibao", **means), MONTH)
    assert "共 254.58 元，进位为 255.00 元" in page["reason"]
    whole = household(unrounded_amount=Decimal("255.00"), entitled_amount=Decimal("255.00"))
    assert "进位" not in page_of(whole, MONTH)["reason"]


def test_what_a_household_is_paid_as_one_stands_with_who_was_paid() -> None:
    lines = [
        {"name": "欧阳秀英", "programme": "dibao", "paid": Decimal("640.00"), "paid_month": date(2021, 11, 1)},
        {"name": "李想", "programme": "dibao", "paid": None, "paid_month": None},
        {"name": "李想", "programme": "child_in_difficulty", "paid": None, "paid_month": None},
        {
            "name": "李想",
            "programme": "temporary_assistance",
            "paid": Decimal("800.00"),
            "paid_month": date(2021, 10, 1),
        },
    ]
    page = page_of(household(lines, programme="dibao"), MONTH)
    assert page["paid"] == "1,440.00"
    assert [line["paid"] for line in page["lines"]] == ["640.00", "按户发放", "—", "800.00"]
    assert page["lines"][3]["programme"] == "临时救助"


def test_a_notice_names_no_child_and_no_illness() -> None:
    edge = STATEMENT | {"programme": "dibao_edge", "head": "王五"}
    notice = notice_of([STATEMENT, edge], MONTH)
    assert [line["head"] for line in notice["lines"]] == ["欧**英"]
    assert "单人保" not in str(notice)
    assert "李" not in str(notice["lines"])


@pytest.mark.parametrize("programme", ["dibao", "extreme_poverty"])
def test_a_notice_has_no_name_of_a_head_who_is_a_child(programme: str) -> None:
    child = STATEMENT | {"programme": programme, "head": "李想", "is_head_grown_up": False}
    assert [line["head"] for line in notice_of([child], MONTH)["lines"]] == ["（不公开）"]


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("张小三", "张*三"), ("欧阳秀英", "欧**英"), ("张", "张"), ("", "")]
)
def test_a_name_keeps_its_ends(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_both_templates_make_a_page_with_the_font_in_it(tmp_path: Path) -> None:
    for template, data in (
        ("statement.typ", page_of(household(), MONTH)),
        ("notice.typ", notice_of([STATEMENT], MONTH)),
    ):
        path = tmp_path / f"{template}.pdf"
        _put(path, compiler(_TEMPLATES / template), data)
        content = path.read_bytes()
        assert content.startswith(b"%PDF")
        assert b"NotoSansCJKsc" in content
        assert path.stat().st_mode & 0o077 == 0
