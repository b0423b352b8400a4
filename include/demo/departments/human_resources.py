"""Pensions, contributions and unemployment; and the treasury's neighbours that see wages: tax and housing fund."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from include.demo.departments.planted import followed, planted
from include.demo.departments.public_money import holders
from include.demo.moments import EMPTY, WINDOW, age_in_month, day, first_day, last_day, month_of
from include.demo.tables import (
    Table,
    code,
    days,
    digits,
    ids,
    join,
    money,
    months,
    names,
    number,
    pick,
    text,
    whole,
    words,
)
from include.demo.vocabulary import FIRM_PLACES, FIRM_TRADES, PUBLIC_UNITS
from include.demo.world import World

SCHEMES = ("企业职工", "机关事业", "城乡居民")
BASIC = 17_300
"""The residents' basic pension in cents, which is no income for dibao."""

_FIRMS = tuple(f"南通{place}{trade}有限公司" for place in FIRM_PLACES for trade in FIRM_TRADES)
_UNITS = tuple(f"海门区{unit}" for unit in PUBLIC_UNITS)


def employer_names(world: World, person: np.ndarray) -> pa.Array:
    """The employer of each person: a firm, or a public unit for those paid by the treasury."""
    place = np.where(world.is_public[person], len(_FIRMS) + person % len(_UNITS), person % len(_FIRMS))
    return pick(_FIRMS + _UNITS, place)


def wages(person: np.ndarray) -> np.ndarray:
    """Monthly wage of an employed person, in cents."""
    return (320_000 + person.astype("int64") * 7_919 % 900_000) // 10_000 * 10_000


def pension_scheme(world: World, person: np.ndarray) -> np.ndarray:
    """The scheme, a place in ``SCHEMES``, that pays each old person."""
    return np.where(world.has_pension[person], np.where(person % 10 == 0, 1, 0), 2)


def residents_pension(world: World, person: np.ndarray) -> np.ndarray:
    """What the residents' scheme pays an old person a month beyond the basic pension, in cents."""
    recorded = np.full(len(world.people), -1, dtype="int64")
    recorded[world.assistance.member] = world.assistance.pension // 12
    return np.where(recorded[person] >= 0, recorded[person], 1_000 + person % 40 * 100)


def pension(world: World, index: int) -> list[Table]:
    """养老待遇: everybody of sixty and more; the dead and those who moved stay listed as ended."""
    people, at = world.people, WINDOW[index]
    extra = planted(world, "pension", index)
    person = np.flatnonzero(people.is_registered & (age_in_month(people.birth, at) >= 60))
    replaced = [row["person"] * len(SCHEMES) + row["scheme"] for row in extra]
    person = person[~np.isin(person * len(SCHEMES) + pension_scheme(world, person), replaced)]
    enterprise = world.has_pension[person]
    scheme = pension_scheme(world, person)
    own = residents_pension(world, person)
    amount = np.where(enterprise, 180_000 + person * 6_151 % 260_000 // 100 * 100, BASIC + own)
    died, moved = people.died_on[person], people.moved_on[person]
    is_known = (died != EMPTY) & ((people.cancelled_on[person] != EMPTY) | people.in_certificate[person])
    ended_on = np.where(is_known, died, moved)
    stopped_on = np.where(ended_on == EMPTY, EMPTY, first_day(month_of(np.maximum(ended_on, 0)) + 1))
    is_over = (stopped_on != EMPTY) & (stopped_on <= last_day(at))
    reason = np.where(is_over, np.where(is_known, "死亡", "户籍迁移"), "")
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                code("险种", followed(scheme, extra, "scheme"), SCHEMES),
                words("待遇状态", followed(np.where(is_over, "终止", "正常"), extra, "status")),
                money("月待遇额", followed(amount, extra, "amount")),
                money("其中基础养老金", followed(np.where(enterprise, EMPTY, BASIC), extra, "basic")),
                text("停发原因", followed(reason, extra, "reason")),
                days("停发日期", followed(np.where(is_over, stopped_on, EMPTY), extra, "stopped_on")),
                days("生存认证日期", day(2020, 9, 1) + who % 90),
            ],
            who,
        )
    ]


def contribution(world: World, index: int) -> list[Table]:
    """社会保险缴费 of one month: employers' for the employed, the flexibly employed on their own."""
    people, at = world.people, WINDOW[index]
    age = age_in_month(people.birth, WINDOW[0])
    works = world.is_employed | world.is_public
    quiet = people.is_registered & ~world.poor & ~world.reserved & ~works
    flexible = quiet & (age >= 20) & (age < 59) & (np.arange(len(people)) % 8 == 3)
    residents = quiet & ~flexible & (age >= 20) & (age < 60) & (np.arange(len(people)) % 10 == index)
    person = np.flatnonzero((works | flexible | residents) & (world.leaves > at))
    scheme = np.select([works[person], flexible[person]], [0, 1], 2)
    employer = np.array(employer_names(world, person), dtype=object)
    employer[scheme > 0] = None
    base = np.where(scheme == 2, EMPTY, np.maximum(wages(person), 380_000))
    extra = planted(world, "contribution", index)
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("单位名称", followed(employer, extra, "employer")),
                code("缴费类型", followed(scheme, extra, "scheme"), ("单位", "灵活就业", "城乡居民")),
                money("缴费基数", followed(base, extra, "base")),
                months("缴费年月", np.full(len(who), at)),
            ],
            who,
        )
    ]


def unemployment(world: World, index: int) -> list[Table]:
    """失业登记: people who receive nothing, and the planted ones."""
    people, random = world.people, world.streams.of("unemployment")
    age = age_in_month(people.birth, WINDOW[0])
    quiet = (
        people.is_registered
        & ~holders(world)
        & ~world.reserved
        & (age >= 22)
        & (age < 57)
        & ~world.is_employed
        & ~world.is_public
    )
    person = random.choice(np.flatnonzero(quiet), max(90, round(2_500 * world.scale)), replace=False)
    since = day(2020, 3, 1) + person % 300
    left = np.maximum(14 - (WINDOW[index] - month_of(since)), 0)
    extra = [row | {"left": row["left"][index]} for row in planted(world, "unemployment", index)]
    who = followed(person, extra, "person")
    return [
        Table(
            [
                text("登记号码", join("SY", digits(who, 9))),
                ids("身份证号", people, who),
                names("姓名", people, who),
                days("失业登记时间", followed(since, extra, "since")),
                text("失业原因", pick(("合同期满", "单位裁员", "单位破产", "个人辞职"), who % 4)),
                whole("剩余失业保险金月数", followed(left, extra, "left")),
                text("原单位", employer_names(world, who)),
            ],
            who,
        )
    ]


def personal_income(world: World, index: int) -> list[Table]:
    """个人所得税申报: wages of the employed."""
    people, at = world.people, WINDOW[index]
    declared = (world.is_employed & (np.arange(len(people)) % 20 < 17)) | world.is_public
    person = np.flatnonzero(declared & (world.leaves > at))
    payer = np.array(employer_names(world, person), dtype=object)
    extra = planted(world, "personal_income", index)
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("扣缴单位名称", followed(payer, extra, "payer")),
                text("所得项目名称", followed(np.full(len(person), "工资薪金所得"), extra, "item")),
                months("税款所属期", np.full(len(who), at)),
                money("收入额", followed(wages(person), extra, "income")),
            ],
            who,
        )
    ]


def housing_fund(world: World, index: int) -> list[Table]:
    """住房公积金缴存."""
    people, at = world.people, WINDOW[index]
    member = (world.is_employed & (np.arange(len(people)) % 100 < 38)) | world.is_public
    person = np.flatnonzero(member & (world.leaves > at))
    rate = np.where(world.is_public[person], 0.12, 0.08)
    employer = np.array(employer_names(world, person), dtype=object)
    loan = np.where(person % 5 == 0, 250_000 + person % 31 * 5_000, EMPTY)
    extra = planted(world, "housing_fund", index)
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("单位名称", followed(employer, extra, "employer")),
                months("汇缴年月", np.full(len(who), at)),
                money("职工月缴额", followed((wages(person) * rate).round(), extra, "amount")),
                number("职工缴交率", followed(rate, extra, "rate")),
                money("贷款月还金额", followed(loan, extra, "loan")),
            ],
            who,
        )
    ]
