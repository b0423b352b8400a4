"""E02 signs of death, E16 marriages of those assessed alone, E19 children grown up and E20 people abroad."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from include.demo.anomalies.exits_status import Holder, holders
from include.demo.anomalies.identities import free_number
from include.demo.anomalies.pools import Pools
from include.demo.anomalies.subjects import Subject, Subjects
from include.demo.casebook import Casebook
from include.demo.departments.human_resources import BASIC, SCHEMES, pension_scheme, residents_pension
from include.demo.moments import EMPTY, FOREVER, WINDOW, age_in_month, birthday, day, first_day, iso, last_day, month
from include.demo.programmes.assistance import DIBAO, EDGE, RIGID, SINGLE
from include.demo.programmes.children import CODES as CHILD_CODES
from include.demo.programmes.children import ORPHAN, OTHER, UNATTENDED, fill_child_amounts
from include.demo.programmes.standards import elder_tariff

_RESIDENTS = SCHEMES.index("城乡居民")
_TERMS = (0, 2, 8)
"""The months in which schools send their lists."""


def plant(book: Casebook, pools: Pools) -> None:
    """Plant the four rules."""
    subjects = Subjects(book, pools)
    _pupils(book, subjects)
    _stopped_pensions(book, subjects)
    _stopped_near_misses(book, subjects)
    _very_old(book, pools)
    _marriages(book, subjects)
    _marriage_near_misses(book, subjects)
    _grown_up(book)
    _pupil_near_misses(book)
    _abroad(book, pools)
    _abroad_near_misses(book, pools)


def _aged(subjects: Subjects, topic: str, count: int = 2) -> list[Holder]:
    """People of sixty and more who hold something."""
    book, pools = subjects.book, subjects.pools
    result: list[Holder] = []
    for code in (DIBAO, SINGLE, EDGE, RIGID):
        result.extend(subject[:3] for subject in subjects.headed(code, f"{topic}/{code}", count, (60, 79)))
    result.extend(("extreme_poverty", -1, who) for who in book.take(pools.extreme, count, f"{topic}/extreme"))
    result.extend(("elder_allowance", -1, who) for who in book.take(pools.elders, count, f"{topic}/elders"))
    return result


def _stop_pension(
    book: Casebook, person: int, shown: Iterable[int], status: str, reason: str, stopped_on: int = EMPTY
) -> None:
    """A pension that is no longer paid in the lists of some months."""
    world = book.world
    who = np.array([person])
    scheme = int(pension_scheme(world, who)[0])
    is_basic = scheme == _RESIDENTS
    world.add(
        "pension",
        person=person,
        scheme=scheme,
        amount=BASIC + int(residents_pension(world, who)[0]) if is_basic else 310_000,
        basic=BASIC if is_basic else EMPTY,
        status=status,
        reason=reason,
        stopped_on=stopped_on,
        shown=set(shown),
    )


def _stopped_pensions(book: Casebook, subjects: Subjects) -> None:
    shapes = (
        ("终止", "死亡", day(2020, 12, 1), range(10), "死亡"),
        ("暂停", "待遇资格未认证", day(2021, 4, 1), range(3, 10), "未认证"),
        ("暂停", "人员失踪", EMPTY, (1, 2, 3, 7, 8, 9), "失踪"),
        ("暂停", "失踪，资格未认证", day(2021, 3, 1), range(2, 6), "失踪"),
    )
    for place, (programme, home, person) in enumerate(_aged(subjects, "E02")):
        status, reason, stopped_on, shown, word = shapes[(place + place // 4) % 4]
        _stop_pension(book, person, shown, status, reason, stopped_on)
        key = f"{word}|{iso(stopped_on)}"
        book.plant("E02", programme, person, key, shown, "high", programme, household=home)
    for person in book.take(subjects.pools.elders, book.amount(60, 2), "E02/elders"):
        _stop_pension(book, person, range(5, 10), "暂停", "生存未认证", day(2021, 6, 30))
        book.plant("E02", "elder_allowance", person, "未认证|2021-06-30", range(5, 10), "high", "not_certified")


def _stopped_near_misses(book: Casebook, subjects: Subjects) -> None:
    for why, status, reason, stopped_on in (
        ("待遇正常，只是备注未认证", "正常", "未认证", EMPTY),
        ("因户籍迁移停发", "终止", "户籍迁移", day(2021, 3, 1)),
        ("停发日期在评估月之后", "暂停", "未认证", day(2021, 11, 1)),
    ):
        for person in book.take(subjects.pools.elders, 2, f"E02/near/{why}"):
            _stop_pension(book, person, range(10), status, reason, stopped_on)
            book.near("E02", "elder_allowance", person, why)


def _very_old(book: Casebook, pools: Pools) -> None:
    """Elders become so old that somebody ought to go and see."""
    pool = pools.elders[book.world.people.spouse[pools.elders] < 0]
    for place, person in enumerate(book.take(pool, 2, "E02/age")):
        _be_born(book, person, (day(1909, 8, 20), day(1910, 5, 3))[place])
        book.plant("E02", "elder_allowance", person, "age110", range((0, 4)[place], 10), "high", "very_old")
    for person in book.take(pool, 1, "E02/near/age"):
        _be_born(book, person, day(1910, 11, 2))
        book.near("E02", "elder_allowance", person, "刚满一百一十岁")


def _be_born(book: Casebook, person: int, born_on: int) -> None:
    """Give an elder another birthday, its number and its allowance."""
    people, elders = book.world.people, book.world.elders
    people.birth[person] = born_on
    people.write_over(person, people.name_of(person), free_number(people, person))
    elders.amount[elders.row_of(person)] = elder_tariff(people.birth[[person]])[0]


def _wed(book: Casebook, one: int, other: int, registered_on: int, kind: str = "结婚") -> str:
    """Register a marriage or a divorce; returns the certificate's number."""
    world = book.world
    husband, wife = (one, other) if world.people.is_male[one] else (other, one)
    serial = len(world.extra.get("marriage", [])) + 1
    number = f"{'J' if kind == '结婚' else 'L'}320614-2021-9{serial:05d}"
    index = next(at for at in range(10) if registered_on <= last_day(WINDOW[at]))
    world.add(
        "marriage",
        number=number,
        kind=kind,
        husband=husband,
        wife=wife,
        registered_on=registered_on,
        shown={index},
    )
    return number


def _partner(book: Casebook, pools: Pools, person: int, topic: str) -> int:
    """Somebody of the other sex who is not married and whom nobody helps."""
    people = book.world.people
    pool = pools.bystanders
    fit = (people.is_male[pool] != people.is_male[person]) & (people.spouse[pool] < 0)
    return book.take(pool[fit], 1, f"{topic}/{person}")[0]


def _alone(subjects: Subjects, topic: str, count: int = 2) -> list[Subject]:
    """Dibao households of one person."""
    help_ = subjects.book.world.assistance
    homes = subjects.pools.households[DIBAO]
    alone = np.array([len(help_.members_of(int(home))) == 1 for home in homes])
    return subjects.among(homes[alone], DIBAO, topic, count)


def _marriages(book: Casebook, subjects: Subjects) -> None:
    pools = subjects.pools
    for place, subject in enumerate(_alone(subjects, "E16/dibao", book.amount(6, 3))):
        index = (0, 4, 9)[place % 3]
        registered_on = int(first_day(WINDOW[index])) + 8
        number = _wed(book, subject[2], _partner(book, pools, subject[2], "E16/dibao"), registered_on)
        subjects.find("E16", subject, number, range(index, 10), "medium", "dibao_of_one")
    for subject in subjects.extreme("E16/extreme"):
        number = _wed(book, subject[2], _partner(book, pools, subject[2], "E16/extreme"), day(2021, 3, 22))
        subjects.find("E16", subject, number, range(2, 10), "medium", "extreme_poverty")
    for subject in subjects.headed(SINGLE, "E16/single", 2, (20, 79)):
        spouse = int(book.world.people.spouse[subject[2]])
        _wed(book, subject[2], spouse, day(2021, 2, 8), "离婚")
        number = _wed(book, subject[2], _partner(book, pools, subject[2], "E16/single"), day(2021, 6, 16))
        subjects.find("E16", subject, number, range(5, 10), "medium", "dibao_single")
    for subject in _alone(subjects, "E16/divorced"):
        partner = _partner(book, pools, subject[2], "E16/divorced")
        number = _wed(book, subject[2], partner, day(2021, 2, 10))
        _wed(book, subject[2], partner, day(2021, 8, 31), "离婚")
        subjects.find("E16", subject, number, range(1, 7), "medium", "divorced_again")
    for subject in _alone(subjects, "E16/returning"):
        number = _wed(book, subject[2], _partner(book, pools, subject[2], "E16/returning"), day(2021, 3, 10))
        subjects.suspend(subject, (5, 6))
        subjects.find("E16", subject, number, (2, 3, 4, 7, 8, 9), "medium", "returning")


def _marriage_near_misses(book: Casebook, subjects: Subjects) -> None:
    pools, help_ = subjects.pools, book.world.assistance
    for subject in subjects.headed(SINGLE, "E16/near/together", 2, (20, 79)):
        _wed(book, subject[2], int(book.world.people.spouse[subject[2]]), day(2021, 4, 9))
        subjects.near("E16", subject, "配偶是共同生活的家庭成员")
    for subject in _alone(subjects, "E16/near/start"):
        help_.start[subject[1]] = WINDOW[3]
        _wed(book, subject[2], _partner(book, pools, subject[2], "E16/near/start"), day(2021, 4, 30))
        subjects.near("E16", subject, "认定当月登记结婚")
    for subject in subjects.extreme("E16/near/divorced"):
        partner = _partner(book, pools, subject[2], "E16/near/divorced")
        _wed(book, subject[2], partner, day(2021, 5, 6))
        _wed(book, subject[2], partner, day(2021, 5, 28), "离婚")
        subjects.near("E16", subject, "当月已离婚")
    for subject in subjects.headed(EDGE, "E16/near/edge", 2, (20, 79)):
        _wed(book, subject[2], _partner(book, pools, subject[2], "E16/near/edge"), day(2021, 5, 6))
        subjects.near("E16", subject, "低保边缘家庭不适用")


def _grown(book: Casebook, after: int, before: int, count: int, topic: str) -> list[int]:
    """Young people born between two days who live with a parent and hold nothing."""
    world = book.world
    people = world.people
    held = np.zeros(len(people), dtype=bool)
    for roster in (world.children, world.living, world.nursing):
        held[roster.person] = True
    held[world.certificates.person] = True
    fit = people.is_registered & (people.birth >= after) & (people.birth < before) & (people.mother >= 0)
    fit &= ~world.poor & ~held & (people.died_on == EMPTY) & (people.moved_on == EMPTY)
    return book.take(np.flatnonzero(fit), count, topic)


def _receives(book: Casebook, person: int, kind: int) -> str:
    """Leave a young person on the children's roster; returns the programme."""
    world = book.world
    parent = int(world.people.mother[person])
    changes = {"person": person, "kind": kind, "guardian": parent, "in_institution": False, "until": EMPTY}
    world.children.copy_row(0, start=month(2019, 5), last=FOREVER, **changes)
    fill_child_amounts(world.children)
    return CHILD_CODES[kind]


def _attend(book: Casebook, person: int, terms: Iterable[int], graduates_on: int, stage: str = "高中") -> None:
    """Show a person in the schools' lists of some months, and in no other list."""
    book.world.add(
        "enrolment",
        person=person,
        school="海门证大中学" if stage == "高中" else "外地高校",
        stage=stage,
        enrolled_on=day(2018, 9, 1),
        graduates_on=graduates_on,
        shown=set(terms),
    )


def _adult_on(book: Casebook, person: int) -> str:
    return iso(int(birthday(book.world.people.birth[person], 18)))


def _grown_up(book: Casebook) -> None:
    """Children who came of age on the roster: those who left school, and those of whom no school knows."""
    for kind in (ORPHAN, UNATTENDED, OTHER):
        limb = ("orphans", "unattended", "", "", "in_difficulty")[kind]
        for person in _grown(book, day(2002, 1, 2), day(2002, 12, 20), 2, f"E19/{kind}"):
            programme = _receives(book, person, kind)
            _attend(book, person, (), EMPTY)
            book.plant("E19", programme, person, _adult_on(book, person), range(10), "medium", limb)
    for person in _grown(book, day(2003, 2, 1), day(2003, 9, 30), 2, "E19/comes_of_age"):
        programme = _receives(book, person, OTHER)
        _attend(book, person, (), EMPTY)
        index = next(at for at in range(10) if age_in_month(book.world.people.birth[person], WINDOW[at]) >= 18)
        book.plant("E19", programme, person, _adult_on(book, person), range(index, 10), "medium", "comes_of_age")
    for person in _grown(book, day(2002, 1, 2), day(2002, 12, 20), 2, "E19/returning"):
        programme = _receives(book, person, ORPHAN)
        _attend(book, person, (2,), day(2021, 12, 30))
        months = (0, 1, 8, 9)
        book.plant("E19", programme, person, _adult_on(book, person), months, "medium", "returning")
    for person in _grown(book, day(2002, 1, 2), day(2002, 12, 20), 2, "E19/graduated"):
        programme = _receives(book, person, UNATTENDED)
        _attend(book, person, _TERMS, day(2020, 12, 31))
        book.plant("E19", programme, person, "2020-12-31", range(3, 10), "medium", "graduated")


def _pupils(book: Casebook, subjects: Subjects) -> None:
    """Grown members of dibao households who are said to be at school."""
    help_, people = book.world.assistance, book.world.people
    homes = subjects.pools.households[DIBAO]
    ages = age_in_month(people.birth, WINDOW[0])
    youths = {
        int(home): int(member)
        for home in homes
        for member in help_.member[help_.members_of(int(home))]
        if 18 <= ages[member] < 30
    }
    pool = np.array(sorted(youths), dtype="int64")
    for home in book.take_households(pool, 2, "E19/pupil"):
        person = youths[home]
        book.world.add("in_school", person=person, shown=set(range(2, 10)))
        _attend(book, person, (), EMPTY)
        book.plant("E19", "dibao", person, _adult_on(book, person), range(2, 10), "medium", "dibao", household=home)
    for home in book.take_households(pool, 2, "E19/near/pupil"):
        person = youths[home]
        book.world.add("in_school", person=person, shown=set(range(10)))
        _attend(book, person, _TERMS, day(2023, 6, 30), "本科")
        book.near("E19", "dibao", person, "仍在校就读", home)
    for home in book.take_households(pool, 2, "E19/near/no_pupil"):
        person = youths[home]
        _attend(book, person, (), EMPTY)
        book.near("E19", "dibao", person, "低保成员没有登记在校", home)


def _pupil_near_misses(book: Casebook) -> None:
    for why, after, before, terms, graduates_on in (
        ("仍在校就读", day(2002, 1, 2), day(2002, 12, 20), _TERMS, day(2022, 6, 30)),
        ("毕业未满三个月", day(2002, 1, 2), day(2002, 12, 20), _TERMS, day(2021, 7, 1)),
        ("未满十八岁", day(2003, 11, 1), day(2004, 6, 1), (), EMPTY),
    ):
        for person in _grown(book, after, before, 2, f"E19/near/{why}"):
            programme = _receives(book, person, UNATTENDED)
            _attend(book, person, terms, graduates_on)
            book.near("E19", programme, person, why)


def _travel(book: Casebook, person: int, exited_on: int, entered_on: int = EMPTY) -> None:
    """A journey in the police's quarterly lists: as soon as one sees the exit, and again with the return."""
    entered_in = EMPTY if entered_on == EMPTY else _quarter(entered_on)
    if _quarter(exited_on) != entered_in:
        shown = {_quarter(exited_on)}
        book.world.add("exit_entry", person=person, exited_on=exited_on, entered_on=EMPTY, shown=shown)
    if entered_on != EMPTY:
        book.world.add("exit_entry", person=person, exited_on=exited_on, entered_on=entered_on, shown={entered_in})


def _quarter(seen_on: int) -> int:
    """The month of the first list that can show a day."""
    return next(index for index in range(0, 10, 3) if seen_on <= last_day(WINDOW[index]))


def _abroad(book: Casebook, pools: Pools) -> None:
    spans = (
        (day(2020, 10, 4), EMPTY),
        (day(2021, 2, 3), EMPTY),
        (day(2020, 11, 20), day(2021, 6, 8)),
        (day(2021, 4, 12), day(2021, 9, 2)),
    )
    for place, (programme, home, person) in enumerate(holders(book, pools, "E20")):
        exited_on, entered_on = spans[(place + place // 4) % 4]
        _travel(book, person, exited_on, entered_on)
        months = [at for at in range(10) if _is_away(exited_on, entered_on, at)]
        book.plant("E20", programme, person, iso(exited_on), months, "medium", programme, household=home)
    for subject in Subjects(book, pools).headed(DIBAO, "E20/returning", 2, (20, 79)):
        _travel(book, subject[2], day(2020, 9, 9))
        book.world.assistance.paused[subject[1], 4:6] = True
        months = [0, 1, 2, 3, 6, 7, 8, 9]
        book.plant("E20", "dibao", subject[2], "2020-09-09", months, "medium", "returning", household=subject[1])


def _is_away(exited_on: int, entered_on: int, index: int) -> bool:
    """Whether ninety days are over by a month's last day, and nobody saw the return by then."""
    end = int(last_day(WINDOW[index]))
    return exited_on + 90 <= end and (entered_on == EMPTY or entered_on > end)


def _abroad_near_misses(book: Casebook, pools: Pools) -> None:
    for why, exited_on, entered_on in (
        ("出境八十九天", day(2021, 8, 3), EMPTY),
        ("月底前已入境", day(2021, 1, 10), day(2021, 4, 30)),
        ("出境数日即返回", day(2021, 5, 2), day(2021, 5, 9)),
    ):
        for person in book.take(pools.elders, 2, f"E20/near/{why}"):
            _travel(book, person, exited_on, entered_on)
            book.near("E20", "elder_allowance", person, why)
