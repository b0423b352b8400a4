"""Finance, justice, the disabled federation and work injury: short lists that decide much."""

from __future__ import annotations

import numpy as np

from include.demo.departments.rosters import certificate_numbers, place
from include.demo.moments import EMPTY, WINDOW, day, first_day
from include.demo.programmes.disability import CATEGORIES, GRADES, STATUSES
from include.demo.tables import Table, code, days, ids, money, months, names, pick, text, words, yes
from include.demo.vocabulary import PUBLIC_UNITS
from include.demo.world import World

POSTS = ("公务员", "事业编制", "编外聘用", "公益性岗位", "村干部误工", "网格员补贴")


def payroll(world: World, index: int) -> list[Table]:
    """财政供养人员工资发放."""
    people, at = world.people, WINDOW[index]
    person = np.flatnonzero(world.is_public & ~world.reserved & (world.leaves >= at))
    post = np.array([0, 1, 1, 1, 2, 3, 4, 5])[person % 8]
    extra = [row for row in world.extra.get("payroll", []) if index in row["shown"]]
    unit = [
        f"海门区{world.geography.town_name[people.town[who]]}{PUBLIC_UNITS[who % len(PUBLIC_UNITS)]}"
        for who in person.tolist()
    ]
    posts = np.concatenate([post, np.array([POSTS.index(str(row["post"])) for row in extra], dtype="int64")])
    amount = np.array([820_000, 690_000, 430_000, 228_000, 90_000, 60_000])[posts]
    person = np.concatenate([person, np.array([row["person"] for row in extra], dtype="int64")])
    return [
        Table(
            [
                ids("身份证号", people, person),
                names("姓名", people, person),
                text("单位名称", unit + [str(row["unit"]) for row in extra]),
                code("岗位性质", posts, POSTS),
                months("发放年月", np.full(len(person), at)),
                money("发放金额", amount + person % 97 * 1_000),
            ],
            person,
        )
    ]


def custody(world: World, index: int) -> list[Table]:
    """在押和戒毒人员: strangers and men who are nobody's father here, and the planted ones."""
    people, random = world.people, world.streams.of("custody")
    fathers = np.zeros(len(people), dtype=bool)
    fathers[people.father[people.father >= 0]] = True
    quiet = (
        people.is_registered
        & (people.is_male == 1)
        & ~fathers
        & ~holders(world)
        & ~world.reserved
        & (people.died_on == EMPTY)
    )
    quiet &= (people.birth < day(2002, 1, 1)) & (people.birth > day(1952, 1, 1))
    person = random.choice(np.flatnonzero(quiet), max(90, round(520 * world.scale)), replace=False)
    kind = np.array(["服刑", "服刑", "羁押", "强制隔离戒毒", "社区矫正", "社区矫正", "监外执行"])[
        random.integers(0, 7, len(person))
    ]
    start = day(2017, 1, 1) + random.integers(0, 1800, len(person))
    length = random.integers(200, 2400, len(person))
    end = np.where(random.random(len(person)) < 0.2, EMPTY, start + length)
    at = int(first_day(WINDOW[index]))
    shown = np.flatnonzero((start < at + 28) & ((end == EMPTY) | (end >= at - 400)))
    extra = [row for row in world.extra.get("custody", []) if index in row["shown"]]
    who = np.concatenate([person[shown], np.array([row["person"] for row in extra], dtype="int64")])
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                words(
                    "类型",
                    np.concatenate([kind[shown], np.array([str(row["kind"]) for row in extra], dtype=kind.dtype)]),
                ),
                days(
                    "开始日期",
                    np.concatenate([start[shown], np.array([row["start_on"] for row in extra], dtype="int64")]),
                ),
                days(
                    "结束日期", np.concatenate([end[shown], np.array([row["end_on"] for row in extra], dtype="int64")])
                ),
            ],
            who,
        )
    ]


def holders(world: World) -> np.ndarray:
    """Everybody who is on some roster, with the members and supporters of poor households."""
    marks = world.poor.copy()
    marks[world.assistance.member] = True
    for roster in (world.nursing, world.living, world.elders, world.extreme, world.children):
        marks[roster.person] = True
    marks[world.certificates.person] = True
    return marks


def certificate(world: World, index: int) -> list[Table]:
    """残疾人证."""
    papers, people = world.certificates, world.people
    rows = np.flatnonzero(~papers.hidden[:, index])
    person = papers.person[rows]
    town, village = place(world, people.village[person], "")
    return [
        Table(
            [
                text("残疾人证号", certificate_numbers(world, rows)),
                ids("身份证号", people, person),
                names("姓名", people, person),
                code("残疾类别", papers.category[rows], CATEGORIES),
                code("残疾等级", papers.grade[rows], GRADES),
                code("证件状态", papers.status[rows, index], STATUSES),
                days("发证日期", papers.issued_on[rows]),
                days("有效期至", papers.valid_until[rows]),
                yes("换证受理中", papers.renewal_pending[rows]),
                town,
                village,
            ],
            person,
        )
    ]


def work_injury(world: World, index: int) -> list[Table]:
    """工伤生活护理费: a quarter's list, in January, April, July and October."""
    if index % 3:
        return []
    people, random = world.people, world.streams.of("work_injury")
    quiet = world.is_employed & ~holders(world) & ~world.reserved & (people.died_on == EMPTY)
    person = random.choice(np.flatnonzero(quiet), max(50, round(260 * world.scale)), replace=False)
    extra = [row for row in world.extra.get("work_injury", []) if index in row["shown"]]
    who = np.concatenate([person, np.array([row["person"] for row in extra], dtype="int64")])
    grade = pick(("生活完全不能自理", "生活大部分不能自理", "生活部分不能自理"), who % 3)
    start = np.concatenate([WINDOW[0] - 8 - person % 90, np.array([row["start"] for row in extra], dtype="int64")])
    end = np.concatenate([np.full(len(person), EMPTY), np.array([row["end"] for row in extra], dtype="int64")])
    return [
        Table(
            [
                ids("身份证号", people, who),
                names("姓名", people, who),
                text("护理等级", grade),
                money("月护理费", 150_000 + who % 3 * 60_000),
                months("起始年月", start),
                months("终止年月", end),
            ],
            who,
        )
    ]
