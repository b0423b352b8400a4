"""The land registry: who owns which unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from include.demo.moments import EMPTY, WINDOW, day, first_day, last_day
from include.demo.tables import Table, code, days, digits, ids, join, names, number, pick, text, words
from include.demo.world import World

USES = ("住宅", "商业", "办公", "工业", "仓储", "车位", "储藏", "其他")
WAYS = ("购买", "继承", "赠与", "拆迁安置", "自建", "其他")


@dataclass
class Estates:
    """Rows of the land registry: one a unit and owner."""

    unit: np.ndarray
    owner: np.ndarray
    use: np.ndarray
    way: np.ndarray
    share: np.ndarray
    area: np.ndarray
    registered_on: np.ndarray
    ended_on: np.ndarray


def make_estates(world: World) -> Estates:
    """Homes, shops and parking spaces of those who are not poor; at most one old home a poor household."""
    people, random = world.people, world.streams.of("real_estate")
    adult = people.is_registered & (people.birth < day(1998, 1, 1)) & (people.moved_on == EMPTY) & ~world.reserved
    rich = np.flatnonzero(adult & ~world.poor)
    owner = random.choice(rich, round(430_000 * world.scale), replace=True)
    use = random.choice(8, len(owner), p=[0.80, 0.04, 0.008, 0.006, 0.004, 0.09, 0.04, 0.012])
    way = random.choice(6, len(owner), p=[0.55, 0.08, 0.04, 0.15, 0.15, 0.03])
    poor_owner = _poor_owners(world, random)
    unit = np.arange(len(owner) + len(poor_owner))
    owner = np.concatenate([owner, poor_owner])
    use = np.concatenate([use, np.zeros(len(poor_owner), dtype="int64")])
    way = np.concatenate([way, random.choice([3, 4], len(poor_owner))])
    registered_on = day(1996, 1, 1) + (random.random(len(owner)) ** 0.8 * 9430).astype("int64")
    is_poor = np.arange(len(owner)) >= len(owner) - len(poor_owner)
    registered_on[is_poor] = day(2000, 1, 1) + random.integers(0, 6000, int(is_poor.sum()))
    ended = np.where(
        ~is_poor & (random.random(len(owner)) < 0.02), day(2021, 1, 1) + random.integers(0, 300, len(owner)), EMPTY
    )
    ended = np.where(ended > registered_on, ended, EMPTY)
    shared = np.flatnonzero(
        ~is_poor
        & (people.spouse[owner] >= 0)
        & (random.random(len(owner)) < 0.3)
        & ~world.poor[people.spouse[owner]]
        & ~world.reserved[people.spouse[owner]]
    )
    share = np.ones(len(owner))
    share[shared] = 0.5
    both = np.concatenate([np.arange(len(owner)), shared])
    area = np.where(use == 5, 12.5, np.round(random.gamma(9.0, 12.0, len(owner)), 2))
    return Estates(
        unit[both],
        np.concatenate([owner, people.spouse[owner[shared]]]),
        use[both],
        way[both],
        share[both],
        area[both],
        registered_on[both],
        ended[both],
    )


def _poor_owners(world: World, random: np.random.Generator) -> np.ndarray:
    help_ = world.assistance
    first = np.unique(help_.member_household, return_index=True)[1]
    homes = first[random.random(len(first)) < 0.55]
    single = world.extreme.person[random.random(len(world.extreme)) < 0.3]
    owners = np.concatenate([help_.member[homes], single])
    return owners[~world.reserved[owners]]


def unit_numbers(serial: np.ndarray, town: np.ndarray) -> pa.Array:
    """Twenty-eight characters: parcel of nineteen, building of nine."""
    return join(
        "320684",
        pick([f"{place:03d}" for place in range(100, 112)], town),
        "003GB",
        digits(serial // 100 % 100_000, 5),
        "F",
        digits(serial % 100_000_000, 8),
    )


def real_estate(world: World, estates: Estates, index: int) -> list[Table]:
    """不动产登记: everything in the first month, then what changed."""
    begin, end = int(first_day(WINDOW[index])), int(last_day(WINDOW[index]))
    known = estates.registered_on <= end
    if index:
        fresh = (estates.registered_on >= begin) | ((estates.ended_on >= begin) & (estates.ended_on <= end))
        known &= fresh
    rows = np.flatnonzero(known)
    extra = [row for row in world.extra.get("real_estate", []) if index in row["sent"]]
    count = len(extra)

    def values(name: str, kind: str = "int64") -> np.ndarray:
        return np.array([row[name] for row in extra], dtype=kind)

    owner = np.concatenate([estates.owner[rows], values("person")])
    town = world.people.town[owner].astype("int64")
    serial = np.concatenate([estates.unit[rows], np.zeros(count, dtype="int64")])
    # the first rows are the units in their order; a co-owner's row repeats the number of the first owner
    unit = unit_numbers(serial, world.people.town[estates.owner[serial]].astype("int64"))
    units = pa.concat_arrays([unit.slice(0, len(rows)), pa.array([str(row["unit"]) for row in extra], pa.string())])
    uses = np.concatenate([estates.use[rows], np.array([USES.index(str(row["use"])) for row in extra], dtype="int64")])
    ways = np.concatenate([estates.way[rows], np.array([WAYS.index(str(row["way"])) for row in extra], dtype="int64")])
    registered = np.concatenate([estates.registered_on[rows], values("registered_on")])
    is_past = np.concatenate(
        [
            (estates.ended_on[rows] != EMPTY) & (estates.ended_on[rows] <= end),
            np.array([row["sent"][index] == "历史" for row in extra], dtype=bool),
        ]
    )
    year = registered.astype("datetime64[D]").astype("datetime64[Y]").astype("int64") + 1970
    geography = world.geography
    return [
        Table(
            [
                text("不动产单元号", units),
                names("权利人", world.people, owner),
                ids("权利人证件号", world.people, owner),
                text(
                    "不动产权证号",
                    join("苏(", digits(year, 4), ")海门市不动产权第", digits(owner % 10_000_000, 7), "号"),
                ),
                text(
                    "坐落",
                    join(
                        pick([f"海门区{name}" for name in geography.town_name], town), digits(owner % 400 + 1, 1), "号"
                    ),
                ),
                code("规划用途", uses, USES),
                number("建筑面积", np.concatenate([estates.area[rows], np.full(count, 86.5)])),
                number("共有份额", np.concatenate([estates.share[rows], values("share", "float64")])),
                code("取得方式", ways, WAYS),
                days("登记时间", registered),
                words("权属状态", np.where(is_past, "历史", "现势")),
            ],
            owner,
        )
    ]
