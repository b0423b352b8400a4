"""The answer: every family on the ladder and every monthly amount, under the values in force and under others.

The formulas are the warehouse's own models, run again over one month on a workbench; nothing is computed twice here.
Both sides are what policy says, never what is recorded, so that the difference is the policy's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from include.warehouse.workbench import Workbench, rows
from include.what_if.question import Change

NEAR_SHARE = Decimal("0.05")
"""How far above a line, as a share of it, a family is just beyond the edge."""

_POLICY_MODELS = ("int_parameter_month", "int_elder_tariff_month")
_MEANS_MODELS = ("int_dibao_amount_month", "int_household_tier_month", "int_household_means_month", "int_policy_amount")

# A family that dibao does not pay yet would be counted with all its members; one that it pays keeps whom it covers.
_MEMBERS = """
    select member.* replace (member.covered or household.programme <> 'dibao' as covered)
    from built.intermediate.int_member_month as member
    inner join intermediate.int_household_income_month as household using (household_key)
    where member.month = household.month and member.role = '共同生活'
"""
_FAMILIES = """
    select
        household_key, town_code, village_code, recorded_tier, assessed_tier as tier, income_per_capita,
        standard, edge_line, greatest(member_count, 1) as persons,
        case when assessed_tier = 'dibao' then coalesce(dibao_amount, 0) else 0 end as amount
    from intermediate.int_household_means_month
    where holds and assessed_tier <> 'extreme_poverty'
"""
# Whoever is below the age from which the tariff has paid, and not below the new one, would enter.
_NEW_ELDERS = """
    with register as (
        select person_key, town_code, village_code,
            (date_part('year', month) * 12 + date_part('month', month)
                - date_part('year', birth_date) * 12 - date_part('month', birth_date)) // 12 as age
        from intermediate.int_population_period
        cross join intermediate.int_months
        where status = '正常' and valid_from <= month and coalesce(valid_to > month, true)
            and person_key not in (select person_key from intermediate.int_person_death where died_month < month)
    )
    select 'elder_allowance' as programme, register.person_key, register.town_code, register.village_code,
        cast(0 as decimal(18, 2)) as recorded_amount, cast(tariff.tariff as decimal(18, 2)) as policy_amount
    from register
    inner join intermediate.int_elder_tariff_month as tariff
        on register.age >= tariff.from_age and register.age < coalesce(tariff.below_age, 200)
    where register.age < ?
        and register.person_key not in (select person_key from amount_before where programme = 'elder_allowance')
"""
_FLOW = """
    with family as (
        select coalesce(before.household_key, after.household_key) as household_key,
            before.town_code, before.persons, before.tier as tier_before, after.tier as tier_after,
            before.amount as amount_before, after.amount as amount_after
        from family_before as before inner join family_after as after using (household_key)
    ),
    side as (
        select town_code, tier_before as programme, 1 as households_before, 0 as households_after,
            persons as persons_before, 0 as persons_after,
            case when tier_before <> tier_after then 1 else 0 end as left_households,
            case when tier_before <> tier_after then persons else 0 end as left_persons,
            0 as entered_households, 0 as entered_persons, amount_before, 0 as amount_after
        from family
        union all
        select town_code, tier_after, 0, 1, 0, persons, 0, 0,
            case when tier_before <> tier_after then 1 else 0 end,
            case when tier_before <> tier_after then persons else 0 end, 0, amount_after
        from family
        union all
        select coalesce(before.town_code, after.town_code), programme, 0, 0,
            count(before.person_key), count(after.person_key), 0, 0, 0, count(*) filter (before.person_key is null),
            coalesce(sum(before.policy_amount), 0), coalesce(sum(after.policy_amount), 0)
        from amount_before as before full join amount_after as after using (person_key, programme)
        group by coalesce(before.town_code, after.town_code), programme
    )
    select town_code, programme,
        sum(households_before)::bigint as households_before, sum(households_after)::bigint as households_after,
        sum(persons_before)::bigint as persons_before, sum(persons_after)::bigint as persons_after,
        sum(entered_households)::bigint as entered_households, sum(entered_persons)::bigint as entered_persons,
        sum(left_households)::bigint as left_households, sum(left_persons)::bigint as left_persons,
        sum(amount_before)::decimal(18, 2) as amount_before, sum(amount_after)::decimal(18, 2) as amount_after
    from side where programme <> 'none'
    group by all
"""
_MOVED = """
    select before.household_key, town.name as town, village.name as village, before.recorded_tier,
        before.tier as tier_before, after.tier as tier_after, before.persons, before.income_per_capita,
        before.amount as amount_before, after.amount as amount_after
    from family_before as before
    inner join family_after as after using (household_key)
    left join core.dim_region as town on before.town_code = town.region_code
    left join core.dim_region as village on before.village_code = village.region_code
    where before.tier <> after.tier
    order by before.town_code nulls last, before.village_code nulls last, before.household_key
"""
_NEAR = """
    select after.household_key, town.name as town, village.name as village, after.recorded_tier,
        after.tier as tier_after, after.persons, after.income_per_capita, line.line_zh, line.line,
        after.income_per_capita - line.line as above
    from family_after as after
    cross join lateral (values ('低保标准', after.standard), ('边缘标准', after.edge_line)) as line(line_zh, line)
    left join core.dim_region as town on after.town_code = town.region_code
    left join core.dim_region as village on after.village_code = village.region_code
    where after.income_per_capita >= line.line and after.income_per_capita < line.line * (1 + ?)
    order by above, after.household_key
"""
_SPREAD = """
    select least(floor(income_per_capita / 50), 39)::integer * 50 as from_yuan, count(*) as households
    from family_before where income_per_capita >= 0
    group by all order by from_yuan
"""


@dataclass(frozen=True)
class Answer:
    """What the changes would do in ``month``, in yuan a month.

    ``flow`` has a row a town and programme; ``moved`` a row a family that changes its tier; ``near`` a row a family
    within five per cent above a line; ``spread`` the families by per-capita income in steps of 50 yuan, the last open.
    """

    month: date
    version: str
    changes: list[Change]
    lines: dict[str, tuple[Decimal, Decimal]]
    flow: list[dict[str, Any]]
    moved: list[dict[str, Any]]
    near: list[dict[str, Any]]
    spread: list[dict[str, Any]]
    towns: dict[str, str]
    unstated: int

    def by(self, column: str) -> dict[str, dict[str, Any]]:
        """The flow added up by ``programme`` or ``town_code``."""
        totals: dict[str, dict[str, Any]] = {}
        for row in self.flow:
            total = totals.setdefault(row[column], {})
            for name, value in row.items():
                if name not in ("town_code", "programme"):
                    total[name] = total.get(name, 0) + value
        return totals

    @property
    def monthly_change(self) -> Decimal:
        """What a month would cost more, in yuan; negative where it would cost less."""
        return sum((row["amount_after"] - row["amount_before"] for row in self.flow), Decimal(0))


def answer(workbench: Workbench, changes: list[Change]) -> Answer:
    """Run the means test and the tariffs of the newest month with ``changes`` in place; reads, never writes."""
    connection = workbench.connection
    workbench.replace("intermediate.int_months", "select max(month) as month from built.intermediate.int_months")
    for relation in ("int_household_income_month", "int_roster_month", "int_certificate_month"):
        workbench.replace(
            f"intermediate.{relation}",
            f"from built.intermediate.{relation} semi join intermediate.int_months using (month)",
        )
    workbench.replace("intermediate.int_member_month", _MEMBERS)
    _compute(workbench, "before")
    lowest_age = connection.execute("select min(from_age) from intermediate.int_elder_tariff_month").fetchall()[0][0]
    workbench.replace("core.dim_parameter", *_changed_parameters(changes))
    _compute(workbench, "after")
    connection.execute(f"insert into amount_after {_NEW_ELDERS}", [lowest_age])
    month = connection.execute("select month from intermediate.int_months").fetchall()[0][0]
    return Answer(
        month=month,
        version=workbench.version,
        changes=changes,
        lines=_lines(workbench),
        flow=rows(connection, _FLOW),
        moved=rows(connection, _MOVED),
        near=rows(connection, _NEAR, [NEAR_SHARE]),
        spread=rows(connection, _SPREAD),
        towns=dict(connection.execute("select region_code, name from core.dim_region where level = 'town'").fetchall()),
        unstated=connection.execute(
            "select count(*) from intermediate.int_household_means_month where holds and assessed_tier is null"
        ).fetchall()[0][0],
    )


def _compute(workbench: Workbench, side: str) -> None:
    workbench.run(*_POLICY_MODELS, *_MEANS_MODELS)
    workbench.connection.execute(f"create temp table family_{side} as {_FAMILIES}")
    workbench.connection.execute(f"create temp table amount_{side} as from intermediate.int_policy_amount")


def _changed_parameters(changes: list[Change]) -> tuple[str, list[Any]]:
    """The policy rows with each changed value in place of the one in force; a new band begins with the month."""
    wanted = ", ".join("(?, ?, cast(? as decimal(18, 6)))" for _ in changes)
    sql = f"""
        with wanted as (select * from (values {wanted}) as asked(parameter, category, value)),
        month as (select max(month) as month from intermediate.int_months),
        kept as (
            select policy.* replace (
                case
                    when policy.valid_from <= month.month and coalesce(policy.valid_to > month.month, true)
                        then coalesce(wanted.value, policy.value)
                    else policy.value
                end as value
            )
            from built.core.dim_parameter as policy
            cross join month
            left join wanted on policy.parameter = wanted.parameter and policy.category = wanted.category
        )
        select * from kept
        union all by name
        select wanted.parameter, wanted.category, month.month as valid_from, wanted.value
        from wanted cross join month
        anti join kept on wanted.parameter = kept.parameter and wanted.category = kept.category
    """
    return sql, [value for change in changes for value in (change.parameter, change.category, change.after)]


def _lines(workbench: Workbench) -> dict[str, tuple[Decimal, Decimal]]:
    """The two lines of the ladder, before and after."""
    found = {}
    for name, column in (("低保标准", "standard"), ("边缘标准", "edge_line")):
        sides = [
            workbench.connection.execute(f"select max({column}) from family_{side}").fetchall()[0][0]
            for side in ("before", "after")
        ]
        found[name] = (sides[0] or Decimal(0), sides[1] or Decimal(0))
    return found


def tier_labels(workbench: Workbench) -> dict[str, str]:
    """The Chinese name of every programme by its code, in the order in which programmes are listed, and of no tier."""
    found = workbench.connection.execute(
        "select programme, label_zh from seeds.programmes order by position"
    ).fetchall()
    return {**dict(found), "none": "不符合"}
