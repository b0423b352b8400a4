"""A small random district that stays near the boundaries of the rules: a seed gives the same rows every time."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tests.scenarios.people import TOWNS as ALL_TOWNS
from tests.scenarios.people import VILLAGES as ALL_VILLAGES
from tests.scenarios.people import with_check_digit

#: Two towns: with a third, some parts are so small that a few changes hold them, of which the rules know nothing.
TOWNS = dict(list(ALL_TOWNS.items())[:2])
VILLAGES = {name: place for name, place in ALL_VILLAGES.items() if place[1] in TOWNS}

Row = dict[str, Any]
#: The dibao standard rises within these months, in July 2024.
FIRST, COUNT = 2024 * 12 + 3, 6
WINDOW = range(FIRST, FIRST + COUNT)

HOUSEHOLD, MEMBER = "civil_affairs.assistance_household", "civil_affairs.assistance_member"
EXTREME, SUBSIDY = "civil_affairs.extreme_poverty", "civil_affairs.disability_subsidy"
ELDER, CHILD, PAYMENT = "civil_affairs.elder_allowance", "civil_affairs.child_welfare", "civil_affairs.payment"
CREMATION, DEATH = "civil_affairs.cremation", "health.death_certificate"
POPULATION, CUSTODY = "public_security.population", "justice.custody"
VEHICLE, ESTATE = "public_security.vehicle", "natural_resources.real_estate"
EXEMPTION, PAYROLL = "civil_affairs.asset_exemption", "finance.payroll"
CERTIFICATE, INJURY = "disabled_federation.certificate", "human_resources.work_injury"
ELSEWHERE = "civil_affairs.out_of_area_recipient"
PENSION, CONTRIBUTION = "human_resources.pension", "human_resources.contribution"
UNEMPLOYMENT, INCOME = "human_resources.unemployment", "taxation.personal_income"
BUSINESS, FUND = "market_regulation.business", "housing_fund.contribution"
ENROLMENT, CHECK = "education.enrolment", "verification_centre.asset_check"
MARRIAGE, EXIT_ENTRY = "civil_affairs.marriage", "public_security.exit_entry"
SETTLEMENT, LONG_TERM_CARE = "medical_insurance.settlement", "medical_insurance.long_term_care"
MONITOR, INCIDENT = "rural_affairs.poverty_monitor", "emergency.incident"
#: In the order of the digits at the end of a certificate number.
CATEGORIES = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]
GRADES = ["一级", "二级", "三级", "四级"]
ROSTERS = (HOUSEHOLD, MEMBER, EXTREME, SUBSIDY, ELDER, CHILD)
SNAPSHOTS = (
    *ROSTERS, CUSTODY, VEHICLE, EXEMPTION, CERTIFICATE, INJURY, ELSEWHERE, PENSION, UNEMPLOYMENT, BUSINESS, ENROLMENT,
    LONG_TERM_CARE, MONITOR,
)  # fmt: skip
#: Facts, each with the columns that name one of them.
FACTS = {
    POPULATION: (), ESTATE: (), CREMATION: ("record_no",), DEATH: ("certificate_no",), PAYMENT: ("payment_no",),
    PAYROLL: ("id_no", "unit", "month"), CONTRIBUTION: ("id_no", "month", "employer", "scheme"),
    INCOME: ("id_no", "payer", "item", "month"), FUND: ("id_no", "month", "employer"), CHECK: ("check_no", "id_no"),
    MARRIAGE: ("certificate_no",), EXIT_ENTRY: ("id_no", "exited_on"), SETTLEMENT: ("settlement_no",),
    INCIDENT: ("incident_no", "name"),
}  # fmt: skip
PARTS = (HOUSEHOLD, MEMBER, ELDER)
#: Lists in which a clerk at times hides a number, or mistypes it.
SPOILT = (ELDER, SUBSIDY, CHILD, CERTIFICATE)
#: Lists of which one may stay out for some months, so that a month without evaluation is seen.
MAY_STAY_OUT = (CUSTODY, VEHICLE, CERTIFICATE, SUBSIDY, CHILD, ELDER)
MAY_STAY_OUT_TOO = (PENSION, BUSINESS, UNEMPLOYMENT, LONG_TERM_CARE, MONITOR, ELSEWHERE)


def first(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last(month: int) -> date:
    """The last day of a month."""
    return first(month + 1) - timedelta(days=1)


def month_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Person:
    """Somebody who lives here, or did."""

    name: str
    sex: str
    born: date
    village: str
    id_no: str
    former_name: str | None = None

    @property
    def town(self) -> str:
        """The town of the village."""
        return VILLAGES[self.village][1]


@dataclass
class Delivered:
    """Everything that came: of a snapshot the rows of each part and period, of the rest each row with its period."""

    snapshots: dict[str, dict[tuple[str, int], list[Row]]] = field(default_factory=dict)
    facts: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    #: What was delivered first and replaced by a correction: dataset, part, period, rows.
    corrected: list[tuple[str, str, int, list[Row]]] = field(default_factory=list)


class Fuzz:
    """Draws people and what departments say of them."""

    def __init__(self, seed: int, people: int = 300) -> None:
        self.rng = random.Random(seed)
        self.people: list[Person] = []
        for number in range(people):
            self.people.append(self._person(number))
        self.said: dict[str, list[tuple[Row, list[int]]]] = {dataset: [] for dataset in SNAPSHOTS}
        self.facts: dict[str, list[tuple[int, Row]]] = {dataset: [] for dataset in FACTS}
        self.numbers = 0

    # --- small draws -------------------------------------------------------------------------------------------
    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def near(self, month: int) -> date:
        """A day at or beside an edge of the month."""
        edges = (first(month), last(month), first(month) + timedelta(days=1), last(month - 1), first(month + 1))
        return self.rng.choice((*edges, first(month) + timedelta(days=14)))

    def review(self) -> date | None:
        """A day for the next review: past, at an edge, or to come."""
        return self.rng.choice([None, first(FIRST - 2), first(FIRST) - timedelta(days=91), self.near(self.any_month())])

    def any_month(self, before: int = 4) -> int:
        """A month of the window, or one shortly before it."""
        return self.rng.randrange(FIRST - before, FIRST + COUNT)

    def next_number(self, prefix: str) -> str:
        """A number no other row has."""
        self.numbers += 1
        return f"{prefix}{self.numbers:05d}"

    def stay(self) -> list[int]:
        """The months in whose snapshot a row stands: mostly all of them."""
        months = list(WINDOW)
        if self.chance(0.8):
            return months
        start, end = sorted((self.rng.randrange(COUNT), self.rng.randrange(COUNT)))
        hole = self.rng.randrange(COUNT) if self.chance(0.3) else -1
        return [month for place, month in enumerate(months) if start <= place <= end and place != hole]

    def number(self, person: Person) -> str:
        """The citizen number, at times in its old form of fifteen digits."""
        old = self.chance(0.04) and person.born.year < 2000
        return person.id_no[:6] + person.id_no[8:17] if old else person.id_no

    def variant(self, person: Person, other: float = 0.04) -> str:
        """The name as a department writes it: nearly always right, at times a variant, at times somebody else's."""
        draw = self.rng.random()
        if draw < other:
            return "钱某人"
        if draw < other + 0.02:
            return person.name.replace("张", "張")
        if draw < other + 0.04:
            return person.name[0] + ("?" if draw < other + 0.035 else "\ue000") + person.name[2:]
        if draw < other + 0.06:
            return f"{person.name[0]} {person.name[1:]}"
        if draw < other + 0.08 and person.former_name:
            return person.former_name
        return person.name

    def term(self) -> Row:
        """Start, end and status of a roster row."""
        row: Row = {"start_month": FIRST - 12, "end_month": None, "status": "在享"}
        if self.chance(0.15):
            row["start_month"] = self.any_month(2)
        if self.chance(0.1):
            row["end_month"] = self.any_month(1)
        if self.chance(0.12):
            row["status"] = self.rng.choice(["暂停", "终止"])
        return row

    def _person(self, number: int) -> Person:
        elders, adults = [1944] * 3 + [1934, 1924, 1943, 1945, 1930, 1935], [1950, 1965, 1970, 1980, 1990] * 2
        year = self.rng.choice(elders + adults + [2010, 2008, 2006, 2006, 2005] + [1913] * self.chance(0.5))
        day = date(year, self.rng.randrange(1, 12), self.rng.choice([1, 15, 28]))
        if year in (1944, 1924) and self.chance(0.15):
            day = date(year, 2, 29)
        sex = "女" if number % 2 else "男"
        middle, end = "甲乙丙丁戊己庚辛壬癸"[number // 4 % 10], "东南西北上下左右前后"[number // 40 % 10]
        name = "张李王赵"[number % 4] + middle + end
        former = "旧" + name[1:] if self.chance(0.1) else None
        id_no = with_check_digit(f"320625{day:%Y%m%d}{number + 1:03d}")
        village = self.rng.choice(list(VILLAGES))
        if number % 30 == 29:  # another number for who is, by name, birth date and village, the one before
            twin = self.people[-1]
            return replace(twin, sex=sex, id_no=with_check_digit(f"320625{twin.born:%Y%m%d}{number + 1:03d}"))
        return Person(name, sex, day, village, id_no, former)

    def say(self, dataset: str, row: Row, months: Iterable[int] | None = None) -> None:
        """A row of a snapshot in these months."""
        self.said[dataset].append((row, list(months) if months is not None else self.stay()))

    def fact(self, dataset: str, row: Row, month: int) -> None:
        """A row of an append or upsert dataset, delivered for this month (before the window: with its first one)."""
        if month in WINDOW or month < FIRST:
            self.facts[dataset].append((max(month, FIRST), row))

    def _spoilt(self, row: Row) -> Row:
        """The row with a number that cannot be read, and what is wrong with it."""
        number = row["id_no"]
        ways = {
            "masked": f"{number[:6]}********{number[-4:]}",
            "bad_length": number[:-2],
            "bad_date": f"{number[:10]}13{number[12:]}",
            "bad_checksum": number[:-1] + ("1" if number[-1] == "0" else "0"),
        }
        reason = self.rng.choice(list(ways)) if len(number) == 18 else "masked"
        return row | {"id_no": ways[reason], "refused": reason}

    def deliver(self) -> Delivered:
        """What arrives: with a list that stays out, a town that skips a month, and a correction."""
        out = Delivered(facts=self.facts)
        silent: dict[str, set[int]] = {INJURY: {FIRST + 1, FIRST + 2, FIRST + 4, FIRST + 5}}
        quiet = self.rng.choice(MAY_STAY_OUT)
        start = self.rng.randrange(1, COUNT - 2)
        silent[quiet] = {FIRST + start, FIRST + start + 1}
        start = self.rng.randrange(1, COUNT - 2)
        silent[self.rng.choice(MAY_STAY_OUT_TOO)] = {FIRST + start, FIRST + start + 1}
        skipping = (self.rng.choice(PARTS), self.rng.choice(list(TOWNS)), FIRST + self.rng.randrange(1, COUNT))
        homes = {row["household_no"]: row["town"] for row, _ in self.said[HOUSEHOLD]}
        for dataset, said in self.said.items():
            out.snapshots[dataset] = {}
            for month in WINDOW:
                if month in silent.get(dataset, ()):
                    continue
                for part in TOWNS if dataset in PARTS else ("",):
                    if (dataset, part, month) == skipping:
                        continue
                    rows = [row for row, months in said if month in months]
                    if part:
                        rows = [row for row in rows if (row.get("town") or homes[row["household_no"]]) == part]
                    if dataset in SPOILT and month > FIRST:
                        bad = [place for place in range(len(rows)) if self.chance(0.02)][:2]  # three may hold a file
                        rows = [self._spoilt(row) if place in bad else row for place, row in enumerate(rows)]
                    out.snapshots[dataset][part, month] = rows
        for dataset in (ELDER, CERTIFICATE, SUBSIDY, EXTREME):
            part, month = self.rng.choice(list(out.snapshots[dataset]))
            rows = out.snapshots[dataset][part, month]
            out.corrected.append((dataset, part, month, [row for row in rows if not self.chance(0.1)]))
        return out
