"""Borders, accidents, calls for help, and what villages answered to earlier alerts."""

from __future__ import annotations

import numpy as np

from include.demo.departments.planted import followed, planted
from include.demo.departments.public_money import holders
from include.demo.moments import EMPTY, WINDOW, first_day
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
    nothing,
    pick,
    text,
    words,
    yes,
)
from include.demo.world import World


def exit_entry(world: World, index: int) -> list[Table]:
    """出入境记录 of a quarter: journeys of people who receive nothing, and the planted ones."""
    if index % 3:
        return []
    people, random = world.people, world.streams.of("exit_entry", index)
    quiet = people.is_registered & ~holders(world) & ~world.reserved & (people.birth < 12_000)
    person = random.choice(np.flatnonzero(quiet), max(20, round(900 * world.scale)), replace=False)
    begin = int(first_day(WINDOW[index] - 2))
    exited = begin + random.integers(0, 80, len(person))
    entered = np.where(random.random(len(person)) < 0.85, exited + random.integers(3, 60, len(person)), EMPTY)
    entered = np.where(entered > first_day(WINDOW[index] + 1), EMPTY, entered)
    extra = planted(world, "exit_entry", index)
    who = followed(person, extra, "person")
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                days("出境日期", followed(exited, extra, "exited_on")),
                days("入境日期", followed(entered, extra, "entered_on")),
            ],
            who,
        )
    ]


def incident(world: World, index: int) -> list[Table]:
    """火灾、交通事故、自然灾害: residents came off unhurt, planted ones apart; those hurt were passing through."""
    people, random, at = world.people, world.streams.of("incident", index), WINDOW[index]
    quiet = people.is_registered & ~holders(world) & ~world.reserved & (world.leaves > at)
    residents = random.choice(np.flatnonzero(quiet), max(3, round(25 * world.scale)), replace=False)
    strangers = len(people) - 700 + (np.arange(max(2, round(9 * world.scale))) + index * 40) % 400
    who = np.concatenate([residents, strangers])
    is_stranger = np.arange(len(who)) >= len(residents)
    known = np.where(is_stranger & (who % 3 == 0), -1, who)
    number = join(f"SJ{at // 12}{at % 12 + 1:02d}", digits(np.arange(len(who)) + 1, 5))
    occurred_on = first_day(at) + random.integers(0, 28, len(who))
    extra = planted(world, "incident", index)
    village = followed(people.village[who], extra, "village")
    who, ordinary = followed(who, extra, "person"), len(who)
    return [
        Table(
            [
                text("事件编号", followed(np.array(number, dtype=object), extra, "number")),
                words("事件类型", np.array(["火灾", "交通事故", "自然灾害", "工伤事故"])[who % 4]),
                days("发生日期", followed(occurred_on, extra, "occurred_on")),
                ids("身份证号", people, followed(known, extra, "known")),
                names("姓名", people, who),
                text(
                    "地址",
                    join(
                        pick(
                            [f"海门区{name}" for name in world.geography.town_name],
                            world.geography.village_town[village],
                        ),
                        pick(list(world.geography.village_name), village),
                    ),
                ),
                words("伤亡情况", followed(np.where(is_stranger, "受伤", "无"), extra, "casualty")),
                yes("房屋受损", followed(np.zeros(ordinary, dtype="int64"), extra, "house_damage")),
            ],
            who,
        )
    ]


_CALLS = (
    "咨询低保申请条件",
    "反映残疾人补贴未到账",
    "咨询尊老金如何申领",
    "反映邻居生活困难，无人照料",
    "咨询临时救助",
    "反映房屋漏雨",
)


def ticket(world: World, index: int) -> list[Table]:
    """12345 涉救助工单."""
    people, random, at = world.people, world.streams.of("ticket", index), WINDOW[index]
    pool = np.flatnonzero(people.is_registered & (people.birth < 12_000) & (people.birth > -14_000))
    person = random.choice(pool, max(8, round(420 * world.scale)), replace=False)
    subject = random.integers(0, len(_CALLS), len(person))
    geography = world.geography
    return [
        Table(
            [
                text("工单号", join(f"GD{at // 12}{at % 12 + 1:02d}", digits(np.arange(len(person)) + 1, 6))),
                days("受理时间", first_day(at) + random.integers(0, 28, len(person))),
                names("诉求人", people, person),
                text("联系电话", join("139", digits(person * 7_919 % 100_000_000, 8))),
                code("镇街", geography.village_town[people.village[person]], geography.town_name, "town"),
                text("诉求类别", pick(("低保", "残疾人补贴", "尊老金", "困境关爱", "临时救助", "住房"), subject)),
                text("诉求内容", pick(_CALLS, subject)),
            ],
            person,
        )
    ]


def verification_result(world: World, index: int) -> list[Table]:
    """预警核查反馈: answers to alerts of the years before, from the paper lists of that time."""
    if index not in (1, 4, 7):
        return []
    random, at = world.streams.of("verification", index), WINDOW[index]
    count = max(4, round(30 * world.scale))
    finding = random.choice(5, count, p=[0.45, 0.1, 0.35, 0.07, 0.03])
    action = np.array(["停发", "调整金额", "无需处置", "继续走访", "转临时救助"])[finding]
    return [
        Table(
            [
                text("预警编号", join(f"YJ2020{index:02d}", digits(np.arange(count) + 1, 5))),
                code("核查结论", finding, ("属实", "部分属实", "不属实", "无法核实", "转其他救助")),
                text("处置结果", action.astype(object)),
                days("核查日期", first_day(at) + random.integers(0, 28, count)),
                text("核查人", pick([f"{name}核查员" for name in world.geography.town_name], np.arange(count) % 12)),
                months("执行年月", np.where(finding == 0, at + 1, EMPTY)),
                money("追缴金额", np.where(finding == 0, 15_000, nothing(count))),
                text("备注", np.full(count, None, dtype=object)),
            ],
            np.full(count, -1),
        )
    ]
