"""The words of the rules: in force, holds, died, registered, the certificate, paid; each as the page defines it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from tests.oracle.district import (
    CERTIFICATE,
    CHILD,
    CREMATION,
    DEATH,
    ELDER,
    ENROLMENT,
    ESTATE,
    EXIT_ENTRY,
    EXTREME,
    FACTS,
    HOUSEHOLD,
    INCIDENT,
    INJURY,
    MEMBER,
    PAYMENT,
    POPULATION,
    ROSTERS,
    SUBSIDY,
    WINDOW,
    Delivered,
    Row,
    first,
    last,
    month_of,
)
from tests.scenarios.people import VILLAGES, with_check_digit

_CHILDREN = {"孤儿": "orphan", "事实无人抚养儿童": "unattended_child"}
_SUBSIDIES = {"困难残疾人生活补贴": "disability_living", "重度残疾人护理补贴": "disability_nursing"}
_OF_HOUSEHOLDS = {"低保边缘": "dibao_edge", "刚性支出困难": "rigid_expenditure"}
PAID = {
    "特困供养金": "extreme_poverty", **_SUBSIDIES, "尊老金": "elder_allowance", "孤儿基本生活费": "orphan",
    "事实无人抚养儿童生活费": "unattended_child", "困境儿童生活费": "child_in_difficulty",
}  # fmt: skip
ROSTER_OF = {
    "dibao": (HOUSEHOLD, MEMBER), "dibao_single": (HOUSEHOLD, MEMBER), "dibao_edge": (HOUSEHOLD, MEMBER),
    "rigid_expenditure": (HOUSEHOLD, MEMBER), "extreme_poverty": (EXTREME,), "disability_living": (SUBSIDY,),
    "disability_nursing": (SUBSIDY,), "elder_allowance": (ELDER,), "orphan": (CHILD,), "unattended_child": (CHILD,),
    "child_in_difficulty": (CHILD,),
}  # fmt: skip
_STALE_AFTER = {INJURY: 4, EXIT_ENTRY: 4, ENROLMENT: 9, INCIDENT: 10_000}
#: programme, subject type, subject, event key, severity
Found = tuple[str, str, str, str, str]
LOW_INCOME = ("dibao", "dibao_single", "extreme_poverty", "dibao_edge", "rigid_expenditure")


@dataclass(frozen=True)
class Home:
    """A low-income household in a month (extreme poverty: a person), with its members and those who support them."""

    programme: str
    subject_type: str
    subject: str
    members: frozenset[str]
    supporters: frozenset[str]
    row: Row
    #: The rows of its members: 共同生活.
    rows: tuple[Row, ...] = ()

    @property
    def is_leaving(self) -> bool:
        """In gradual withdrawal: 渐退."""
        return bool(self.row["status"] == "渐退")

    @property
    def size(self) -> int:
        """The members the household counts; extreme poverty counts one."""
        return 1 if self.subject_type == "person" else int(self.row["member_count"])

    def said_of(self, id_no: str) -> Row:
        """What the household's list says of a member."""
        return next((row for row in self.rows if row["id_no"] == id_no), {})


def long(id_no: str | None) -> str | None:
    """A citizen number in its form of eighteen."""
    if id_no is None or len(id_no) == 18:
        return id_no
    return with_check_digit(f"{id_no[:6]}19{id_no[6:]}")


def alike(name: str, known: str) -> bool:
    """Equal after the variant table and without blanks, or differing only in a damaged character."""
    plain = name.replace(" ", "").replace("張", "张")
    return len(plain) == len(known) and all(a in (b, "?", "\ue000") for a, b in zip(plain, known, strict=True))


def spell_start(months: set[int]) -> int:
    """The first month of the newest spell; three months without end one."""
    start = max(months)
    while earlier := [month for month in months if start - 3 <= month < start]:
        start = max(earlier)
    return start


def on(row: Row, month: int) -> bool:
    """The row has a status that entitles, and the month lies in its term."""
    end = row.get("end_month")
    return row["status"] in ("在享", "渐退") and row["start_month"] <= month and (end is None or end >= month)


class District:
    """What stands in each month, of what was delivered."""

    def __init__(self, came: Delivered) -> None:
        self.came = came
        self.facts = {dataset: _newest(dataset, facts) for dataset, facts in came.facts.items()}
        self.in_force = lru_cache(None)(self._in_force)
        self.population = lru_cache(None)(self._population)
        self.died = lru_cache(None)(self._died)
        self.holdings = lru_cache(None)(self._holdings)
        self.homes = lru_cache(None)(self._homes)
        self.certificates = lru_cache(None)(self._certificates)
        self.paid = lru_cache(None)(self._paid)

    @cached_property
    def names(self) -> dict[str, tuple[str, str | None]]:
        """Name and former name of everybody on a roster or in the register."""
        known: dict[str, tuple[str, str | None]] = {}
        for dataset in ROSTERS:
            for rows in self.came.snapshots[dataset].values():
                for row in rows:
                    if "id_no" in row and "refused" not in row:
                        known[long(row["id_no"]) or ""] = (row["name"], None)
        for _, row in self.facts[POPULATION]:
            known[row["id_no"]] = (row["name"], row["former_name"])
        return known

    @cached_property
    def listed(self) -> dict[str, Row]:
        """A roster row of everybody that tells the village; it stands for who is in no register."""
        return {
            long(row["id_no"]) or "": row
            for dataset in ROSTERS
            for rows in self.came.snapshots[dataset].values()
            for row in rows
            if "id_no" in row and "refused" not in row and row.get("village")
        }

    @cached_property
    def as_of(self) -> int:
        """The newest complete period."""
        periods = [{month for _, month in self.came.snapshots[dataset]} for dataset in ROSTERS]
        periods.append({month for month, _ in self.facts[PAYMENT]})
        return max(set.intersection(*periods))

    def same(self, id_no: str | None, name: str | None) -> bool:
        """M1 and M2: whether a row that bears this number and name is about the person of that number."""
        if id_no is None:
            return False
        if name is None or id_no not in self.names:
            return True
        known, former = self.names[id_no]
        return name == former or alike(name, known)

    def once(self, id_no: str) -> str | None:
        """The former name of a person."""
        return self.names.get(id_no, ("", None))[1]

    def _in_force(self, dataset: str, month: int) -> list[Row]:
        rows = self.stated(dataset, month)
        if dataset == HOUSEHOLD:
            return rows
        return [
            row for row in rows
            if self.same(row.get("id_no", row.get("owner_id_no")), row.get("name", row.get("owner_name")))
        ]  # fmt: skip

    def periods_in_force(self, dataset: str, month: int) -> dict[str, int]:
        """Of each part the period of the snapshot in force."""
        newest: dict[str, int] = {}
        for part, period in self.came.snapshots[dataset]:
            if period <= month:
                newest[part] = max(newest.get(part, 0), period)
        return newest

    def stated(self, dataset: str, month: int) -> list[Row]:
        """The rows in force, also those that name somebody else than the number is known for."""
        periods = self.periods_in_force(dataset, month)
        rows = [row for part, period in periods.items() for row in self._standing(dataset, part, period)]
        keys = {"id_no", "owner_id_no"}
        return [{key: long(value) if key in keys else value for key, value in row.items()} for row in rows]

    def of(self, dataset: str) -> dict[str, list[Row]]:
        """Facts by person, those that are about the person; whatever their date."""
        found: dict[str, list[Row]] = defaultdict(list)
        for _, row in self.facts[dataset]:
            id_no = long(row.get("id_no"))
            if id_no and self.same(id_no, row.get("name")):
                found[id_no].append(row)
        return found

    def owned(self, month: int) -> dict[str, list[Row]]:
        """Units 现势 by owner: the newest version of a period ≤ m."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.estate(month):
            if row["status"] == "现势" and self.same(row["owner_id_no"], row["owner_name"]):
                found[row["owner_id_no"]].append(row)
        return found

    def estate(self, month: int) -> list[Row]:
        """The newest version of each owner's unit."""
        newest: dict[tuple[str, str], tuple[int, Row]] = {}
        for period, row in self.facts[ESTATE]:
            key = (row["unit_no"], long(row["owner_id_no"]) or "")
            if period <= month and (key not in newest or newest[key][0] <= period):
                newest[key] = (period, row)
        return [row | {"owner_id_no": owner} for (_, owner), (_, row) in newest.items()]

    def born(self, id_no: str, month: int) -> date:
        """The birth date from population, else from the number."""
        person = self.population(id_no, month)
        return person["birth_date"] if person else date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))

    def age(self, id_no: str, month: int) -> int:
        """Whole years between the birth month and m."""
        return (month - month_of(self.born(id_no, month))) // 12

    def _standing(self, dataset: str, part: str, period: int) -> list[Row]:
        """The good rows of a snapshot, and those before it that a bad row of it names: that is no exit."""
        delivered = self.came.snapshots[dataset]
        rows = [row for row in delivered[part, period] if "refused" not in row]
        bad = {(row["name"], row["village"]) for row in delivered[part, period] if "refused" in row}
        earlier = [month for other, month in delivered if other == part and month < period]
        if not bad or not earlier:
            return rows
        keys = {_key(dataset, row) for row in rows}
        return rows + [
            row for row in self._standing(dataset, part, max(earlier))
            if (row["name"], row["village"]) in bad and _key(dataset, row) not in keys
        ]  # fmt: skip

    def named_in_a_bad_row(self, id_no: str, month: int, dataset: str, subsidy: str | None = None) -> bool:
        """Whether a row in force that could not be read names this person, with the village."""
        delivered = self.came.snapshots[dataset]
        person = self.population(id_no, month) or self.listed.get(id_no)
        for part in {part for part, _ in delivered}:
            period = max((month_ for other, month_ in delivered if other == part and month_ <= month), default=0)
            for row in delivered.get((part, period), []):
                named = person and (row["name"], row["village"]) == (person["name"], person["village"])
                if "refused" in row and named and row.get("subsidy") == subsidy:
                    return True
        return False

    def is_stale(self, dataset: str, month: int) -> bool:
        """No delivery, or the newest is older than its cadence allows (quarterly 4 months, else 1)."""
        newest = self.newest_period(dataset, month)
        return newest is None or month - newest > _STALE_AFTER.get(dataset, 1)

    def newest_period(self, dataset: str, month: int) -> int | None:
        """The newest period that was delivered of any part."""
        if dataset not in self.came.snapshots:
            periods = [period for period, _ in self.facts[dataset]]
            periods = list(WINDOW) if periods else []
        else:
            periods = [period for _, period in self.came.snapshots[dataset]]
        return max((period for period in periods if period <= month), default=None)

    def _population(self, id_no: str, month: int) -> Row | None:
        versions = [row for _, row in sorted(
            (pair for pair in self.facts[POPULATION] if pair[1]["id_no"] == id_no), key=lambda pair: pair[0]
        )]  # fmt: skip
        standing = [row for row in versions if row.get("status_on") is None or row["status_on"] <= last(month)]
        if standing:
            return standing[-1]
        return versions[0] | {"status": "正常"} if versions else None

    def _died(self, id_no: str, month: int) -> date | None:
        days = [
            row["died_on"]
            for dataset in (CREMATION, DEATH)
            for _, row in self.facts[dataset]
            if long(row.get("id_no")) == id_no and row["died_on"] <= last(month) and self.same(id_no, row["name"])
        ]
        if days:
            return min(days)
        person = self.population(id_no, month)
        return person["status_on"] if person and person["status"] == "死亡注销" else None

    def dead(self, id_no: str, month: int) -> bool:
        """month(died) < m."""
        died = self.died(id_no, month)
        return died is not None and month_of(died) < month

    def guessed_death(self, id_no: str, month: int) -> date | None:
        """M4: a cremation without a number that fits exactly one registered person."""
        for _, row in self.facts[CREMATION]:
            if row.get("id_no") is None and row["died_on"] <= last(month) and month_of(row["died_on"]) < month:
                fits = [
                    other["id_no"] for _, other in self.facts[POPULATION]
                    if (other["name"], other["sex"]) == (row["name"], row["sex"])
                    and abs(row["died_on"].year - other["birth_date"].year - row["age"]) <= 1
                    and (other["village"] in row["address"] or VILLAGES[other["village"]][1] in row["address"])
                    and self.registered(other["id_no"], month)
                ]  # fmt: skip
                if fits == [id_no]:
                    return row["died_on"]
        return None

    def registered(self, id_no: str, month: int) -> bool:
        """population 正常 in force, month(died) not < m."""
        person = self.population(id_no, month)
        return person is not None and person["status"] == "正常" and not self.dead(id_no, month)

    @property
    def register(self) -> list[str]:
        """Everybody the register ever named."""
        return list(dict.fromkeys(row["id_no"] for _, row in self.facts[POPULATION]))

    def members(self, month: int) -> dict[str, list[Row]]:
        """Member rows of each household."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.in_force(MEMBER, month):
            rows[row["household_no"]].append(row)
        return rows

    def _homes(self, month: int) -> list[Home]:
        homes, members = [], self.members(month)
        for row in self.in_force(HOUSEHOLD, month):
            rows = members.get(row["household_no"], [])
            shared = tuple(other for other in rows if other["role"] == "共同生活")
            together = frozenset(other["id_no"] for other in shared)
            help_ = frozenset(other["id_no"] for other in rows if other["role"] == "赡抚扶养人")
            if on(row, month) and (row["programme"] != "低保" or any(other["covered"] == "是" for other in shared)):
                number = row["household_no"]
                homes.append(Home(filed(row, rows), "household", number, together, help_, row, shared))
        homes += [
            Home("extreme_poverty", "person", row["id_no"], frozenset([row["id_no"]]), frozenset(), row)
            for row in self.in_force(EXTREME, month)
            if on(row, month)
        ]
        return homes

    def _rows(self, month: int, counts: Callable[[Row, int], bool]) -> dict[str, dict[str, list[Row]]]:
        """person -> programme -> roster rows that count."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        members = self.members(month)
        for row in self.in_force(HOUSEHOLD, month):
            for other in members.get(row["household_no"], []):
                if not counts(row, month) or other["role"] != "共同生活":
                    continue
                if row["programme"] == "低保":
                    if other["covered"] == "是":
                        single = "dibao_single" if other["single_person"] == "是" else "dibao"
                        found[other["id_no"]][single].append(row)
                else:
                    found[other["id_no"]][_OF_HOUSEHOLDS[row["programme"]]].append(row)
        for dataset in (EXTREME, SUBSIDY, ELDER, CHILD):
            for row in self.in_force(dataset, month):
                if counts(row, month):
                    found[row["id_no"]][_programme(dataset, row)].append(row)
        return found

    def _holdings(self, month: int) -> dict[str, dict[str, list[Row]]]:
        return self._rows(month, on)

    def has(self, id_no: str, month: int, *programmes: str) -> bool:
        """Holds one of them in m, or has a 暂停 row of one."""
        paused = self.paused(month)
        return any(
            programme in self.holdings(month).get(id_no, {}) or programme in paused.get(id_no, {})
            for programme in programmes
        )

    @cached_property
    def paused(self) -> Callable[[int], dict[str, dict[str, list[Row]]]]:
        """The 暂停 rows of a month."""
        return lru_cache(None)(lambda month: self._rows(month, lambda row, _: row["status"] == "暂停"))

    def _certificates(self, month: int) -> dict[str, Row]:
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.in_force(CERTIFICATE, month):
            if row["issued_on"] is None or row["issued_on"] <= last(month):
                rows[row["id_no"]].append(row)
        return {
            id_no: max(group, key=lambda row: (row["issued_on"] or date.min, row["certificate_no"]))
            for id_no, group in rows.items()
        }

    def valid(self, certificate: Row, month: int) -> bool:
        """Its status 正常 and valid_until empty or ≥ first(m)."""
        until = certificate["valid_until"]
        return certificate["status"] == "正常" and (until is None or until >= first(month))

    def _paid(self, month: int) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for _, row in self.facts[PAYMENT]:
            if row["result"] == "成功" and row["kind"] != "扣回" and row["benefit_month"] == month:
                found[long(row["id_no"]) or ""].add(PAID.get(row["programme"], "dibao"))
        return found

    def payment_programme(self, row: Row, month: int) -> str:
        """The programme a payment is for; 低保金 as its household is filed then, or else was filed last."""
        if row["programme"] != "低保金":
            return PAID[row["programme"]]
        for m in (month, *reversed(range(WINDOW[0], self.as_of + 1))):
            for household in self.in_force(HOUSEHOLD, m):
                if household["household_no"] == row["household_no"]:
                    return filed(household, self.members(m).get(row["household_no"], []))
        return "dibao"


def _newest(dataset: str, facts: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """Of an append dataset one row a key: the latest delivery wins."""
    key = FACTS[dataset]
    if not key:
        return facts
    newest = {}
    for period, row in sorted(facts, key=lambda fact: fact[0]):
        newest[tuple(long(row[word]) if word == "id_no" else row[word] for word in key)] = (period, row)
    return list(newest.values())


def _key(dataset: str, row: Row) -> tuple[str | None, ...]:
    """What tells one row of a list from the others, of those lists in which rows may be spoilt."""
    return (row["certificate_no"],) if dataset == CERTIFICATE else (long(row["id_no"]), row.get("subsidy"))


def filed(row: Row, members: list[Row]) -> str:
    """dibao_single where all covered rows are, else dibao; the others by name."""
    if row["programme"] != "低保":
        return _OF_HOUSEHOLDS[row["programme"]]
    covered = [other for other in members if other["role"] == "共同生活" and other["covered"] == "是"]
    return "dibao_single" if covered and all(other["single_person"] == "是" for other in covered) else "dibao"


def _programme(dataset: str, row: Row) -> str:
    if dataset == SUBSIDY:
        return _SUBSIDIES[row["subsidy"]]
    if dataset == CHILD:
        return _CHILDREN.get(row["kind"], "child_in_difficulty")
    return "extreme_poverty" if dataset == EXTREME else "elder_allowance"
