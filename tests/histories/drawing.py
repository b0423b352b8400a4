"""Random histories of a handful of people: what was sent for which month, corrected, late or sent again, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.scenarios.people import with_check_digit
from tests.warehouse.small_landing import OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

Row = dict[str, Any]
PERIODS = ("202101", "202102", "202103")
HOUSEHOLD, MEMBER = "civil_affairs.assistance_household", "civil_affairs.assistance_member"
ELDER, EXTREME, CHILD = "civil_affairs.elder_allowance", "civil_affairs.extreme_poverty", "civil_affairs.child_welfare"
SUBSIDY, PAYMENT = "civil_affairs.disability_subsidy", "civil_affairs.payment"
CREMATION, DEATH = "civil_affairs.cremation", "health.death_certificate"
POPULATION, ESTATE = "public_security.population", "natural_resources.real_estate"
VEHICLE, CUSTODY, CERTIFICATE = "public_security.vehicle", "justice.custody", "disabled_federation.certificate"
#: Snapshots that come by town; everything else comes whole.
BY_TOWN = (HOUSEHOLD, MEMBER, ELDER)
_APPEND = (CREMATION, DEATH, PAYMENT)


@dataclass(frozen=True)
class Person:
    """Somebody of the handful, where they live and their number."""

    name: str
    id_no: str
    born: date
    town: str
    village: str


def _person(name: str, born: str, serial: int, town: str, village: str) -> Person:
    number = with_check_digit(f"320625{born.replace('-', '')}{serial:03d}")
    return Person(name, number, date.fromisoformat(born), town, village)


PEOPLE = (
    _person("顾一", "1970-01-01", 1, TOWN, VILLAGE),
    _person("顾二", "2010-01-01", 3, TOWN, VILLAGE),
    _person("殷三", "1938-04-12", 5, TOWN, VILLAGE),
    _person("李四", "1930-01-01", 7, OTHER_TOWN, OTHER_VILLAGE),
    _person("王五", "1941-02-28", 9, OTHER_TOWN, OTHER_VILLAGE),
    _person("赵六", "1965-06-15", 11, OTHER_TOWN, OTHER_VILLAGE),
)


@dataclass(frozen=True)
class Sent:
    """One file: what it says, and whether it is a file that had come before, byte for byte."""

    dataset: str
    period: str
    part: str
    rows: tuple[Row, ...]
    refused: tuple[Row, ...] = ()
    is_sent_again: bool = False

    @property
    def unit(self) -> tuple[str, str]:
        """Files of one unit keep their order: of an append dataset all, else those of one dataset and period.

        Towns' files of one period are one unit, since somebody who stands in two of them counts in the newer.
        """
        return (self.dataset, "" if self.dataset in _APPEND else self.period)


@dataclass(frozen=True)
class History:
    """What was sent, in one order of arrival and in another, and how much of the first was there when first built."""

    sent: tuple[Sent, ...]
    order: tuple[int, ...]
    other_order: tuple[int, ...]
    known_first: int


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A history of three months, complete for the first, with whatever happens to deliveries."""
    sent = [
        Sent(dataset, period, part, draw(rows_of(dataset, period, part)), draw(_refused(dataset, part)))
        for period in PERIODS
        for dataset in _ROWS
        for part in ((TOWN, OTHER_TOWN) if dataset in BY_TOWN else ("",))
        if period == PERIODS[0] or draw(st.integers(0, 5)) < 5
    ]
    for index in draw(st.lists(st.integers(0, len(sent) - 1), min_size=1, max_size=6)):
        first = sent[index]
        if draw(st.booleans()):
            sent.append(Sent(first.dataset, first.period, first.part, first.rows, first.refused, is_sent_again=True))
        else:
            sent.append(
                Sent(first.dataset, first.period, first.part, draw(rows_of(first.dataset, first.period, first.part)))
            )
    places = st.permutations(range(len(sent)))
    return History(
        tuple(sent),
        _keeping_units(sent, draw(places)),
        _keeping_units(sent, draw(places)),
        draw(st.integers(len(sent) // 3, len(sent) - 1)),
    )


def _keeping_units(sent: list[Sent], places: Iterable[int]) -> tuple[int, ...]:
    """An order of arrival: any, but files of one unit come as they were sent."""
    waiting: dict[tuple[str, str], list[int]] = {}
    for index, file in enumerate(sent):
        waiting.setdefault(file.unit, []).append(index)
    return tuple(waiting[sent[place].unit].pop(0) for place in places)


def rows_of(dataset: str, period: str, part: str) -> st.SearchStrategy[tuple[Row, ...]]:
    """The rows of one file."""
    return st.tuples(*(_ROWS[dataset](person, period) for person in PEOPLE if part in ("", person.town))).map(
        lambda drawn: tuple(row for row in drawn if row is not None)
    )


def _refused(dataset: str, part: str) -> st.SearchStrategy[tuple[Row, ...]]:
    """At times a clerk damages the number of somebody on a roster."""
    if dataset not in (ELDER, EXTREME):
        return st.just(())
    people = [person for person in PEOPLE if part in ("", person.town)]
    damaged = st.sampled_from(people).map(lambda person: ({"name": person.name, "village": person.village},))
    return st.one_of(st.just(()), st.just(()), damaged)


def _often(row: st.SearchStrategy[Row]) -> st.SearchStrategy[Row | None]:
    return st.one_of(row, row, st.none())


def _seldom(row: st.SearchStrategy[Row]) -> st.SearchStrategy[Row | None]:
    return st.one_of(row, st.none(), st.none(), st.none())


def _who(person: Person) -> Row:
    return {"name": person.name, "id_no": person.id_no}


def _filed(person: Person, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    fixed = {**_who(person), "town": person.town, "village": person.village}
    status = st.sampled_from(["在享", "在享", "在享", "暂停", "终止"])
    return st.fixed_dictionaries({"status": status, **columns}).map(lambda drawn: fixed | drawn)


def _household(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {
        "monthly_amount": st.sampled_from([0, 300, 501]),
        "annual_income": st.sampled_from([None, 3000, 9000]),
        "programme": st.sampled_from(["低保", "低保", "低保边缘"]),
        "member_count": st.integers(1, 2),
    }
    heads = {"household_no": f"HM{person.id_no[-4:]}", "head_name": person.name, "head_id_no": person.id_no}
    return (
        _seldom(_filed(person, **columns).map(lambda row: row | heads))
        if person != PEOPLE[0]
        else _filed(person, **columns).map(lambda row: row | heads)
    )


def _member(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    heads = [PEOPLE[0]] if person.town == TOWN else [person, PEOPLE[3]]
    columns = {
        "household_no": st.sampled_from([f"HM{head.id_no[-4:]}" for head in heads]),
        "role": st.sampled_from(["共同生活", "共同生活", "赡抚扶养人"]),
        "relation": st.sampled_from(["户主", "子"]),
        "uplift": st.sampled_from(["无", "未成年人"]),
        "covered": st.booleans(),
    }
    return _often(st.fixed_dictionaries(columns).map(lambda row: _who(person) | row))


def _elder(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    return _often(_filed(person, monthly_amount=st.sampled_from([50, 100])))


def _extreme(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    return _seldom(_filed(person, basic_amount=st.sampled_from([1010, 923])))


def _child(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    kinds = st.sampled_from(["孤儿", "事实无人抚养儿童", "重残重病儿童"])
    return _often(_filed(person, kind=kinds)) if person.born.year > 2005 else st.none()


def _subsidy(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    number = f"{person.id_no}43"
    tiers = st.sampled_from(["护理", "低保内重残"])
    row = _filed(person, tier=tiers).map(
        lambda drawn: (
            drawn | {"certificate_no": number} | ({} if drawn["tier"] == "护理" else {"subsidy": "困难残疾人生活补贴"})
        )
    )
    return _seldom(row)


def _certificate(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {
        "status": st.sampled_from(["正常", "正常", "注销", "冻结"]),
        "grade": st.sampled_from(["一级", "二级", "三级"]),
        "valid_until": st.sampled_from([None, date(2021, 2, 10), date(2030, 1, 1)]),
        "issued_on": st.sampled_from([date(2015, 1, 1), date(2021, 1, 20)]),
    }
    numbered = {**_who(person), "certificate_no": f"{person.id_no}43"}
    return _seldom(st.fixed_dictionaries(columns).map(lambda row: numbered | row))


def _payment(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    month = f"{period[:4]}-{period[4:]}"
    columns = {
        "payment_no": st.sampled_from([f"F{period}{person.id_no[-4:]}", f"F202101{person.id_no[-4:]}"]),
        "benefit_month": st.sampled_from([month, "2021-01"]),
        "amount": st.sampled_from([50, 100]),
        "kind": st.sampled_from(["正常", "正常", "补发", "扣回"]),
        "result": st.sampled_from(["成功", "成功", "退汇"]),
        "programme": st.sampled_from(["尊老金", "特困供养金"]),
    }
    fixed = {**_who(person), "paid_month": month, "town": person.town}
    return _often(st.fixed_dictionaries(columns).map(lambda row: fixed | row))


def _death(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {"died_on": st.dates(date(2020, 11, 20), date(2021, 3, 31))}
    fixed = {**_who(person), "record_no": f"R{person.id_no[-4:]}", "certificate_no": f"S{person.id_no[-4:]}"}
    return _seldom(st.fixed_dictionaries(columns).map(lambda row: fixed | row))


def _population(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {
        "status": st.sampled_from(["正常", "正常", "正常", "死亡注销", "迁出"]),
        "status_on": st.sampled_from([None, date(2021, 1, 15), date(2021, 2, 15), date(2021, 4, 2)]),
    }
    fixed = {
        **_who(person), "birth_date": person.born, "town": person.town, "village": person.village,
        "sex": "男", "register_no": f"G{person.town[-6:-3]}",
    }  # fmt: skip
    return _often(st.fixed_dictionaries(columns).map(lambda row: fixed | row))


def _estate(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {
        "status": st.sampled_from(["现势", "现势", "历史"]),
        "use": st.sampled_from(["住宅", "商业"]),
        "acquired_by": st.sampled_from(["购买", "继承"]),
        "registered_on": st.dates(date(2018, 1, 1), date(2021, 3, 31)),
        "share": st.sampled_from([None, 1]),
    }
    fixed = {"owner_name": person.name, "owner_id_no": person.id_no, "unit_no": f"U{person.id_no[-4:]}"}
    return _seldom(st.fixed_dictionaries(columns).map(lambda row: fixed | row))


def _vehicle(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {
        "plate_kind": st.sampled_from(["小型汽车", "轻便摩托车"]),
        "status": st.sampled_from(["正常", "注销"]),
        "first_registered_on": st.dates(date(2018, 1, 1), date(2021, 3, 31)),
    }
    fixed = {"owner_name": person.name, "owner_id_no": person.id_no, "plate_no": f"苏F{person.id_no[-5:]}"}
    return _seldom(st.fixed_dictionaries(columns).map(lambda row: fixed | row))


def _custody(person: Person, period: str) -> st.SearchStrategy[Row | None]:
    columns = {
        "kind": st.sampled_from(["服刑", "羁押"]),
        "start_on": st.dates(date(2020, 12, 1), date(2021, 3, 1)),
        "end_on": st.sampled_from([None, date(2021, 2, 28)]),
    }
    return _seldom(st.fixed_dictionaries(columns).map(lambda row: _who(person) | row))


_ROWS = {
    HOUSEHOLD: _household, MEMBER: _member, ELDER: _elder, EXTREME: _extreme, CHILD: _child, SUBSIDY: _subsidy,
    PAYMENT: _payment, CREMATION: _death, DEATH: _death, POPULATION: _population, ESTATE: _estate,
    VEHICLE: _vehicle, CUSTODY: _custody, CERTIFICATE: _certificate,
}  # fmt: skip
