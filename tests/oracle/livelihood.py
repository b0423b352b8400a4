"""What a person earns and needs, as the departments that see it report it."""

from __future__ import annotations

from datetime import timedelta

from tests.oracle.district import (
    BUSINESS,
    CHECK,
    CONTRIBUTION,
    COUNT,
    ENROLMENT,
    EXIT_ENTRY,
    FIRST,
    FUND,
    INCIDENT,
    INCOME,
    LONG_TERM_CARE,
    MARRIAGE,
    MONITOR,
    PENSION,
    SETTLEMENT,
    UNEMPLOYMENT,
    Fuzz,
    Person,
    Row,
    first,
    last,
    month_of,
)

_WAGES = [1200, 1620, 2430, 5000]


def earn(fuzz: Fuzz, person: Person) -> None:
    """Pensions, wages, taxed income, businesses."""
    who: Row = {"id_no": fuzz.number(person), "name": fuzz.variant(person)}
    if fuzz.chance(0.3):
        stopped = fuzz.chance(0.3)
        fuzz.say(
            PENSION,
            who
            | {
                "scheme": fuzz.rng.choice(["企业职工", "机关事业", "城乡居民"]),
                "status": "暂停" if stopped else "正常",
                "monthly_amount": fuzz.rng.choice(_WAGES),
                "basic_amount": fuzz.rng.choice([None, 200]),
                "stop_reason": fuzz.rng.choice(["死亡", "未认证", "其他", None]) if stopped else None,
                "stopped_on": fuzz.rng.choice([None, fuzz.near(fuzz.any_month())]) if stopped else None,
            },
        )
    wage, employer, rate = (
        fuzz.rng.choice(_WAGES),
        fuzz.rng.choice(["甲厂", "乙厂"]),
        fuzz.rng.choice([0.12, 5, 0, None]),
    )
    for dataset, share in ((CONTRIBUTION, 0.15), (INCOME, 0.15), (FUND, 0.15)):
        if not fuzz.chance(share):
            continue
        for month in range(FIRST - 7, FIRST + COUNT):
            if fuzz.chance(0.55):
                fuzz.fact(
                    dataset,
                    who
                    | {
                        "employer": employer,
                        "payer": employer,
                        "scheme": "单位",
                        "base": wage,
                        "month": month,
                        "item": "工资",
                        "income": wage,
                        "employee_amount": wage // 10,
                        "employee_rate": rate,
                        "loan_monthly": fuzz.rng.choice([None, 0, 900]),
                    },
                    month,
                )
    if fuzz.chance(0.15):
        day = fuzz.near(fuzz.any_month(13))
        fuzz.fact(
            CHECK,
            {
                "check_no": fuzz.next_number("HD"), "household_no": None, "id_no": who["id_no"], "checked_on": day,
                "deposit_over": fuzz.rng.choice([None, "否", "是"]), "household_deposit_over": "否",
                "stock_value": fuzz.rng.choice([None, 810 * 24, 840 * 24, 840 * 36]),
                "fund_value": 0, "bond_value": None,
            },
            month_of(day),
        )  # fmt: skip
    if fuzz.chance(0.15):
        kind = fuzz.rng.choice(["企业", "企业", "个体工商户"])
        posts = ["经营者"] if kind == "个体工商户" else ["法定代表人", "股东", "成员"]
        fuzz.say(
            BUSINESS,
            who
            | {
                "credit_code": fuzz.next_number("XY"),
                "business_name": "某店",
                "business_kind": kind,
                "role": fuzz.rng.choice(posts),
                "capital": fuzz.rng.choice([None, 0, 99_999, 100_000]),
                "founded_on": fuzz.near(fuzz.any_month()),
                "status": fuzz.rng.choice(["存续"] * 4 + ["注销"]),
            },
        )


def need(fuzz: Fuzz, person: Person) -> None:
    """School, illness, care, unemployment, hardship, marriages and journeys."""
    who: Row = {"id_no": fuzz.number(person), "name": fuzz.variant(person)}
    if person.born.year in range(2004, 2012) and fuzz.chance(0.6):
        day = fuzz.rng.choice([None, fuzz.near(fuzz.any_month(5))])
        fuzz.say(ENROLMENT, who | {"school": "某校", "stage": "高中", "graduates_on": day})
    for _ in range(fuzz.rng.choice([0, 0, 0, 1, 2, 4])):
        day = fuzz.near(fuzz.any_month(16))
        fuzz.fact(
            SETTLEMENT,
            who
            | {
                "settlement_no": fuzz.next_number("JS"),
                "settled_on": day,
                "total": 90_000,
                "cash": fuzz.rng.choice([500, 5_000, 9_999, 10_000, 29_999]),
                "diagnosis": fuzz.rng.choice(["C50.9", "c91.0", "E11.2", "E11.9", "Q21", "J06", "N18.0", None]),
            },
            month_of(day),
        )
    if fuzz.chance(0.1):
        start = fuzz.near(fuzz.any_month(2))
        end = fuzz.rng.choice([None, start + timedelta(days=45)])
        fuzz.say(LONG_TERM_CARE, who | {"start_on": start, "end_on": end})
    if fuzz.chance(0.12):
        fuzz.say(
            UNEMPLOYMENT,
            who
            | {
                "registration_no": fuzz.next_number("SY"),
                "registered_on": first(FIRST - 3),
                "benefit_months_left": fuzz.rng.choice([None, 0, 1, 2]),
            },
        )
    if fuzz.chance(0.15):
        fuzz.say(
            MONITOR,
            who
            | {
                "risk": "因病",
                "risk_removed": fuzz.rng.choice(["是", "否"]),
                "identified_on": fuzz.rng.choice([None, first(FIRST - 5)]),
            },
        )
    if fuzz.chance(0.1):
        day, numbered = fuzz.near(fuzz.any_month(0)), fuzz.chance(0.7)
        fuzz.fact(
            INCIDENT,
            {
                "incident_no": fuzz.next_number("SG"),
                "kind": "火灾",
                "occurred_on": day,
                "id_no": person.id_no if numbered else None,
                "name": person.name,
                "address": f"试验区{person.village}5组",
                "casualty": fuzz.rng.choice([None, "无", "受伤"]),
                "house_damage": fuzz.rng.choice([None, "是", "否"]),
            },
            month_of(day),
        )
    if fuzz.chance(0.08):
        day = fuzz.near(fuzz.any_month(5))
        back = fuzz.rng.choice([None, day + timedelta(days=89), day + timedelta(days=120)])
        fuzz.fact(
            EXIT_ENTRY,
            who | {"exited_on": day, "entered_on": back if back is None or back <= last(FIRST + COUNT - 1) else None},
            month_of(day),
        )
    if fuzz.chance(0.1):
        other, day = fuzz.rng.choice(fuzz.people), fuzz.near(fuzz.any_month(3))
        fuzz.fact(
            MARRIAGE,
            {
                "certificate_no": fuzz.next_number("JH"),
                "kind": "结婚",
                "male_name": person.name,
                "male_id_no": person.id_no,
                "female_name": other.name,
                "female_id_no": other.id_no,
                "registered_on": day,
            },
            month_of(day),
        )
