"""What other policy values would do, on the demo district: against the formula by hand and the register by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from include import what_if
from include.warehouse.workbench import NoWarehouseError, Workbench, rows
from include.what_if.question import QuestionError
from tests.scenarios.conftest import Twin

_FAMILIES = """
    select family.*, means.assessed_tier, means.asset_conclusion
    from built.intermediate.int_household_income_month as family
    inner join built.intermediate.int_household_means_month as means using (household_key, month)
    where family.month = (select max(month) from built.intermediate.int_months) and family.holds
"""
_BIRTHS = """
    select register.birth_date, register.person_key in (
        select person_key from built.intermediate.int_policy_amount where programme = 'elder_allowance'
    )
    from built.intermediate.int_population_period as register
    left join built.intermediate.int_person_death as death
        on register.person_key = death.person_key and death.died_month < date '2021-10-01'
    where register.status = '正常' and register.valid_from <= date '2021-10-01'
        and (register.valid_to is null or register.valid_to > date '2021-10-01') and death.person_key is null
"""


@pytest.fixture
def workbench(twin: Twin) -> Iterator[Workbench]:
    with Workbench(twin.settings, twin.warehouse) as bench:
        yield bench


def ask(workbench: Workbench, *asked: str) -> what_if.Answer:
    return what_if.answer(workbench, what_if.parse_changes(workbench, list(asked)))


def by_hand(family: dict[str, object], standard: int, people: int) -> int:
    """The gap formula of one household, rounded up once."""
    net = family["annual_income"] - family["employment_deduction"]  # type: ignore[operator]
    uplift = Decimal("0.2") * standard * family["minor_rows"]  # type: ignore[operator]
    return max(0, math.ceil(people * standard - people * net / (12 * family["member_count"]) + uplift))  # type: ignore


def test_a_new_standard_pays_what_the_formula_gives_and_lets_in_who_falls_below_it(workbench: Workbench) -> None:
    families = [family for family in rows(workbench.connection, _FAMILIES) if family["member_count"]]
    below = [
        family
        for family in families
        if family["annual_income"] is not None
        and family["assessed_tier"] != "extreme_poverty"
        and family["asset_conclusion"] != "超标"
        and family["annual_income"] - family["employment_deduction"] < 12 * 900 * family["member_count"]
    ]
    due = sum(
        by_hand(family, 900, family["covered_rows"] if family["programme"] == "dibao" else family["member_rows"])
        for family in below
    )
    found = ask(workbench, "dibao_standard=900")
    dibao = found.by("programme")["dibao"]
    assert dibao["households_after"] == len(below)
    assert dibao["amount_after"] == due
    entering = [family for family in below if family["assessed_tier"] != "dibao"]
    assert len(entering) > 3
    assert {row["household_key"] for row in found.moved if row["tier_after"] == "dibao"} == {
        family["household_key"] for family in entering
    }
    assert found.lines == {"低保标准": (750, 900), "边缘标准": (1125, 1350)}


def test_a_value_that_stands_changes_nothing(workbench: Workbench) -> None:
    found = ask(workbench, "dibao_standard=750", "elder_tariff:80=50")
    assert (found.monthly_change, found.moved) == (0, [])
    assert all(row["amount_before"] == row["amount_after"] for row in found.flow)
    assert found.by("programme")["elder_allowance"]["amount_before"] > 0


def test_a_lower_standard_sends_families_away(workbench: Workbench) -> None:
    found = ask(workbench, "dibao_standard=400")
    dibao = found.by("programme")["dibao"]
    assert dibao["left_households"] == dibao["households_before"] - dibao["households_after"] > 0
    assert found.monthly_change < 0


def test_a_share_of_the_standard_follows_the_standard_that_is_asked_for(workbench: Workbench) -> None:
    (_, basic) = what_if.parse_changes(workbench, ["dibao_standard=800", "extreme_poverty_basic:农村=1.3S"])
    assert (basic.before, basic.after) == (1010, 1040)
    ((rural,),) = workbench.connection.execute(
        "select count(*) from built.intermediate.int_roster_month where programme = 'extreme_poverty' and holds "
        "and area_kind = '农村' and month = (select max(month) from built.intermediate.int_months)"
    ).fetchall()
    found = ask(workbench, "extreme_poverty_basic:农村=1.4S").by("programme")["extreme_poverty"]
    assert found["amount_after"] - found["amount_before"] == 40 * rural > 0


def test_a_lower_age_lets_in_everybody_registered_of_that_age(workbench: Workbench) -> None:
    people = workbench.connection.execute(_BIRTHS).fetchall()
    of_age = [is_listed for born, is_listed in people if born and _is_between(born, 75, 80)]
    elders = ask(workbench, "elder_tariff:75=30").by("programme")["elder_allowance"]
    assert elders["entered_persons"] == of_age.count(False) > 0
    assert elders["amount_after"] - elders["amount_before"] == 30 * len(of_age)


def _is_between(born: date, age: int, below: int) -> bool:
    return age * 12 <= (2021 - born.year) * 12 + 10 - born.month < below * 12


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], "没有给出要试算的参数"),
        (["dibao_standard"], "参数写法应为"),
        (["dibao_standard=-5"], "参数写法应为"),
        (["dibao_standart=800"], "dibao_standard"),
        (["extreme_poverty_basic:山区=800"], "农村"),
    ],
)
def test_a_value_that_cannot_be_tried_is_refused_with_what_could(
    workbench: Workbench, asked: list[str], told: str
) -> None:
    with pytest.raises(QuestionError, match=told):
        what_if.parse_changes(workbench, asked)


def test_page_and_workbook_say_the_same_and_leave_the_warehouse_alone(twin: Twin) -> None:
    before = twin.warehouse.read_bytes()
    with Workbench(twin.settings, twin.warehouse) as bench:
        found, labels = ask(bench, "dibao_standard=800"), what_if.tier_labels(bench)
    page, book = what_if.write_report(twin.settings, found, labels)
    first = [path.read_bytes() for path in (page, book)]
    assert [path.read_bytes() for path in what_if.write_report(twin.settings, found, labels)] == first
    sheet = openpyxl.load_workbook(book)["各镇街各项目"]
    changes = [row[12] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert sum(Decimal(str(change)) for change in changes) == found.monthly_change
    assert f"{found.monthly_change:+,.0f}" in page.read_text(encoding="utf-8")
    assert "http" not in page.read_text(encoding="utf-8")
    assert twin.warehouse.read_bytes() == before


def test_without_a_warehouse_it_says_so(tmp_path: Path, twin: Twin) -> None:
    with pytest.raises(NoWarehouseError, match="还没有建成"):
        Workbench.over_standing(replace(twin.settings, home=tmp_path))
