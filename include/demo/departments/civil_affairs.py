"""What the civil-affairs bureau keeps beside its rosters: regions, cremations, exemptions, others' lists."""

from __future__ import annotations

import numpy as np

from include.demo.departments.planted import concerned
from include.demo.moments import WINDOW, day, first_day, last_day, month_of
from include.demo.tables import Table, days, digits, ids, join, months, names, nothing, pick, text, whole, words
from include.demo.vocabulary import ELSEWHERE
from include.demo.world import World


def region(world: World, index: int) -> list[Table]:
    """行政区划: the district, its towns and villages; sent once."""
    if index:
        return []
    rows = world.geography.region_rows()
    codes, titles, levels, parents, former = (list(values) for values in zip(*rows, strict=True))
    count = len(rows)
    return [
        Table(
            [
                text("区划代码", codes),
                text("名称", titles),
                words("级别", np.array(levels)),
                text("上级代码", parents),
                text("曾用名", former),
                days("启用日期", np.full(count, day(2020, 7, 1))),
                days("停用日期", nothing(count)),
            ],
            np.full(count, -1),
        )
    ]


def cremation(world: World, index: int) -> list[Table]:
    """殡仪馆火化登记, a file a week, by the day of the cremation."""
    people, random = world.people, world.streams.of("cremation", index)
    begin, end = int(first_day(WINDOW[index])), int(last_day(WINDOW[index]))
    cremated = people.died_on.astype("int64") + 2
    mine = people.in_cremation & (cremated >= begin) & (cremated <= end)
    if index == 0:
        mine |= people.in_cremation & (people.died_on >= begin - 60) & (cremated < begin)
    person = np.flatnonzero(mine)
    passing = _strangers(world, index, max(2, round(60 * world.scale)))
    who = np.concatenate([person, passing])
    died_on = np.concatenate([people.died_on[person], begin + random.integers(0, 24, len(passing))]).astype("int64")
    village = people.village[who]
    known = np.concatenate([person, np.where(random.random(len(passing)) < 0.5, passing, -1)])
    nameless = np.isin(who, [row["person"] for row in world.extra.get("cremation_without_number", [])])
    known = np.where(nameless, -1, known)
    home = join(
        pick([f"海门区{name}" for name in world.geography.town_name], world.geography.village_town[village]),
        pick(list(world.geography.village_name), village),
        digits(who % 14 + 1, 1),
        "组",
    )
    away = pick([f"{place}某路" for place in ELSEWHERE], who % len(ELSEWHERE))
    is_passing = np.arange(len(who)) >= len(person)
    homes = np.where(is_passing, np.array(away.to_pylist(), dtype=object), np.array(home.to_pylist(), dtype=object))
    order = np.lexsort((who, died_on))
    table = Table(
        [
            text(
                "火化编号",
                join(f"HM{WINDOW[index] // 12}{WINDOW[index] % 12 + 1:02d}", digits(np.argsort(order) + 1, 5)),
            ),
            names("姓名", people, who),
            ids("证件号码", people, known),
            words("性别", np.where(people.is_male[who] == 1, "男", "女")),
            whole("年龄", (died_on - people.birth[who]) // 365.2425),
            text("住址", homes),
            days("死亡日期", died_on),
            days("火化日期", np.maximum(died_on + 2, begin)),
        ],
        who,
    ).take(order)
    day_of_month = np.minimum(died_on[order] + 2 - begin, end - begin)
    week = np.clip(day_of_month // 7, 0, 4)
    return [table.take(np.flatnonzero(week == number), f"{number + 1:02d}") for number in range(5)]


def _strangers(world: World, index: int, count: int) -> np.ndarray:
    """People of elsewhere whom the crematorium or the police meet; never those who are somebody's parents."""
    tail = np.arange(len(world.people) - 700, len(world.people))
    return tail[(np.arange(count) + index * count) % 600]


def out_of_area(world: World, index: int) -> list[Table]:
    """外地在享救助人员: mostly people of elsewhere, and the planted ones."""
    people = world.people
    base = np.arange(len(people) - 300, len(people))[: max(90, round(280 * min(world.scale, 1)))]
    extra = [row for row in world.extra.get("out_of_area", []) if index in row["shown"]]
    person = np.concatenate([base, np.array([row["person"] for row in extra], dtype="int64")])
    programmes = np.array(["低保", "特困", "重度残疾人护理补贴"])[base % 3]
    programme = np.concatenate([programmes, np.array([str(row["programme"]) for row in extra], dtype=programmes.dtype)])
    return [
        Table(
            [
                ids("身份证号", people, person),
                names("姓名", people, person),
                words("救助类型", programme),
                text("保障地区", pick(ELSEWHERE, person % len(ELSEWHERE))),
                months(
                    "起始年月",
                    np.concatenate(
                        [WINDOW[0] - 6 - base % 40, np.array([row["start"] for row in extra], dtype="int64")]
                    ),
                ),
                words(
                    "状态",
                    np.concatenate(
                        [
                            np.where(base % 11 == 0, "终止", "在享"),
                            np.array([str(row["status"]) for row in extra], dtype="U2"),
                        ]
                    ),
                ),
            ],
            person,
        )
    ]


def asset_exemption(world: World, index: int) -> list[Table]:
    """财产豁免认定: deposits that come from assistance, and the cars and homes of planted near misses."""
    help_ = world.assistance
    base = np.flatnonzero((help_.head[:, 0] >= 0) & help_.held(0))[
        :: max(1, len(help_) // max(60, round(90 * world.scale)))
    ]
    base = base[~np.isin(base, concerned(world, "asset_check", "household"))]
    extra = [row for row in world.extra.get("asset_exemption", []) if index in row["shown"]]
    household = np.concatenate([base, np.array([row["household"] for row in extra], dtype="int64")])
    person = np.concatenate(
        [help_.member[help_.head[base, 0]], np.array([row["person"] for row in extra], dtype="int64")]
    )
    number = [f"存款{value}" for value in help_.number[base]] + [str(row["number"]) for row in extra]
    homes = [
        str(help_.number[place]) if place >= 0 else f"TK{who:07d}" for place, who in zip(household, person, strict=True)
    ]
    return [
        Table(
            [
                text("家庭编号", homes),
                ids("身份证号", world.people, person),
                words("财产类型", np.array(["存款"] * len(base) + [str(row["kind"]) for row in extra])),
                text("财产标识", number),
                words("豁免原因", np.array(["救助款存款"] * len(base) + [str(row["reason"]) for row in extra])),
                text("批准人", np.full(len(household), "区社会救助服务中心", dtype=object)),
                days(
                    "有效期至",
                    np.concatenate(
                        [
                            np.full(len(base), day(2022, 12, 31)),
                            np.array([row["until"] for row in extra], dtype="int64"),
                        ]
                    ),
                ),
            ],
            person,
        )
    ]


def death_certificate(world: World, index: int) -> list[Table]:
    """死亡医学证明, by the month of death."""
    people = world.people
    died_in = month_of(people.died_on)
    mine = people.in_certificate & (died_in == WINDOW[index])
    if index == 0:
        mine |= people.in_certificate & (died_in < WINDOW[0])
    person = np.flatnonzero(mine)
    person = person[np.lexsort((person, people.died_on[person]))]
    causes = ("I21.9", "I63.9", "C34.9", "C22.0", "J44.1", "J18.9", "C16.9", "E11.9", "V89.2", "R54")
    return [
        Table(
            [
                text(
                    "证明编号",
                    join(
                        f"32061420{WINDOW[index] // 12 % 100}{WINDOW[index] % 12 + 1:02d}",
                        digits(np.arange(len(person)) + 1, 6),
                    ),
                ),
                names("姓名", people, person),
                ids("身份证号", people, person),
                days("死亡日期", people.died_on[person]),
                text("死因编码", pick(causes, (person * 7) % len(causes))),
            ],
            person,
        )
    ]
