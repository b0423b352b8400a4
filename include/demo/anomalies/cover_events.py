"""C01, C02, C07 to C10, C12, C13 and C15: illness, lost work, an accident or a low income puts people at risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from include.demo.anomalies.covers import certify, grant
from include.demo.anomalies.exits_deaths import die
from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subject, Subjects
from include.demo.casebook import Casebook
from include.demo.moments import EMPTY, WINDOW, day, first_day, iso, month, month_iso, month_of
from include.demo.programmes.assistance import DIBAO, EDGE, RIGID
from include.demo.programmes.disability import HEARING, LIMB
from include.demo.programmes.standards import STANDARD

_ALL = range(10)
_COMMON, _LUNG_CANCER, _KIDNEYS, _MILD_DIABETES = "I10.x00", "C34.900", "N18.500", "E11.900"
_CANCER_KEY, _KIDNEYS_KEY = "3", "2"
_MEDIUM_CASH, _HIGH_CASH = 1_000_000, 3_000_000
_LITTLE_CASH = 20_000


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the nine rules."""
    subjects = Subjects(book, pools)
    _medical_costs(book, pools, subjects)
    _new_diseases(book, pools, subjects)
    _unemployed(book, subjects)
    _left_and_in_trouble(book, subjects)
    _incidents(book, pools)
    _below_the_standard(book, subjects)
    _monitored(book, pools, subjects)
    _severely_disabled(book, pools, subjects)
    _children_alone(book)


def _settle(book: Casebook, person: int, index: int, cash: int, diagnosis: str = _COMMON) -> str:
    """Let a person settle a stay in hospital in a month of the window; returns the settlement's number."""
    at = WINDOW[index]
    number = f"YB{at // 12}{at % 12 + 1:02d}9{len(book.world.extra.get('settlement', [])) + 1:06d}"
    book.world.add(
        "settlement",
        person=person,
        number=number,
        settled_on=int(first_day(at)) + 18,
        cash=cash,
        diagnosis=diagnosis,
        shown={index},
    )
    return number


def _costly(
    book: Casebook, person: int, months: Iterable[int], key: str, severity: str | Callable[[int], str], limb: str
) -> None:
    book.plant("C01", "temporary_assistance", person, key, months, severity, limb)


def _medical_costs(book: Casebook, pools: Pools, subjects: Subjects) -> None:
    for person in book.take(pools.bystanders, book.amount(50, 2), "C01/once"):
        _costly(book, person, range(2, 10), _settle(book, person, 2, _MEDIUM_CASH), "medium", "exactly_the_limit")
    for person in book.take(pools.bystanders, 2, "C01/added_up"):
        key = _settle(book, person, 1, _MEDIUM_CASH - _LITTLE_CASH)
        _settle(book, person, 4, _LITTLE_CASH)
        _costly(book, person, range(4, 10), key, "medium", "added_up")
    for person in book.take(pools.bystanders, 2, "C01/rising"):
        key = _settle(book, person, 3, _HIGH_CASH - _MEDIUM_CASH)
        _settle(book, person, 6, _MEDIUM_CASH)
        _costly(book, person, range(3, 10), key, lambda index: "high" if index >= 6 else "medium", "rising")
    for code in (EDGE, RIGID):
        for _, _, person, _ in subjects.household(code, f"C01/{code}"):
            _costly(book, person, range(5, 10), _settle(book, person, 5, _MEDIUM_CASH), "high", f"poor_{code}")
    for person in book.take(pools.bystanders, 2, "C01/near/below"):
        _settle(book, person, 2, _MEDIUM_CASH - 1)
        book.near("C01", "temporary_assistance", person, "自付差一分不到线")
    for _, home, person, _ in subjects.household(DIBAO, "C01/near/dibao"):
        _settle(book, person, 2, _HIGH_CASH)
        book.near("C01", "temporary_assistance", person, "已享受低保", home)


def _new_diseases(book: Casebook, pools: Pools, subjects: Subjects) -> None:
    spells = ((0, range(3), _LUNG_CANCER, _CANCER_KEY), (7, range(7, 10), _KIDNEYS, _KIDNEYS_KEY))
    for code in (EDGE, RIGID):
        for place, (programme, _, person, _) in enumerate(subjects.household(code, f"C07/{code}")):
            index, months, diagnosis, key = spells[place % 2]
            _settle(book, person, index, _LITTLE_CASH, diagnosis)
            book.plant("C07", programme, person, key, months, "high", f"{programme}_{index}")
    for programme, _, person, _ in subjects.household(EDGE, "C07/again"):
        for index in (2, 5):
            _settle(book, person, index, _LITTLE_CASH, _LUNG_CANCER)
        book.plant("C07", programme, person, _CANCER_KEY, range(2, 5), "high", "settled_again")
    for subject in subjects.household(EDGE, "C07/near/unlisted"):
        _settle(book, subject[2], 4, _LITTLE_CASH, _MILD_DIABETES)
        subjects.near("C07", subject, "糖尿病未达所列程度")
    for subject in subjects.household(DIBAO, "C07/near/dibao"):
        _settle(book, subject[2], 4, _LITTLE_CASH, _LUNG_CANCER)
        subjects.near("C07", subject, "低保家庭不适用")
    for person in book.take(pools.bystanders, 2, "C07/near/nobody"):
        _settle(book, person, 4, _LITTLE_CASH, _LUNG_CANCER)
        book.near("C07", "dibao_edge", person, "未享受边缘或刚性支出救助")


def _register(book: Casebook, person: int, until: int, shown: Iterable[int] = _ALL) -> str:
    """Register a person as unemployed, with benefits until a place in the window; returns the number."""
    left = [max(until - index, 0) for index in _ALL]
    since = day(2020, 11, 3)
    book.world.add("unemployment", person=person, since=since, left=left, shown=set(shown))
    return f"SY{person:09d}"


def _unemployed(book: Casebook, subjects: Subjects) -> None:
    spells = ((0, _ALL, _ALL), (5, _ALL, range(4, 10)), (3, range(7), range(2, 7)))
    for place, (_, _, person, _) in enumerate(subjects.headed(EDGE, "C08/edge", book.amount(10, 3))):
        until, shown, months = spells[place % 3]
        key = _register(book, person, until, shown)
        book.plant("C08", "dibao", person, key, months, "medium", f"edge_{place % 3}")
    for _, home, person, _ in subjects.headed(EDGE, "C08/near/two_months"):
        _register(book, person, 11)
        book.near("C08", "dibao", person, "保险金还有两个月", home)
    for _, home, person, _ in subjects.headed(DIBAO, "C08/near/dibao"):
        _register(book, person, 0)
        book.near("C08", "dibao", person, "仍在享低保", home)


def _leave(book: Casebook, home: int, index: int) -> str:
    """End a household's dibao with a month of the window; returns the event of whoever left."""
    help_ = book.world.assistance
    help_.last[home], help_.reason[home] = WINDOW[index], "收入超标"
    return month_iso(WINDOW[index + 1])


def _left_and_in_trouble(book: Casebook, subjects: Subjects) -> None:
    for _, home, person, _ in subjects.headed(DIBAO, "C12/unemployed"):
        left = _leave(book, home, 4)
        number = _register(book, person, 0, range(6, 9))
        book.plant("C08", "dibao", person, number, range(6, 9), "medium", "left_dibao")
        book.plant("C12", "dibao", person, left, range(6, 9), "high", "unemployed")
    for _, home, person, _ in subjects.household(DIBAO, "C12/ill"):
        left = _leave(book, home, 2)
        _costly(book, person, range(5, 10), _settle(book, person, 5, _MEDIUM_CASH), "medium", "left_dibao")
        book.plant("C12", "dibao", person, left, range(5, 10), "high", "medical_costs")
    for subject in subjects.headed(DIBAO, "C12/near/well"):
        _leave(book, subject[1], 3)
        subjects.near("C12", subject, "退出后没有新的困难")


def _strike(
    book: Casebook,
    person: int,
    index: int,
    *,
    casualty: str = "无",
    house_damage: int = 0,
    named: bool = True,
    village: int = -1,
) -> str:
    """Let an accident happen in a month of the window; returns its number."""
    world, at = book.world, WINDOW[index]
    number = f"SJ{at // 12}{at % 12 + 1:02d}9{len(world.extra.get('incident', [])) + 1:04d}"
    world.add(
        "incident",
        person=person,
        known=person if named else -1,
        number=number,
        occurred_on=int(first_day(at)) + 27,
        village=int(world.people.village[person]) if village < 0 else village,
        casualty=casualty,
        house_damage=house_damage,
        shown={index},
    )
    return number


def _incidents(book: Casebook, pools: Pools) -> None:
    harms = (("受伤", 0), ("无", 1))
    for place, person in enumerate(book.take(pools.bystanders, book.amount(20, 4), "C09")):
        index = place * 3 % 10
        casualty, house_damage = harms[place % 2]
        number = _strike(book, person, index, casualty=casualty, house_damage=house_damage)
        limb = ("hurt", "house")[place % 2]
        book.plant("C09", "temporary_assistance", person, number, [index], "critical", limb)
    alone = np.unique(book.world.people.name_code, return_index=True, return_counts=True)
    rare = np.intersect1d(pools.bystanders, alone[1][alone[2] == 1])
    for person in book.take(rare, 2, "C09/unnumbered"):
        number = _strike(book, person, 6, named=False, casualty="受伤")
        book.plant("C09", "temporary_assistance", person, number, [6], "medium", "by_name_and_village")
    villages = len(book.world.geography.village_name)
    for person in book.take(rare, 2, "C09/near/elsewhere"):
        other = (int(book.world.people.village[person]) + 1) % villages
        _strike(book, person, 6, named=False, casualty="受伤", village=other)
        book.near("C09", "temporary_assistance", person, "只有姓名，地址是别的村")
    for person in book.take(pools.bystanders, 2, "C09/near/unhurt"):
        _strike(book, person, 6)
        book.near("C09", "temporary_assistance", person, "无伤亡、房屋无损")


def _live_on(book: Casebook, subject: Subject, monthly: int) -> None:
    """Let every member have so many cents a month, all of it transfers."""
    help_ = book.world.assistance
    rows = help_.members_of(subject[1])
    help_.wage[rows] = help_.business[rows] = 0
    help_.transfer[rows] = 12 * monthly
    help_.pension[rows] = np.minimum(help_.pension[rows], 12 * monthly)


def _below_the_standard(book: Casebook, subjects: Subjects) -> None:
    low, high = int(STANDARD[0]), int(STANDARD[-1])
    incomes = ((low - 1, _ALL, "a_cent_below"), (low, range(6, 10), "below_since_july"))
    for place, subject in enumerate(subjects.household(EDGE, "C13", book.amount(8, 4))):
        monthly, months, limb = incomes[place % 2]
        _live_on(book, subject, monthly)
        subjects.find("C13", subject, month_iso(WINDOW[months[0]]), months, "medium", limb)
    for subject in subjects.household(EDGE, "C13/near/at"):
        _live_on(book, subject, high)
        subjects.near("C13", subject, "人均收入正好等于标准")
    for subject in subjects.household(RIGID, "C13/near/rigid"):
        _live_on(book, subject, low - 1)
        subjects.near("C13", subject, "刚性支出困难家庭不适用")


def _monitored(book: Casebook, pools: Pools, subjects: Subjects) -> None:
    def monitor(person: int, removed: int, shown: Iterable[int] = _ALL) -> str:
        on = day(2020, 4, 14)
        book.world.add("poverty_monitor", person=person, removed=removed, identified_on=on, shown=set(shown))
        return iso(on)

    for place, person in enumerate(book.take(pools.bystanders, book.amount(20, 3), "C15")):
        shown = (_ALL, range(4), range(3, 8))[place % 3]
        book.plant("C15", "dibao", person, monitor(person, 0, shown), shown, "medium", f"shown_{place % 3}")
    for person in book.take(pools.bystanders, 2, "C15/near/removed"):
        monitor(person, 1)
        book.near("C15", "dibao", person, "风险已消除")
    for _, home, person, _ in subjects.household(EDGE, "C15/near/edge"):
        monitor(person, 0)
        book.near("C15", "dibao", person, "已是低保边缘家庭", home)


def _nurse(book: Casebook, person: int, issued_on: int, category: int = LIMB, grade: int = 0) -> str:
    """Certify a person's severe disability and grant the nursing subsidy, and nothing else."""
    number = certify(book, person, issued_on, category, grade)
    grant(book, book.world.nursing, person, 5, max(int(month_of(issued_on)), month(2016, 3)))
    return number


def _severely_disabled(book: Casebook, pools: Pools, subjects: Subjects) -> None:
    world = book.world
    for _, _, person, _ in subjects.headed(EDGE, "C02/edge", book.amount(10, 2)):
        number = _nurse(book, person, day(2015, 6, 2), HEARING)
        book.plant("C02", "dibao_single", person, number, _ALL, "high", "edge")
    has_means = world.has_pension | world.is_employed | world.is_public
    without = pools.bystanders[~has_means[pools.bystanders]]
    spells = ((day(2015, 6, 2), _ALL), (day(2021, 4, 10), range(3, 10)))
    for place, person in enumerate(book.take(without, book.amount(20, 2), "C02/outside")):
        issued_on, months = spells[place % 2]
        number = _nurse(book, person, issued_on)
        book.plant("C02", "disability_living", person, number, months, "high", f"outside_{place % 2}")
    for person in book.take(without, 2, "C02/near/hearing"):
        _nurse(book, person, day(2015, 6, 2), HEARING)
        book.near("C02", "disability_living", person, "听力残疾不在其列")
    pensioners = pools.bystanders[world.has_pension[pools.bystanders]]
    for person in book.take(pensioners, 2, "C02/near/pension"):
        _nurse(book, person, day(2015, 6, 2))
        book.near("C02", "disability_living", person, "领取企业或机关养老金")


def _families(book: Casebook) -> np.ndarray:
    """Only children whose parents live, receive nothing and have no papers that another rule reads."""
    world, people, help_ = book.world, book.world.people, book.world.assistance
    count = len(people)
    busy = world.poor | world.reserved | ~people.is_registered
    for roster in (world.nursing, world.living, world.elders, world.extreme, world.children):
        busy[roster.person] = True
    for persons in (world.certificates.person, help_.member):
        busy[persons] = True
    busy |= (people.died_on != EMPTY) | (people.moved_on != EMPTY)
    child = np.flatnonzero(~busy & (people.birth > day(2006, 1, 1)) & (people.birth < day(2019, 1, 1)))
    father, mother = people.father[child], people.mother[child]
    children = [np.bincount(each[each >= 0], minlength=count) for each in (people.father, people.mother)]
    fit = (father >= 0) & (mother >= 0)
    fit &= (children[0][father] == 1) & (children[1][mother] == 1) & ~busy[father] & ~busy[mother]
    return child[fit]


def _children_alone(book: Casebook) -> None:
    people, pool = book.world.people, _families(book)

    def parents(child: int) -> tuple[int, int]:
        father, mother = int(people.father[child]), int(people.mother[child])
        book.reserve(father)
        book.reserve(mother)
        return father, mother

    def detain(person: int) -> None:
        book.world.add(
            "custody", person=person, kind="服刑", start_on=day(2021, 3, 10), end_on=EMPTY, shown=set(range(2, 10))
        )

    for place, child in enumerate(book.take(pool, book.amount(6, 2), "C10/orphan")):
        father, mother = parents(child)
        die(book, father, -1)
        later = (0, 4)[place % 2]
        die(book, mother, later)
        book.plant("C10", "orphan", child, "child", range(later, 10), "critical", f"both_died_{place % 2}")
    for child in book.take(pool, 2, "C10/unattended"):
        father, mother = parents(child)
        die(book, mother, 1)
        detain(father)
        book.plant("C10", "unattended_child", child, "child", range(3, 10), "critical", "died_and_in_custody")
    for child in book.take(pool, 2, "C10/near/one"):
        father, _ = parents(child)
        die(book, father, 2)
        book.near("C10", "orphan", child, "母亲仍可照料")
