"""Medical insurance: settlements, and long-term care."""

from __future__ import annotations

import numpy as np

from include.demo.departments.planted import concerned, followed, planted
from include.demo.moments import EMPTY, WINDOW, age_in_month, day, first_day
from include.demo.tables import Table, days, digits, ids, join, money, names, pick, text
from include.demo.vocabulary import HOSPITALS
from include.demo.world import World

_COMMON = ("I10.x00", "J06.900", "K29.500", "M54.500", "H25.900", "J18.900", "I25.103", "N39.000", "K80.200", "R51.x00")
_LISTED = ("C34.900", "C16.900", "E11.200", "N18.500", "J44.100", "M05.900", "K74.600")
_MOST_CASH = 95_000
"""Cents of cash a person pays a month at most: ten months stay below what would call for help."""


def settlement(world: World, index: int) -> list[Table]:
    """医疗费用结算: once a month at most; listed diseases only among those who are not poor, and planted ones."""
    people, random, at = world.people, world.streams.of("settlement", index), WINDOW[index]
    alive = people.is_registered & (world.leaves > at) & (people.birth < first_day(WINDOW[0]))
    alive[concerned(world, "settlement", "person")] = False
    person = random.choice(np.flatnonzero(alive), max(200, round(60_000 * world.scale)), replace=False)
    ages = age_in_month(people.birth[person], at)
    is_stay = random.random(len(person)) < np.where(ages > 65, 0.2, 0.06)
    total = (
        np.where(is_stay, random.gamma(3.0, 250_000.0, len(person)), random.gamma(2.0, 18_000.0, len(person))).astype(
            "int64"
        )
        + 500
    )
    cash = np.minimum((total * random.uniform(0.05, 0.3, len(person))).astype("int64"), _MOST_CASH)
    aided = world.poor[person]
    pooled = ((total - cash) * 0.8).astype("int64")
    aid = np.where(aided, total - cash - pooled, 0)
    settled_on = first_day(at) + random.integers(0, 28, len(person))
    is_listed = ~aided & (random.random(len(person)) < 0.05) & ~world.reserved[person]
    diagnosis = np.where(is_listed, np.array(_LISTED)[person % len(_LISTED)], np.array(_COMMON)[person % len(_COMMON)])
    number = join(f"YB{at // 12}{at % 12 + 1:02d}", digits(np.arange(len(person)) + 1, 7))
    extra = planted(world, "settlement", index)
    none = np.zeros(len(extra), dtype="int64")
    who = followed(person, extra, "person")
    is_stay = np.append(is_stay, none == 0)
    settled_on, cash = followed(settled_on, extra, "settled_on"), followed(cash, extra, "cash")
    pooled, aid = followed(pooled, extra, "cash"), np.append(aid, none)
    total = np.append(total, 2 * cash[len(person) :])
    table = Table(
        [
            text("结算流水号", followed(np.array(number, dtype=object), extra, "number")),
            ids("身份证号", people, who),
            names("姓名", people, who),
            text("医院名称", pick(HOSPITALS, who % len(HOSPITALS))),
            text("诊断编码", followed(diagnosis, extra, "diagnosis")),
            days("入院时间", np.where(is_stay, settled_on - 7, EMPTY)),
            days("结算日期", settled_on),
            money("总费用", total),
            money("统筹支出", pooled),
            money("大病保险支出", np.zeros(len(who), dtype="int64")),
            money("医疗救助支出", aid),
            money("个人账户支出", total - cash - pooled - aid),
            money("现金支付", cash),
        ],
        who,
    )
    return [table.take(np.flatnonzero(is_stay), "住院"), table.take(np.flatnonzero(~is_stay), "门诊")]


def long_term_care(world: World, index: int) -> list[Table]:
    """长期护理保险待遇: old people without a disability certificate, and the planted ones."""
    people, random, at = world.people, world.streams.of("long_term_care"), WINDOW[index]
    certified = np.zeros(len(people), dtype=bool)
    certified[world.certificates.person] = True
    certified[world.nursing.person] = True
    old = people.is_registered & ~certified & ~world.reserved & (age_in_month(people.birth, WINDOW[0]) >= 65)
    person = random.choice(np.flatnonzero(old), max(80, round(4_000 * world.scale)), replace=False)
    start = day(2018, 1, 1) + person % 1_000
    ended = np.where(world.leaves[person] < at, people.died_on[person], EMPTY)
    extra = planted(world, "long_term_care", index)
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("失能等级", pick(("中度", "重度", "重度失智"), who % 3)),
                money("待遇标准", 36_000 + who % 3 * 12_000),
                days("待遇开始日期", followed(start, extra, "start_on")),
                days("待遇终止日期", followed(ended, extra, "end_on")),
            ],
            who,
        )
    ]
