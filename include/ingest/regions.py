"""Towns and villages by every name they are written under, resolved to the codes of ``civil_affairs.region``.

The lookup comes from the landed region deliveries alone, so another district is other data and no other code.
Newer deliveries win; older ones only add names that the newer no longer know. A name that fits two places is
no name: it stays unresolved. A place that had been abolished when its list came keeps its code and its names, but
a living place that bears one of them, now or formerly, has it: what is written today means that one.

Before the district's own name its province and its city may stand. The province must be the one that the district's
code says; no list that we are sent names cities, so any city is believed there, and none without the district.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from include.contracts.wording import normalise_wording
from include.ingest.landing import delivery_folder, literal, read_ledger
from include.settings import Settings

REGION_DATASET = "civil_affairs.region"
REGION_CODES = "region_codes"
BETWEEN = "\x1f"
_OFFICES = ("", "人民政府", "政府", "办", "办事处", "民政办", "民政办公室", "社会事业局", "街办",
            "管委会", "管理委员会")  # fmt: skip
_DISTRICT_ENDINGS = ("区", "市", "县")
_TOWN_ENDINGS = ("街道", "镇", "乡")
_VILLAGE_ENDINGS = (
    "社区居民委员会", "社区居委会", "村村民委员会", "村村委会", "村民委员会", "村委会", "居委会", "居民委员会", "社区",
    "村",
)  # fmt: skip
_ABOLISHED = 10  # behind every rank of a living place
_NAME_SEPARATORS = "；;、,，"
# The first two digits of a division's code and the name of that province, GB/T 2260.
_PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省",
    "22": "吉林省", "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省",
    "36": "江西省", "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省",
    "45": "广西壮族自治区", "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省",
    "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
}  # fmt: skip
_CITY = "[^省区]{1,8}(?:市|地区|自治州|盟)"


@dataclass
class _Aliases:
    """Names of places with the best rank under which each is known; equal ranks of two places cancel."""

    ranked: dict[str, tuple[int, set[str]]] = field(default_factory=dict)

    def add(self, alias: str, rank: int, code: str) -> None:
        if not alias:
            return
        known = self.ranked.get(alias)
        if known is None or rank < known[0]:
            self.ranked[alias] = (rank, {code})
        elif rank == known[0]:
            known[1].add(code)

    def resolved(self) -> dict[str, str]:
        return {alias: next(iter(codes)) for alias, (_, codes) in self.ranked.items() if len(codes) == 1}


@dataclass(frozen=True)
class Regions:
    """What names mean: towns by name; villages by town and name, and by name alone under the town ``''``."""

    towns: dict[str, str]
    villages: dict[tuple[str, str], str]
    above: str = ""
    """A pattern for a name that begins above the district; its one group is the name from the district on."""

    def __bool__(self) -> bool:
        return bool(self.towns)

    def town(self, text: str) -> str | None:
        """The code of the town that a text names, or None."""
        name = normalise_wording(text)
        return self.towns.get(re.sub(f"^{self.above}$", r"\1", name) if self.above else name)

    def lay_into(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Lay the lookup into a connection: ``from_district`` for names, and what ``town_code_sql`` looks up.

        Names are the values of two types, and a table of one row holds the code of each: a join would find it too,
        but rows leave a join in no order.
        """
        bare = f"regexp_replace(name, {literal(f'^{self.above}$')}, '\\1')" if self.above else "name"
        connection.execute(
            f"CREATE OR REPLACE TEMP MACRO from_district(name) AS CASE WHEN contains(name, '市') "
            f"OR contains(name, '省') OR contains(name, '州') THEN {bare} ELSE name END"
        )
        villages = {f"{town}{BETWEEN}{alias}": code for (town, alias), code in self.villages.items()}
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {REGION_CODES} (town VARCHAR[], village VARCHAR[])")
        connection.execute(
            f"INSERT INTO {REGION_CODES} VALUES (?, ?)", [[*self.towns.values(), None], [*villages.values(), None]]
        )
        for name, aliases in (("town_alias", self.towns), ("village_alias", villages)):
            connection.execute(f"DROP TYPE IF EXISTS {name}")
            connection.execute(
                f"CREATE TEMP TYPE {name} AS ENUM (SELECT unnest(CAST(? AS VARCHAR[])))", [[*aliases, BETWEEN]]
            )


def town_code_sql(alias: str) -> str:
    """The code of the town that is written so, over rows joined with the one row of ``REGION_CODES``."""
    return f"{REGION_CODES}.town[enum_code(try_cast({alias} AS town_alias)) + 1]"


def village_code_sql(town_code: str, alias: str) -> str:
    """The code of the village that is written so in a town, or anywhere when the town is ``''``."""
    key = f"{town_code} || '{BETWEEN}' || {alias}"
    return f"{REGION_CODES}.village[enum_code(try_cast({key} AS village_alias)) + 1]"


@dataclass(frozen=True)
class _Place:
    code: str
    level: str
    names: tuple[str, ...]
    former: tuple[str, ...]
    parent: str
    is_abolished: bool = False

    @property
    def ranked_names(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Its names and its former ones, each with the rank of their claim."""
        behind = _ABOLISHED if self.is_abolished else 0
        return (1 + behind, self.names), (2 + behind, self.former)


def load_regions(settings: Settings) -> Regions:
    """The lookup over every accepted region delivery, newest first; empty when none has come yet."""
    return build_regions(_generations(settings))


def _generations(settings: Settings) -> list[list[_Place]]:
    entries = [
        entry for entry in read_ledger(settings) if entry["dataset"] == REGION_DATASET and entry["status"] == "accepted"
    ]
    entries.sort(key=lambda entry: (entry["period"], entry["received_at"], entry["delivery_id"]), reverse=True)
    return [
        _read_places(
            str(delivery_folder(settings, REGION_DATASET, entry["period"], entry["delivery_id"]) / "data.parquet"),
            entry["received_at"][:10],
        )
        for entry in entries
    ]


def town_names(settings: Settings) -> dict[str, str]:
    """The towns' names by their codes, newest first."""
    names: dict[str, str] = {}
    for place in (place for places in _generations(settings) for place in places if place.level == "镇街"):
        names.setdefault(place.code, place.names[0])
    return names


def _read_places(path: str, day: str) -> list[_Place]:
    connection = duckdb.connect()
    try:
        rows = connection.execute(
            "SELECT region_code, level, name, former_names, parent_code, "
            f"coalesce(valid_until < CAST($day AS DATE), false) FROM read_parquet({literal(path)})",
            {"day": day},
        ).fetchall()
    finally:
        connection.close()
    return [
        _Place(code, level, (normalise_wording(name),), tuple(_split_names(former or "")), parent or "", gone)
        for code, level, name, former, parent, gone in rows
    ]


def _split_names(text: str) -> Iterable[str]:
    for separator in _NAME_SEPARATORS:
        text = text.replace(separator, "\n")
    return (bare for part in text.split("\n") if (bare := normalise_wording(part)))


def build_regions(generations: list[list[_Place]]) -> Regions:
    """Merge generations of places, newest first, into one lookup."""
    towns: dict[str, str] = {}
    villages: dict[tuple[str, str], str] = {}
    for places in generations:
        districts = [name for place in places if place.level == "区县" for name in (*place.names, *place.former)]
        town_aliases = _town_aliases(places, districts)
        for alias, code in town_aliases.resolved().items():
            towns.setdefault(alias, code)
        for key, code in _village_aliases(places, districts).items():
            villages.setdefault(key, code)
    return Regions(towns, villages, _above_districts([place for places in generations for place in places]))


def _above_districts(places: list[_Place]) -> str:
    """A pattern for a district's name behind those of its city, of its province, or of both."""
    districts = [place for place in places if place.level == "区县"]
    names = "|".join(dict.fromkeys(re.escape(name) for place in districts for name in (*place.names, *place.former)))
    provinces = "|".join(sorted({_PROVINCES.get(place.code[:2], "") for place in districts} - {""}))
    above = f"(?:{provinces})(?:{_CITY})?|{_CITY}" if provinces else _CITY
    return f"(?:{above})((?:{names}).+)" if names else ""


def _town_aliases(places: list[_Place], districts: list[str]) -> _Aliases:
    aliases = _Aliases()
    prefixes = _prefixes(districts)
    for place in places:
        if place.level != "镇街":
            continue
        aliases.add(place.code, 0, place.code)
        aliases.add(place.code[:9], 0, place.code)
        for rank, names in place.ranked_names:
            for name in names:
                _add_town_name(aliases, name, rank, place.code, prefixes)
    return aliases


def _add_town_name(aliases: _Aliases, name: str, rank: int, code: str, prefixes: list[str]) -> None:
    short = _without_ending(name, _TOWN_ENDINGS)
    for prefix in prefixes:
        for office in _OFFICES:
            aliases.add(prefix + name + office, rank, code)
            if short:
                aliases.add(prefix + short + office, rank + 2, code)


def _prefixes(districts: list[str]) -> list[str]:
    """What may stand before a town's name: nothing, or the district's name, whole or short, also a former one."""
    return ["", *dict.fromkeys(name for full in districts for name in _with_short(full, _DISTRICT_ENDINGS))]


def _village_aliases(places: list[_Place], districts: list[str]) -> dict[tuple[str, str], str]:
    town_names = {
        place.code: [
            name
            for full in (*place.names, *place.former)
            for name in (*_with_short(full, _TOWN_ENDINGS), *(district + full for district in districts))
        ]
        for place in places
        if place.level == "镇街"
    }
    by_town: dict[str, _Aliases] = {}
    anywhere = _Aliases()
    for place in places:
        if place.level != "村居":
            continue
        town = place.parent if place.parent in town_names else place.code[:9] + "000"
        local = by_town.setdefault(town, _Aliases())
        for alias, rank in _village_names(place, town_names.get(town, [])):
            local.add(alias, rank, place.code)
            anywhere.add(alias, rank, place.code)
    found = {(town, alias): code for town, local in by_town.items() for alias, code in local.resolved().items()}
    found.update({("", alias): code for alias, code in anywhere.resolved().items()})
    return found


def _village_names(place: _Place, town_names: list[str]) -> Iterable[tuple[str, int]]:
    yield place.code, 0
    for rank, names in place.ranked_names:
        for name in names:
            short = _without_ending(name, _VILLAGE_ENDINGS)
            written = {name: rank}
            if short:
                is_community = name.endswith(("社区", "居委会", "居民委员会"))
                endings = ("社区", "居委会", "居民委员会", "社区居委会", "社区居民委员会")
                for ending in endings if is_community else ("村", "村委会", "村民委员会", "村村委会", "村村民委员会"):
                    written.setdefault(short + ending, rank)
                written.setdefault(short, rank + 2)
            for alias, alias_rank in written.items():
                yield alias, alias_rank
                for town in town_names:
                    yield town + alias, alias_rank


def _with_short(name: str, endings: tuple[str, ...]) -> tuple[str, ...]:
    short = _without_ending(name, endings)
    return (name, short) if short else (name,)


def _without_ending(name: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return ""
