"""Firms and posts, schools, and the verification centre's answers about deposits and securities."""

from __future__ import annotations

import numpy as np

from include.demo.departments.planted import concerned, followed, planted
from include.demo.departments.public_money import holders
from include.demo.moments import EMPTY, WINDOW, age_in_month, day, first_day
from include.demo.programmes.assistance import LIVES_HERE
from include.demo.tables import Table, days, digits, ids, join, money, names, pick, text, words, yes
from include.demo.vocabulary import FIRM_PLACES, FIRM_TRADES, SCHOOLS_HIGH, SCHOOLS_MIDDLE, SCHOOLS_PRIMARY
from include.demo.world import World

_KINDS = ("企业", "个体工商户", "农民专业合作社", "村集体经济组织")
_ROLES = ("法定代表人", "股东", "董事", "监事", "经理", "经营者", "成员")
STAGES = ("小学", "初中", "高中", "中职", "大专", "本科", "研究生")


def business(world: World, index: int) -> list[Table]:
    """市场主体任职与投资: posts of those who are not poor, and everybody's share in the village collective."""
    people, random = world.people, world.streams.of("business")
    age = age_in_month(people.birth, WINDOW[0])
    quiet = people.is_registered & ~holders(world) & ~world.reserved & (age >= 22) & (age < 75)
    person = random.choice(np.flatnonzero(quiet), round(62_000 * world.scale) + 60, replace=False)
    kind = random.choice(3, len(person), p=[0.42, 0.55, 0.03])
    role = np.where(
        kind == 1, 5, np.where(kind == 2, 6, random.choice(5, len(person), p=[0.4, 0.35, 0.05, 0.15, 0.05]))
    )
    village_members = np.flatnonzero(
        people.is_registered & (age >= 30) & (np.arange(len(people)) % 150 == 7) & ~world.reserved
    )
    who = np.concatenate([person, village_members])
    kind = np.concatenate([kind, np.full(len(village_members), 3)])
    role = np.concatenate([role, np.full(len(village_members), 6)])
    serial = np.where(
        kind == 3, people.village[who].astype("int64") + 900_000_000, np.where(kind == 0, who // 3, who + 400_000_000)
    )
    firms = [f"南通{place}{trade}" for place in FIRM_PLACES for trade in FIRM_TRADES]
    ending = pick(("有限公司", "经营部", "专业合作社", "股份经济合作社"), kind)
    title = join(pick(firms, serial % len(firms)), digits(serial % 9973, 1), ending)
    status = np.array([0] * 9 + [2])[who % 10]
    number = join(pick(("91320614", "92320614", "93320614", "N2320614"), kind), "M", digits(serial, 9))
    capital = np.where(np.isin(role, (0, 1)), who % 50 * 1_000_000, EMPTY)
    extra = planted(world, "business", index)
    who = followed(who, extra, "person")
    return [
        Table(
            [
                text("统一社会信用代码", followed(np.array(number, dtype=object), extra, "number")),
                text("企业名称", followed(np.array(title, dtype=object), extra, "title")),
                words("主体类型", followed(np.array(_KINDS)[kind], extra, "kind")),
                ids("身份证号", people, who),
                names("姓名", people, who),
                words("任职类型", followed(np.array(_ROLES)[role], extra, "role")),
                money("认缴出资额", followed(capital, extra, "capital")),
                days("成立日期", followed(day(2008, 1, 1) + serial % 4_600, extra, "founded_on")),
                words("登记状态", followed(np.array(("存续", "吊销", "注销"))[status], extra, "status")),
            ],
            who,
        )
    ]


def enrolment(world: World, index: int) -> list[Table]:
    """在校学生: the lists of January, March and September."""
    if index not in (0, 2, 8):
        return []
    people, at = world.people, WINDOW[index]
    # a school year begins in September: pupils are as old as they were at its beginning
    year = 2021 if index == 8 else 2020
    age = age_in_month(people.birth, year * 12 + 8)
    goes = people.is_registered & (world.leaves > at) & (age >= 6) & (age < 22)
    goes &= (age < 18) | (np.arange(len(people)) % 10 < 6)
    goes[concerned(world, "enrolment", "person")] = False
    person = np.flatnonzero(goes)
    age = age[person]
    stage = np.select(
        [age < 12, age < 15, (age < 18) & (person % 3 > 0), age < 18, person % 2 == 0], [0, 1, 2, 3, 4], 5
    )
    length = np.array([6, 3, 3, 3, 3, 4])[stage]
    begins_at = np.array([6, 12, 15, 15, 18, 18])[stage]
    began = year - (age - begins_at)
    school = np.select(
        [stage == 0, stage == 1, stage == 2, stage == 3],
        [
            np.array(SCHOOLS_PRIMARY)[person % len(SCHOOLS_PRIMARY)],
            np.array(SCHOOLS_MIDDLE)[person % len(SCHOOLS_MIDDLE)],
            np.array(SCHOOLS_HIGH)[person % 2],
            SCHOOLS_HIGH[2],
        ],
        "外地高校",
    )
    first = np.array([day(value, 9, 1) for value in range(2009, 2023)])
    last = np.array([day(value, 6, 30) for value in range(2009, 2035)])
    extra = planted(world, "enrolment", index)
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("学校", followed(school, extra, "school")),
                words("学段", followed(np.array(STAGES)[stage], extra, "stage")),
                days("入学日期", followed(first[began - 2009], extra, "enrolled_on")),
                days(
                    "预计毕业日期",
                    followed(last[np.maximum(began + length, year + 1) - 2009], extra, "graduates_on"),
                ),
            ],
            who,
        )
    ]


def asset_check(world: World, index: int) -> list[Table]:
    """家庭经济状况核对反馈: each household about once a year, nothing above a limit; and the planted checks."""
    help_, people, at = world.assistance, world.people, WINDOW[index]
    is_planted = np.isin(help_.member, concerned(world, "asset_check", "person"))
    spared = np.isin(help_.member_household, help_.member_household[is_planted])
    rows = np.flatnonzero(
        help_.present(index) & (help_.role == LIVES_HERE) & (help_.member_household % 12 == index) & ~spared
    )
    home, person = help_.member_household[rows], help_.member[rows]
    single = world.extreme.person[np.flatnonzero(world.extreme.held(index))]
    single = single[(single % 12 == index) & ~np.isin(single, concerned(world, "asset_check", "person"))]
    who = np.concatenate([person, single])
    homes = np.concatenate([help_.number[home].astype(object), np.full(len(single), None, dtype=object)])
    place = np.concatenate([home, 500_000 + single])
    zero = np.zeros(len(who), dtype="int64")
    fund = np.where(who % 40 == 0, 50_000, 0)
    number = np.array(join(f"HD{at // 12}{at % 12 + 1:02d}01", digits(place, 7)), dtype=object)
    extra = planted(world, "asset_check", index)
    who = followed(who, extra, "person")
    return [
        Table(
            [
                text("核对编号", followed(number, extra, "number")),
                text("家庭编号", followed(homes, extra, "household_no")),
                ids("身份证号", people, who),
                days("核对时间", followed(first_day(at) + 5 + place % 20, extra, "checked_on")),
                yes("个人存款是否超限", followed(zero, extra, "deposit_over")),
                yes("家庭存款是否超限", followed(zero, extra, "household_deposit_over")),
                money("股票总市值", followed(zero, extra, "stock")),
                money("基金总市值", followed(fund, extra, "fund")),
                money("债券总市值", followed(zero, extra, "bond")),
            ],
            who,
        )
    ]


def poverty_monitor(world: World, index: int) -> list[Table]:
    """防止返贫监测对象: where a risk remains, the person is helped already; and the planted ones."""
    people, help_, random = world.people, world.assistance, world.streams.of("poverty_monitor")
    steady = (
        help_.always()[help_.member_household]
        & help_.covered
        & (help_.role == LIVES_HERE)
        & ~world.reserved[help_.member]
    )
    helped = help_.member[steady]
    helped = helped[(people.died_on[helped] == EMPTY) & (people.moved_on[helped] == EMPTY)][::6]
    quiet = (
        people.is_registered
        & ~holders(world)
        & ~world.reserved
        & (people.birth < day(1995, 1, 1))
        & (people.birth > day(1950, 1, 1))
    )
    others = random.choice(np.flatnonzero(quiet), max(60, round(900 * world.scale)), replace=False)
    who = np.concatenate([helped, others])
    removed = np.concatenate([np.zeros(len(helped), dtype="int64"), np.ones(len(others), dtype="int64")])
    identified_on = day(2019, 3, 1) + who % 500
    extra = planted(world, "poverty_monitor", index)
    who = followed(who, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("风险类型", pick(("因病", "因残", "缺劳力", "因灾"), who % 4)),
                yes("风险是否消除", followed(removed, extra, "removed")),
                days("识别日期", followed(identified_on, extra, "identified_on")),
            ],
            who,
        )
    ]


def marriage(world: World, index: int) -> list[Table]:
    """婚姻登记: couples nobody of whom is helped."""
    people, random, at = world.people, world.streams.of("marriage", index), WINDOW[index]
    age = age_in_month(people.birth, WINDOW[0])
    quiet = people.is_registered & ~holders(world) & ~world.reserved & (world.leaves > at) & (age >= 23) & (age < 50)
    free = quiet & (people.spouse < 0)
    men, women = np.flatnonzero(free & (people.is_male == 1)), np.flatnonzero(free & (people.is_male == 0))
    weddings = min(max(3, round(330 * world.scale)), len(men) // 12, len(women) // 12)
    men, women = (random.permutation(side)[index::12][:weddings] for side in (men, women))
    weddings = min(len(men), len(women))
    wives = np.flatnonzero(quiet & (people.is_male == 0) & (people.spouse >= 0))
    wives = wives[quiet[people.spouse[wives]]]
    wives = random.permutation(wives)[: max(2, round(120 * world.scale))]
    male = np.concatenate([men[:weddings], people.spouse[wives]])
    female = np.concatenate([women[:weddings], wives])
    is_divorce = np.arange(len(male)) >= weddings
    number = join(
        pick(("J", "L"), is_divorce.astype("int64")),
        f"320614-{at // 12}-",
        digits(at % 12 * 10_000 + np.arange(len(male)) + 1, 6),
    )
    registered_on = first_day(at) + random.integers(0, 28, len(male))
    extra = planted(world, "marriage", index)
    husband, wife = followed(male, extra, "husband"), followed(female, extra, "wife")
    return [
        Table(
            [
                text("证书编号", followed(np.array(number, dtype=object), extra, "number")),
                words("登记类型", followed(np.where(is_divorce, "离婚", "结婚"), extra, "kind")),
                names("男方姓名", people, husband),
                ids("男方身份证号", people, husband),
                names("女方姓名", people, wife),
                ids("女方身份证号", people, wife),
                days("登记日期", followed(registered_on, extra, "registered_on")),
            ],
            husband,
        )
    ]
