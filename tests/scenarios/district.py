"""The scenarios' people as departments would report them: rows of each dataset, month by month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from include.contracts import load_contract
from include.periods import Month
from tests.scenarios.means import due, usual_income
from tests.scenarios.people import DISTRICT, TOWNS, VILLAGES, Person, Register
from tests.scenarios.stories import WINDOW, Scenario, load_yaml, months

HOUSEHOLD, MEMBER = "civil_affairs.assistance_household", "civil_affairs.assistance_member"
POPULATION, CERTIFICATE = "public_security.population", "disabled_federation.certificate"
PAYMENT, REGION = "civil_affairs.payment", "civil_affairs.region"
_CATEGORIES = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]
_GRADES = ["一级", "二级", "三级", "四级"]
_CHILD_PAYMENTS = {"孤儿": "孤儿基本生活费", "事实无人抚养儿童": "事实无人抚养儿童生活费"}
_CERTIFIED = (CERTIFICATE, "civil_affairs.disability_subsidy")
_NAMED = re.compile(r"\{(\w+)\}")
_BUILDER_WORDS = ("who", "months", "delivered", "paid", "number", "certificate_of")


@dataclass(frozen=True)
class Row:
    """What one department says of one thing, and in which periods it says so."""

    columns: dict[str, Any]
    periods: tuple[Month, ...]


@dataclass
class District:
    """Everybody and everything that is delivered."""

    register: Register = field(default_factory=Register)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    households: dict[str, str] = field(default_factory=dict)  # household_no -> name of its head
    defaults: dict[str, Any] = field(default_factory=lambda: load_yaml("defaults.yaml"))
    _payments: int = 0

    def settle(self, scenario: Scenario) -> None:
        """Let the people of a scenario move in, with everything departments say of them."""
        for name, given in scenario.people.items():
            self.register.add(name, given)
        said = {
            row["who"] for row in scenario.rows.get(POPULATION, []) if months(row.get("delivered", 1)) == [WINDOW[0]]
        }
        for name in scenario.people:
            person = self.register.people[name]
            if person.registered and name not in said:
                self.say(POPULATION, {"who": name})
        for dataset, rows in scenario.rows.items():
            for row in rows:
                self.say_household(row) if dataset == HOUSEHOLD else self.say(dataset, row)

    def say(self, dataset: str, given: dict[str, Any]) -> None:
        """One row of a dataset: what the scenario gives, over what the person is, over the defaults."""
        words = {word: given[word] for word in _BUILDER_WORDS if word in given}
        own = {column: self._number_of(value) for column, value in given.items() if column not in _BUILDER_WORDS}
        defaults = self.defaults[dataset]
        columns = {**defaults["columns"], **self._about(dataset, words), **own}
        if dataset in _CERTIFIED and "certificate_no" not in own:
            owner = self.register.people[words.get("certificate_of", words["who"])]
            columns["certificate_no"] = certificate_no({**columns, "id_no": owner.id_no})
        for key in load_contract(dataset).key:  # numbers that a department gives and no scenario is about
            columns.setdefault(key, f"{dataset[:2].upper()}{len(self.rows.get(dataset, [])):05d}")
        row = Row(columns, self._periods(dataset, columns, words))
        self.rows.setdefault(dataset, []).append(row)
        if "amount" in defaults:
            self._pay_month_by_month(dataset, row, words)

    def say_household(self, given: dict[str, Any]) -> None:
        """A household and its members: ``head``, ``household_no``, ``with`` others, ``as_member`` of the head."""
        facts = dict(given)
        head = facts.pop("head")
        others: dict[str, dict[str, Any]] = {name: dict(member or {}) for name, member in facts.pop("with", {}).items()}
        own = {"relation": "本人", **facts.pop("as_member", {})}
        number = str(facts.pop("household_no", f"JA{len(self.households) + 1:04d}"))
        self.households[number] = head
        together = [row for row in [own, *others.values()] if row.get("role", "共同生活") == "共同生活"]
        programme = facts.setdefault("programme", "低保")
        if programme != "低保":
            own.setdefault("covered", "否")
            for row in others.values():
                row.setdefault("covered", "否")
        covered = [row for row in together if row.get("covered", "是") == "是"]
        facts.setdefault("member_count", len(together))
        facts.setdefault("covered_count", len(covered))
        facts.setdefault("annual_income", usual_income(programme, len(together)))
        facts.setdefault("monthly_amount", due(facts, together, covered) if programme == "低保" else 0)
        words = {word: facts[word] for word in ("months",) if word in facts}
        for name, row in {head: own, **others}.items():
            if row.get("role") == "赡抚扶养人":
                row.setdefault("covered", "否")
            self.say(MEMBER, {"who": name, "household_no": number, **words, **row})
        self.say(HOUSEHOLD, {"who": head, "household_no": number, **facts})
        if programme == "低保":
            self._pay_month_by_month(HOUSEHOLD, self.rows[HOUSEHOLD][-1], {"who": head, **given})

    def _number_of(self, value: Any) -> Any:
        """``{name}`` in a text stands for that person's number; anything else for itself."""
        if not isinstance(value, str):
            return value
        return _NAMED.sub(lambda name: self.register.people[name[1]].id_no, value)

    def _about(self, dataset: str, words: dict[str, Any]) -> dict[str, Any]:
        if "who" not in words:
            return {}
        person = self.register.people[words["who"]]
        columns = load_contract(dataset).columns
        filled = self.defaults[dataset]["person"]
        numbers = {
            None: person.id_no, "fifteen": person.fifteen, "masked": person.masked, "none": None,
        }  # fmt: skip
        about: dict[str, Any] = {filled["id"]: numbers[words.get("number")]}
        if "name" in filled:
            about[filled["name"]] = person.name
        facts = {"town": person.town, "village": person.village, "sex": person.sex, "birth_date": person.born}
        return about | {column: value for column, value in facts.items() if column in columns}

    def _periods(self, dataset: str, columns: dict[str, Any], words: dict[str, Any]) -> tuple[Month, ...]:
        if load_contract(dataset).delivery == "snapshot":
            return tuple(months(words.get("months", "..")))
        if "delivered" in words:
            return tuple(months(words["delivered"]))
        dated = columns.get(self.defaults[dataset].get("dated_by", ""))
        month = as_month(dated) if dated else WINDOW[0]
        return (min(max(month, WINDOW[0]), WINDOW[-1]),)

    def _pay_month_by_month(self, dataset: str, row: Row, words: dict[str, Any]) -> None:
        if words.get("paid") is False:
            return
        columns = row.columns
        amount = columns[self.defaults[dataset].get("amount", "monthly_amount")]
        when = set(months(words["paid"])) if "paid" in words else set(row.periods)
        for month in row.periods:
            if month in when and amount and holds(columns, month):
                self._payments += 1
                self.say(PAYMENT, {
                    "who": words["who"],
                    "payment_no": f"FF{self._payments:06d}",
                    "batch_no": f"PC{month}",
                    "programme": payment_programme(dataset, columns),
                    "household_no": columns.get("household_no"),
                    "benefit_month": month,
                    "paid_month": month,
                    "amount": amount,
                })  # fmt: skip


def payment_programme(dataset: str, columns: dict[str, Any]) -> str:
    """What the money of a roster row is called in the payment list."""
    if dataset == HOUSEHOLD:
        return "低保金"
    if "subsidy" in columns:
        return str(columns["subsidy"])
    if "kind" in columns:
        return _CHILD_PAYMENTS.get(columns["kind"], "困境儿童生活费")
    return "特困供养金" if "support_mode" in columns else "尊老金"


def holds(columns: dict[str, Any], month: Month) -> bool:
    """Whether a roster row entitles its person to the month."""
    start, end = columns.get("start_month"), columns.get("end_month")
    return (
        columns.get("status") in ("在享", "渐退")
        and (start is None or as_month(start) <= month)
        and (end is None or as_month(end) >= month)
    )


def certificate_no(columns: dict[str, Any]) -> str:
    """The number a certificate must have: the citizen number, a digit for the category, one for the grade."""
    category = _CATEGORIES.index(columns.get("category", columns.get("disability_category", "听力"))) + 1
    grade = _GRADES.index(columns.get("grade", columns.get("disability_grade", "四级"))) + 1
    return f"{columns['id_no']}{category}{grade}"


def as_month(value: Any) -> Month:
    """A month out of a date, ``2024-03`` or a Month."""
    if isinstance(value, Month):
        return value
    return Month.of(value) if isinstance(value, date) else Month.parse(str(value)[:7])


def regions() -> Iterable[dict[str, Any]]:
    """The district, its towns and villages."""
    code, name, former = DISTRICT
    yield {"region_code": code, "name": name, "level": "区县", "former_names": former}
    for town, town_code in TOWNS.items():
        yield {"region_code": town_code, "name": town, "level": "镇街", "parent_code": code}
    for village, (village_code, town) in VILLAGES.items():
        yield {"region_code": village_code, "name": village, "level": "村居", "parent_code": TOWNS[town]}


def town_of(person: Person) -> str:
    """The part of a delivery in which a person is reported."""
    return person.town
