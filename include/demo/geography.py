"""The district: twelve towns, 297 villages and communities with made-up names and made-up village codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.demo.streams import Streams
from include.demo.vocabulary import VILLAGE_FIRST, VILLAGE_SECOND

DISTRICT_CODE = "320614000000"
DISTRICT_NAME = "海门区"
DISTRICT_FORMER = "海门市；海门县"


@dataclass(frozen=True)
class Town:
    """One town: its three-digit code, how many villages and communities it has, and what it was called before."""

    name: str
    code: str
    villages: int
    communities: int
    weight: float
    former: tuple[str, ...]


TOWNS = (
    Town("海门街道", "001", 19, 20, 0.215, ("海门镇", "海门高新区")),
    Town("滨江街道", "400", 12, 13, 0.125, ("海门经济技术开发区", "经济技术开发区")),
    Town("三厂街道", "418", 9, 3, 0.070, ("三厂镇", "三厂工业园区")),
    Town("三星镇", "416", 24, 4, 0.105, ("海门工业园区", "天补镇")),
    Town("包场镇", "415", 39, 5, 0.125, ("海门港新区", "东灶港镇")),
    Town("临江镇", "414", 17, 2, 0.050, ("临江新区", "临江乡")),
    Town("悦来镇", "104", 35, 4, 0.095, ("万年镇",)),
    Town("常乐镇", "103", 23, 3, 0.070, ("平山镇",)),
    Town("四甲镇", "105", 21, 3, 0.065, ("国强镇",)),
    Town("余东镇", "106", 17, 2, 0.040, ("树勋镇",)),
    Town("正余镇", "107", 17, 2, 0.035, ("王浩镇",)),
    Town("海永镇", "102", 2, 1, 0.005, ("海永乡",)),
)


@dataclass(frozen=True)
class Geography:
    """Villages as parallel arrays; a village is known by its place in them."""

    village_name: np.ndarray
    village_code: np.ndarray
    village_town: np.ndarray
    village_is_urban: np.ndarray
    village_weight: np.ndarray
    town_name: np.ndarray
    town_code: np.ndarray

    def region_rows(self) -> list[tuple[str, str, str, str, str]]:
        """Code, name, level, parent and former names of every region: the district, towns, villages."""
        rows = [(DISTRICT_CODE, DISTRICT_NAME, "区县", "320600000000", DISTRICT_FORMER)]
        for town, code in zip(TOWNS, self.town_code, strict=True):
            rows.append((str(code), town.name, "镇街", DISTRICT_CODE, "；".join(town.former)))
        for index, code in enumerate(self.village_code):
            town_index = int(self.village_town[index])
            rows.append((str(code), str(self.village_name[index]), "村居", str(self.town_code[town_index]), ""))
        return rows


def make_geography(streams: Streams) -> Geography:
    """Name and code the villages; they are the same at every scale."""
    random = streams.of("geography")
    pairs = [first + second for first in VILLAGE_FIRST for second in VILLAGE_SECOND]
    pairs = [pairs[index] for index in random.permutation(len(pairs))]
    names: list[str] = []
    codes: list[str] = []
    towns: list[int] = []
    urban: list[bool] = []
    weights: list[np.ndarray] = []
    for town_index, town in enumerate(TOWNS):
        shares = random.lognormal(0.0, 0.35, town.villages + town.communities)
        shares[: town.communities] *= 2.2  # communities are larger than villages
        weights.append(town.weight * shares / shares.sum())
        for number in range(town.communities + town.villages):
            is_urban = number < town.communities
            serial = number + 1 if is_urban else 201 + number - town.communities
            names.append(pairs[len(names)] + ("社区" if is_urban else "村"))
            codes.append(f"320614{town.code}{serial:03d}")
            towns.append(town_index)
            urban.append(is_urban)
    return Geography(
        village_name=np.array(names),
        village_code=np.array(codes),
        village_town=np.array(towns, dtype="int16"),
        village_is_urban=np.array(urban),
        village_weight=np.concatenate(weights),
        town_name=np.array([town.name for town in TOWNS]),
        town_code=np.array([f"320614{town.code}000" for town in TOWNS]),
    )
