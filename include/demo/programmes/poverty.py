"""Chooses the poor households of the district and draws their circumstances."""

from __future__ import annotations

import numpy as np

from include.demo.geography import TOWNS
from include.demo.moments import EMPTY, FOREVER, WINDOW, age_in_month, first_day, month
from include.demo.people import People
from include.demo.programmes.assistance import DIBAO, EDGE, LIVES_HERE, RIGID, SINGLE, SUPPORTER, Assistance
from include.demo.streams import Streams

_HOUSEHOLDS = {DIBAO: (6_300, 660), SINGLE: (900, 130), EDGE: (950, 160), RIGID: (60, 100)}
_SIZES = {
    DIBAO: {1: 0.68, 2: 0.22, 3: 0.07, 4: 0.03},
    SINGLE: {2: 0.6, 3: 0.4},
    EDGE: {1: 0.35, 2: 0.4, 3: 0.25},
    RIGID: {1: 0.4, 2: 0.4, 3: 0.2},
}
RELATION_WORDS = ("本人", "配偶", "子女", "父母", "其他亲属")


def choose_households(people: People, households: int, scale: float, streams: Streams) -> dict[int, np.ndarray]:
    """Register households for each programme; everybody in them lives in the district through the window."""
    random = streams.of("poverty", "choice")
    residents = int(people.is_registered.sum())
    household = people.household[:residents]
    size = np.bincount(household, minlength=households)
    unfit = (people.moved_on[:residents] != EMPTY) | (people.birth[:residents] >= first_day(WINDOW[0]) - 365)
    is_fit = np.ones(households, dtype=bool)
    is_fit[household[unfit]] = False
    adults = np.bincount(household[age_in_month(people.birth[:residents], WINDOW[0]) >= 18], minlength=households)
    is_fit &= adults > 0
    chosen: dict[int, np.ndarray] = {}
    for programme, (at_full, least) in _HOUSEHOLDS.items():
        wanted = max(round(at_full * scale), least)
        parts = []
        for people_count, share in _SIZES[programme].items():
            pool = np.flatnonzero(is_fit & (size == people_count))
            take = random.choice(pool, min(round(wanted * share), len(pool)), replace=False)
            is_fit[take] = False
            parts.append(np.sort(take))
        chosen[programme] = np.concatenate(parts)
    return chosen


def choose_extremely_poor(
    people: People, households: int, taken: np.ndarray, scale: float, streams: Streams
) -> np.ndarray:
    """People of sixty and more who live alone, mostly men."""
    random = streams.of("poverty", "extreme")
    residents = int(people.is_registered.sum())
    household = people.household[:residents]
    alone = np.bincount(household, minlength=households)[household] == 1
    fit = alone & (age_in_month(people.birth[:residents], WINDOW[0]) >= 60) & (people.moved_on[:residents] == EMPTY)
    fit &= ~np.isin(household, taken)
    pool = np.flatnonzero(fit)
    weight = np.where(people.is_male[pool] == 1, 3.0, 1.0)
    wanted = min(max(round(2_500 * scale), 240), len(pool))
    return np.sort(random.choice(pool, wanted, replace=False, p=weight / weight.sum()))


def make_assistance(people: People, chosen: dict[int, np.ndarray], leaves: np.ndarray, streams: Streams) -> Assistance:
    """Households with members, supporters, incomes and the natural comings and goings."""
    random = streams.of("poverty", "households")
    register = np.concatenate([chosen[code] for code in (DIBAO, SINGLE, EDGE, RIGID)])
    programme = np.concatenate([np.full(len(chosen[code]), code) for code in (DIBAO, SINGLE, EDGE, RIGID)])
    member, member_household = _members(people, register)
    order = np.lexsort((people.birth[member], people.relation[member], member_household))
    member, member_household = member[order], member_household[order]
    adult_first = np.lexsort((age_in_month(people.birth[member], WINDOW[0]) < 18, member_household))
    member, member_household = member[adult_first], member_household[adult_first]
    is_first = np.ones(len(member), dtype=bool)
    is_first[1:] = member_household[1:] != member_household[:-1]
    total, rows = len(register), len(member)
    result = Assistance(
        programme=programme,
        village=people.village[member[is_first]].astype("int64"),
        start=random.integers(month(2010, 1), month(2020, 10), total),
        last=np.full(total, FOREVER),
        reason=np.full(total, "", dtype=object),
        paused=np.zeros((total, len(WINDOW)), dtype=bool),
        in_grace=np.zeros((total, len(WINDOW)), dtype=bool),
        grace_until=np.full(total, EMPTY),
        review_day=random.integers(0, 365, total),
        register=register,
        member_household=member_household,
        member=member,
        role=np.full(rows, LIVES_HERE),
        covered=np.isin(programme[member_household], (DIBAO,)) | ((programme[member_household] == SINGLE) & is_first),
        relation=_relations(people, member, is_first),
        wage=np.zeros(rows, dtype="int64"),
        business=np.zeros(rows, dtype="int64"),
        transfer=np.zeros(rows, dtype="int64"),
        pension=np.zeros(rows, dtype="int64"),
        is_ill=(random.random(rows) < 0.12) | ((programme[member_household] == SINGLE) & is_first),
        certificate=np.zeros(rows, dtype="int8"),
        stays_until=leaves[member],
        joins=np.zeros(rows, dtype="int64"),
    )
    _incomes(result, people, random)
    return result


def _members(people: People, register: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    place = np.full(int(people.household.max()) + 1, -1)
    place[register] = np.arange(len(register))
    owner = np.where(people.household >= 0, place[people.household], -1)
    member = np.flatnonzero(owner >= 0)
    return member, owner[member]


def _relations(people: People, member: np.ndarray, is_first: np.ndarray) -> np.ndarray:
    words = np.select(
        [people.relation[member] == 1, people.relation[member] == 2, people.relation[member] == 3],
        [RELATION_WORDS[1], RELATION_WORDS[2], RELATION_WORDS[3]],
        RELATION_WORDS[4],
    )
    return np.where(is_first, RELATION_WORDS[0], words)


def _incomes(result: Assistance, people: People, random: np.random.Generator) -> None:
    """Yearly incomes in cents, each member's alone within the band of the programme, so that any rest stays in it."""
    programme = result.programme[result.member_household]
    low = np.select([programme == DIBAO, programme == RIGID], [60_000, 1_450_000], 950_000)
    high = np.select([programme == DIBAO, programme == RIGID], [640_000, 2_200_000], 1_230_000)
    total = low + (random.random(len(programme)) * (high - low)).astype("int64")
    age = age_in_month(people.birth[result.member], WINDOW[0])
    pension = np.where(age >= 60, random.integers(10, 45, len(programme)) * 1_200, 0)
    works = (age >= 18) & (age < 60) & (random.random(len(programme)) < 0.6)
    result.wage[:] = np.where(works, total // 200 * 100, 0)
    result.business[:] = np.where(~works & (age >= 18) & (age < 60), total // 400 * 100, 0)
    result.pension[:] = pension
    result.transfer[:] = np.maximum(total // 100 * 100 - result.wage - result.business, pension)


def add_movements(result: Assistance, people: People, has_certificate: np.ndarray, streams: Streams) -> None:
    """New households, some that leave, are suspended or withdraw gradually; never those a disability depends on."""
    random = streams.of("poverty", "movements")
    free = np.ones(len(result), dtype=bool)
    free[result.member_household[has_certificate[result.member]]] = False
    free[result.member_household[(result.stays_until != FOREVER)]] = False
    free &= (result.programme == DIBAO) | (result.programme == EDGE)
    # an old elder or a child brings duties of its own; keep movements to plain households
    pool = random.permutation(np.flatnonzero(free))
    share = len(pool) // 100
    new, left, suspended, grace = (pool[share * a : share * b] for a, b in ((0, 6), (6, 9), (9, 10), (10, 13)))
    result.start[new] = WINDOW[0] + 1 + np.arange(len(new)) % (len(WINDOW) - 1)
    result.last[left] = WINDOW[0] + 1 + np.arange(len(left)) % (len(WINDOW) - 3)
    result.reason[left] = "收入超过标准"
    for place, household in enumerate(suspended.tolist()):
        begin = 2 + place % 5
        result.paused[household, begin : begin + 2] = True
    for place, household in enumerate(grace[result.programme[grace] == DIBAO].tolist()):
        begin = 1 + place % 4
        result.in_grace[household, begin : begin + 4] = True
        result.grace_until[household] = WINDOW[begin] + 3
        result.last[household] = WINDOW[begin] + 3
        result.reason[household] = "渐退期满"


def close_emptied(result: Assistance) -> None:
    """A household ends with the last of those it was granted for."""
    covered = result.covered | np.isin(result.programme[result.member_household], (EDGE, RIGID))
    covered &= result.role == LIVES_HERE
    end = np.zeros(len(result), dtype="int64")
    np.maximum.at(end, result.member_household[covered], result.stays_until[covered])
    ends = end < result.last
    result.last = np.minimum(result.last, end)
    result.reason[ends] = "死亡"


def add_supporters(result: Assistance, people: People, unfit: np.ndarray, streams: Streams) -> None:
    """A grown child elsewhere in the village as supporter of about a third of the households."""
    random = streams.of("poverty", "supporters")
    age = age_in_month(people.birth, WINDOW[0])
    pool = np.flatnonzero(people.is_registered & ~unfit & (age >= 30) & (age < 55) & (people.died_on == EMPTY))
    pool = random.permutation(pool)
    wants = np.flatnonzero(random.random(len(result)) < 0.34)
    supporter = pool[: len(wants)]
    wants = wants[: len(supporter)]
    first = {name: np.zeros(len(wants), dtype="int64") for name in ("wage", "business", "transfer", "pension")}
    result.member_household = np.concatenate([result.member_household, wants])
    result.member = np.concatenate([result.member, supporter])
    result.role = np.concatenate([result.role, np.full(len(wants), SUPPORTER)])
    result.covered = np.concatenate([result.covered, np.zeros(len(wants), dtype=bool)])
    result.relation = np.concatenate([result.relation, np.where(people.is_male[supporter] == 1, "儿子", "女儿")])
    first["wage"][:] = random.integers(20, 60, len(wants)) * 100_000
    for name, values in first.items():
        setattr(result, name, np.concatenate([getattr(result, name), values]))
    result.is_ill = np.concatenate([result.is_ill, np.zeros(len(wants), dtype=bool)])
    result.certificate = np.concatenate([result.certificate, np.zeros(len(wants), dtype="int8")])
    result.stays_until = np.concatenate([result.stays_until, np.full(len(wants), FOREVER)])
    result.joins = np.concatenate([result.joins, np.zeros(len(wants), dtype="int64")])


def number_households(result: Assistance, town: np.ndarray) -> None:
    """A number that says the town and nothing about the people."""
    serial = np.arange(1, len(result) + 1)
    result.number = np.array(
        [f"JZ{TOWNS[place].code}{value:06d}" for place, value in zip(town[result.village], serial, strict=True)]
    )
