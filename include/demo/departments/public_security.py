"""The police's registers: residents and vehicles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from include.demo.departments.rosters import address
from include.demo.families import RELATIONS
from include.demo.moments import EMPTY, WINDOW, day, first_day, last_day
from include.demo.tables import Column, Table, code, days, digits, ids, join, names, pick, text, words
from include.demo.vocabulary import CAR_MODELS
from include.demo.world import World

PLATE_KINDS = (
    "大型汽车",
    "小型汽车",
    "小型新能源汽车",
    "普通摩托车",
    "轻便摩托车",
    "残疾人专用车",
    "低速车",
    "拖拉机",
    "挂车",
)
VEHICLE_STATUSES = ("正常", "转出", "被盗抢", "停驶", "注销", "违法未处理", "查封", "达到报废标准", "逾期未检验")
VEHICLE_USES = ("非营运", "营运", "货运", "出租客运", "租赁", "其他")
_ETHNICITIES = ("汉族", "回族", "满族", "苗族", "土家族", "壮族")


def population(world: World, index: int) -> list[Table]:
    """户籍人口: everybody in the first month, then births, deaths, removals and changed entries."""
    people = world.people
    begin, end = int(first_day(WINDOW[index])), int(last_day(WINDOW[index]))
    known = people.is_registered | (people.cancelled_on != EMPTY)
    if index == 0:
        mine = known & (people.birth <= end)
    else:
        mine = known & (people.birth >= begin) & (people.birth <= end)
        for status_on in (people.cancelled_on, people.moved_on):
            mine |= known & (status_on >= begin) & (status_on <= end)
        again = world.streams.of("population", index).random(len(people)) < 0.0008
        mine |= again & people.is_registered & (people.birth < begin) & ~world.reserved
    person = np.flatnonzero(mine)
    return [_register(world, person, end)]


def _register(world: World, person: np.ndarray, end: int) -> Table:
    people = world.people
    cancelled, moved = people.cancelled_on[person], people.moved_on[person]
    is_dead = (cancelled != EMPTY) & (cancelled <= end)
    is_away = (moved != EMPTY) & (moved <= end) & ~is_dead
    status_on = np.where(is_dead, cancelled, np.where(is_away, moved, EMPTY))
    mistaken = [row["person"] for row in world.extra.get("sex_mistaken", [])]
    blank = [row["person"] for row in world.extra.get("blank_status_day", [])]
    status_on[np.isin(person, blank)] = EMPTY
    destination = np.full(len(person), None, dtype=object)
    for place in np.flatnonzero(is_away).tolist():
        destination[place] = people.destination.get(int(person[place]))
    village = people.village[person]
    household = people.household[person].astype("int64")
    geography = world.geography
    former = pa.nulls(len(person), pa.string())
    return Table(
        [
            ids("公民身份号码", people, person),
            names("姓名", people, person),
            text("曾用名", former),
            code(
                "性别",
                np.where(np.isin(person, mistaken), 1 - people.is_male[person], people.is_male[person]),
                ("女", "男"),
            ),
            code("民族", np.where(person % 331 == 0, person % 5 + 1, 0), _ETHNICITIES),
            days("出生日期", people.birth[person]),
            text("户号", join("3206", digits(np.maximum(household, 0) + 10_000_000, 9))),
            code("与户主关系", people.relation[person], RELATIONS),
            code("镇街", geography.village_town[village], geography.town_name, "town"),
            code("村居", village, geography.village_name, "village"),
            text("户籍地址", address(world, village, np.maximum(household, 0))),
            words("户籍状态", np.select([is_dead, is_away], ["死亡注销", "迁出"], "正常")),
            days("状态变更日期", status_on),
            text("迁往地", destination),
            ids("父亲身份号码", people, people.father[person]),
            ids("母亲身份号码", people, people.mother[person]),
            ids("配偶身份号码", people, people.spouse[person]),
        ],
        person,
    )


@dataclass
class Fleet:
    """Vehicles of the district; ``until`` is the first month that no longer lists one."""

    owner: np.ndarray
    plate: pa.Array
    kind: np.ndarray
    use: np.ndarray
    model: np.ndarray
    registered_on: np.ndarray
    status: np.ndarray
    until: np.ndarray


def make_fleet(world: World) -> Fleet:
    """Cars belong to adults who are not poor; the poor have motorcycles and tractors at most."""
    people, random = world.people, world.streams.of("vehicles")
    adult = (
        people.is_registered
        & (people.birth < day(2000, 1, 1))
        & (people.birth > day(1944, 1, 1))
        & (people.moved_on == EMPTY)
    )
    adult &= ~world.reserved
    rich, humble = np.flatnonzero(adult & ~world.poor), np.flatnonzero(adult & world.poor)
    cars = random.choice(rich, round(250_000 * world.scale) + 100, replace=True)
    bikes = humble[random.random(len(humble)) < 0.25]
    owner = np.concatenate([cars, bikes])
    kind = np.concatenate(
        [
            random.choice(9, len(cars), p=[0.02, 0.74, 0.05, 0.12, 0.03, 0.0, 0.02, 0.015, 0.005]),
            random.choice([3, 4, 5, 7], len(bikes), p=[0.7, 0.2, 0.05, 0.05]),
        ]
    )
    registered_on = day(2005, 1, 1) + (random.random(len(owner)) ** 0.7 * 6100).astype("int64")
    is_sold = random.random(len(owner)) < 0.03
    until = np.where(is_sold, WINDOW[0] + random.integers(1, 10, len(owner)), WINDOW[-1] + 1)
    return Fleet(
        owner,
        _plates(np.arange(len(owner)), kind == 2),
        kind,
        random.choice(6, len(owner), p=[0.9, 0.02, 0.04, 0.01, 0.01, 0.02]),
        random.integers(0, len(CAR_MODELS), len(owner)),
        registered_on,
        random.choice(9, len(owner), p=[0.86, 0.01, 0.002, 0.01, 0.02, 0.05, 0.008, 0.01, 0.03]),
        until,
    )


def _plates(serial: np.ndarray, is_electric: np.ndarray) -> pa.Array:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    pairs = [first + second for first in letters for second in letters]
    plain = join("苏F", pick(pairs, serial // 1000 % len(pairs)), digits(serial % 1000, 3))
    electric = join("苏FD", digits(serial % 100_000, 5))
    return pa.array(np.where(is_electric, np.array(electric, dtype=object), np.array(plain, dtype=object)))


def vehicle(world: World, fleet: Fleet, index: int) -> list[Table]:
    """机动车登记: the whole register, once a month."""
    at, people = WINDOW[index], world.people
    rows = np.flatnonzero((fleet.registered_on <= last_day(at)) & (at < fleet.until))
    extra = [row for row in world.extra.get("vehicle", []) if index in row["shown"]]
    owner = np.concatenate([fleet.owner[rows], _values(extra, "person")])
    status = np.concatenate(
        [fleet.status[rows], np.array([VEHICLE_STATUSES.index(row["shown"][index]) for row in extra], dtype="int64")]
    )
    plate = pa.concat_arrays([fleet.plate.take(pa.array(rows)), pa.array([row["plate"] for row in extra], pa.string())])
    kinds = np.array([PLATE_KINDS.index(str(row["kind"])) for row in extra], dtype="int64")
    registered = np.concatenate([fleet.registered_on[rows], _values(extra, "registered_on")])
    return [
        Table(
            [
                Column("所有人", "name", _owner_names(world, owner, extra)),
                ids("所有人证件号码", people, owner),
                text("号牌号码", plate),
                code("号牌种类", np.concatenate([fleet.kind[rows], kinds]), PLATE_KINDS),
                text(
                    "车辆品牌型号",
                    pick(CAR_MODELS, np.concatenate([fleet.model[rows], np.zeros(len(extra), dtype="int64")])),
                ),
                code("使用性质", np.concatenate([fleet.use[rows], np.zeros(len(extra), dtype="int64")]), VEHICLE_USES),
                days("初次登记日期", registered),
                code("机动车状态", status, VEHICLE_STATUSES),
            ],
            owner,
        )
    ]


def _owner_names(world: World, owner: np.ndarray, extra: list[dict[str, Any]]) -> pa.Array:
    """The owners' names; of planted rows, the name that somebody else wrote."""
    plain = world.people.name.take(pa.array(owner[: len(owner) - len(extra)]))
    written = [row.get("owner_name") or world.people.name_of(row["person"]) for row in extra]
    return pa.concat_arrays([plain, pa.array(written, pa.string())])


def _values(rows: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype="int64")
