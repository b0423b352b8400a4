"""A household's page and a village's notice: what they say, and what they leave out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from include.pages.typesetting import compiler
from include.periods import Month
from include.statements.writing import _TEMPLATES, _put, masked_name, notice_of, page_of

MONTH = Month(2021, 10)
STATEMENT: dict[str, Any] = {
    "programme": "dibao_single", "town": "三星镇", "village": "叠石桥村", "head": "欧阳秀英", "household_no": "JZ1",
    "income_per_capita": Decimal("429.25"), "standard": Decimal("750.00"), "uplift_amount": Decimal("75.00"),
    "unrounded_amount": None, "entitled_amount": Decimal("396.00"),
    "covered_count": 1, "recorded_amount": Decimal("396.00"), "paid_amount": Decimal("396.00"),
    "next_review_on": date(2022, 6, 1), "check_code": "7E4FFB97",
}  # fmt: skip
LINES = [
    {"name": "欧阳秀英", "programme": "dibao_single", "paid": Decimal("396.00"), "paid_month": date(2021, 11, 1)},
    {"name": "李想", "programme": "child_in_difficulty", "paid": Decimal("0.10"), "paid_month": None},
]


def test_a_page_adds_up_what_the_household_was_paid_and_says_how_it_comes_about() -> None:
    page = page_of(STATEMENT, LINES, Decimal("3960.10"), MONTH)
    assert (page["paid"], page["paid_to_date"]) == ("396.10", "3,960.10")
    assert [line["paid"] for line in page["lines"]] == ["396.00", "0.10"]
    assert "750.00" in page["reason"]
    assert "429.25" in page["reason"]
    assert "分类施保金 75.00" in page["reason"]
    assert [line["paid_month"] for line in page["lines"]] == ["2021年11月", "—"]
    assert "进位" not in page["reason"]
    assert "欧阳秀英" not in str(page)


def test_a_page_says_what_was_rounded_up() -> None:
    means = {"unrounded_amount": Decimal("254.58"), "entitled_amount": Decimal("255.00")}
    page = page_of(STATEMENT | {"programme": "dibao"} | means, LINES, Decimal("3960.10"), MONTH)
    assert "共 254.58 元，进位为 255.00 元" in page["reason"]
    whole = STATEMENT | {"unrounded_amount": Decimal("255.00"), "entitled_amount": Decimal("255.00")}
    assert "进位" not in page_of(whole, LINES, Decimal("3960.10"), MONTH)["reason"]


def test_a_notice_names_no_child_and_no_illness() -> None:
    edge = STATEMENT | {"programme": "dibao_edge", "head": "王五"}
    notice = notice_of([STATEMENT, edge], MONTH)
    assert [line["head"] for line in notice["lines"]] == ["欧**英"]
    assert "单人保" not in str(notice)
    assert "李" not in str(notice["lines"])


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("张小三", "张*三"), ("欧阳秀英", "欧**英"), ("张", "张"), ("", "")]
)
def test_a_name_keeps_its_ends(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_both_templates_make_a_page_with_the_font_in_it(tmp_path: Path) -> None:
    for template, data in (
        ("statement.typ", page_of(STATEMENT, LINES, Decimal(1), MONTH)),
        ("notice.typ", notice_of([STATEMENT], MONTH)),
    ):
        path = tmp_path / f"{template}.pdf"
        _put(path, compiler(_TEMPLATES / template), data)
        content = path.read_bytes()
        assert content.startswith(b"%PDF")
        assert b"NotoSansCJKsc" in content
        assert path.stat().st_mode & 0o077 == 0
