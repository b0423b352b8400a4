"""Cover: who is owed something, and nobody applied."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.oracle.district import (
    BUSINESS,
    CONTRIBUTION,
    CUSTODY,
    ELDER,
    ELSEWHERE,
    FIRST,
    HOUSEHOLD,
    INCIDENT,
    INJURY,
    MEMBER,
    MONITOR,
    PENSION,
    SETTLEMENT,
    SUBSIDY,
    UNEMPLOYMENT,
    VEHICLE,
    Row,
    first,
    last,
    month_of,
)
from tests.oracle.exits import CAR_STATES, CARS, grown, locked_up, runs_enterprise
from tests.oracle.means import income_per_capita, standard
from tests.oracle.words import LOW_INCOME, District, Found, long

_DIBAO = ("dibao", "dibao_single", "extreme_poverty")
_DISEASES = {
    1: "C9[1-5]", 2: "N180|N185|Z992", 3: "C[0-8]|C9[0-7]", 4: "Z94[0-4]|T86", 5: "D6[01]", 6: "M32", 7: "D6[67]",
    8: "K703|K74[3-6]", 9: "M05|M060", 10: "M45", 11: "E1[0-4][25]", 12: "B2[0-4]", 13: "J44", 14: "J6[0-5]",
    15: "D56", 16: "K50", 17: "G122", 18: "Q2[0-8]", 19: "D320|D33[0-3]|D35[2-4]",
}  # fmt: skip


def disease(code: str | None, age: int) -> int | None:
    """The number of a listed major disease; those of children only under 18."""
    plain = (code or "").upper().replace(".", "").replace(" ", "")
    for number, pattern in _DISEASES.items():
        if (number < 18 or age < 18) and re.match(pattern, plain):
            return number
    return None


def c01(district: District, m: int) -> Iterator[Found]:
    """Costs of illness in twelve months, and no dibao; the event is the earliest settlement of them."""
    for id_no, rows in district.of(SETTLEMENT).items():
        window = [row for row in rows if first(m - 11) <= row["settled_on"] <= last(m)]
        cash = sum(row["cash"] for row in window)
        if cash >= 10_000 and district.registered(id_no, m) and not district.has(id_no, m, *_DIBAO):
            number = min(window, key=lambda row: (row["settled_on"], row["settlement_no"]))["settlement_no"]
            weak = {"dibao_edge", "rigid_expenditure", "disability_living"} & set(district.holdings(m).get(id_no, {}))
            severity = "high" if cash >= 30_000 or weak else "medium"
            yield "temporary_assistance", "person", id_no, number, severity


def c02(district: District, m: int) -> Iterator[Found]:
    """Severely disabled, and not covered."""
    pensions = {
        row["id_no"] for row in district.in_force(PENSION, m)
        if row["status"] == "正常" and row["scheme"] != "城乡居民"
    }  # fmt: skip
    employed = {
        id_no for id_no, rows in district.of(CONTRIBUTION).items()
        if any(row["scheme"] == "单位" and m - 5 <= row["month"] <= m for row in rows)
    }  # fmt: skip
    owners = {
        row["owner_id_no"] for row in district.in_force(VEHICLE, m)
        if row["plate_kind"] in CARS and row["status"] in CAR_STATES
    } | {row["id_no"] for row in district.in_force(BUSINESS, m) if runs_enterprise(row)}  # fmt: skip
    estate = district.owned(m)
    for id_no, row in district.certificates(m).items():
        category, grade = row["category"], row["grade"]
        severe = grade in ("一级", "二级") or (grade == "三级" and category in ("智力", "精神"))
        if not severe or not district.valid(row, m) or not district.registered(id_no, m):
            continue
        if district.has(id_no, m, *_DIBAO):
            continue
        if "dibao_edge" in district.holdings(m).get(id_no, {}):
            yield "dibao_single", "person", id_no, row["certificate_no"], "high"
            continue
        homes = {unit["unit_no"] for unit in estate.get(id_no, []) if unit["use"] == "住宅"}
        provided = id_no in pensions or id_no in employed or id_no in owners or len(homes) > 1
        unknown = district.named_in_a_bad_row(id_no, m, SUBSIDY, "困难残疾人生活补贴")
        without = category in ("视力", "肢体", "智力", "精神") and not provided and not unknown
        if without and not district.has(id_no, m, "disability_living"):
            yield "disability_living", "person", id_no, row["certificate_no"], "high"


def injured(district: District, m: int) -> set[str]:
    """Who draws the care allowance of a work injury in m."""
    return {
        row["id_no"] for row in district.in_force(INJURY, m)
        if row["start_month"] <= m and (row["end_month"] is None or row["end_month"] >= m)
    }  # fmt: skip


def _missed(district: District, m: int) -> Iterator[tuple[str, Row]]:
    hurt = injured(district, m)
    for id_no, row in district.certificates(m).items():
        old = row["issued_on"] is not None and row["issued_on"] <= first(m - 2)
        if old and district.valid(row, m) and id_no not in hurt and not district.dead(id_no, m):
            yield id_no, row


def c03(district: District, m: int) -> Iterator[Found]:
    """Dibao and a certificate, but no living allowance."""
    others = ("disability_living", "extreme_poverty", "orphan", "unattended_child")
    for id_no, row in _missed(district, m):
        covered = {"dibao", "dibao_single"} & set(district.holdings(m).get(id_no, {}))
        unknown = district.named_in_a_bad_row(id_no, m, SUBSIDY, "困难残疾人生活补贴")
        if covered and not unknown and not district.has(id_no, m, *others):
            yield "disability_living", "person", id_no, row["certificate_no"], "high"


def c04(district: District, m: int) -> Iterator[Found]:
    """A severe certificate, but no nursing allowance."""
    for id_no, row in _missed(district, m):
        wanting = row["grade"] in ("一级", "二级") and district.registered(id_no, m)
        unknown = district.named_in_a_bad_row(id_no, m, SUBSIDY, "重度残疾人护理补贴")
        if wanting and not unknown and not district.has(id_no, m, "disability_nursing", "extreme_poverty"):
            yield "disability_nursing", "person", id_no, row["certificate_no"], "high"


def c05(district: District, m: int) -> Iterator[Found]:
    """Eighty, and no elder allowance; high from the third month of the episode."""
    elsewhere = {
        row["id_no"] for row in district.in_force(ELSEWHERE, m)
        if row["programme"] == "尊老金" and row["status"] == "在享" and (row["start_month"] or m) <= m
    }  # fmt: skip
    for id_no in district.register:
        birthday = grown(district.born(id_no, m), 80)
        missed = not district.has(id_no, m, "elder_allowance") and not district.named_in_a_bad_row(id_no, m, ELDER)
        if month_of(birthday) < m and district.registered(id_no, m) and id_no not in elsewhere and missed:
            yield "elder_allowance", "person", id_no, str(birthday), "medium"


def _new_diseases(district: District, m: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for id_no, rows in district.of(SETTLEMENT).items():
        age = district.age(id_no, m)
        listed = [(row["settled_on"], number) for row in rows if (number := disease(row["diagnosis"], age))]
        before = {number for day, number in listed if first(m - 14) <= day < first(m - 2)}
        now = {number for day, number in listed if first(m - 2) <= day <= last(m)}
        if now - before and not district.dead(id_no, m):
            found[id_no] = now - before
    return found


def c07(district: District, m: int) -> Iterator[Found]:
    """A major disease that is new."""
    for id_no, numbers in _new_diseases(district, m).items():
        for programme in {"dibao_edge", "rigid_expenditure"} & set(district.holdings(m).get(id_no, {})):
            for number in numbers:
                yield programme, "person", id_no, str(number), "high"


def _died_or_moved(district: District, household_no: str, since: int, m: int) -> bool:
    """Whether a household's list, from one month to another, says that it ended by death or moving."""
    return any(
        word in (row["end_reason"] or "")
        for month in range(since, m + 1) for row in district.in_force(HOUSEHOLD, month)
        if row["household_no"] == household_no for word in ("死亡", "迁出")
    )  # fmt: skip


def left(district: District, m: int, programme: str) -> dict[str, int]:
    """Who left a programme within twelve months for none above it, otherwise than by death or moving: the month."""
    found = {}
    above = {"extreme_poverty"} | ({"dibao", "dibao_single"} if programme == "dibao_edge" else set())
    now = district.holdings(m)
    for earlier in range(max(FIRST, m - 12), m):
        for id_no, held in district.holdings(earlier).items():
            if programme in held and not ({programme} | above) & set(now.get(id_no, {})):
                if _died_or_moved(district, held[programme][0]["household_no"], earlier, m):
                    found.pop(id_no, None)
                else:
                    found[id_no] = earlier + 1
    return found


def c08(district: District, m: int) -> Iterator[Found]:
    """Unemployment benefit ends; the household holds dibao_edge, or left dibao."""
    gone = _left_with_household(district, m)
    for row in district.in_force(UNEMPLOYMENT, m):
        id_no, months_left = row["id_no"], row["benefit_months_left"]
        ends = (months_left is None or months_left <= 1) and not district.dead(id_no, m)
        if ends and ("dibao_edge" in district.holdings(m).get(id_no, {}) or id_no in gone):
            yield "dibao", "person", id_no, row["registration_no"], "medium"


def _left_with_household(district: District, m: int) -> set[str]:
    """Whoever lived in a household in its last month of dibao, left within twelve months for none above it."""
    last_held: dict[str, tuple[int, frozenset[str]]] = {}
    for month in range(max(FIRST, m - 12), m + 1):
        for home in district.homes(month):
            if home.programme == "dibao":
                last_held[home.subject] = month, home.members
    above = {id_no for id_no, held in district.holdings(m).items() if {"extreme_poverty", "dibao"} & set(held)}
    return {
        id_no for household, (month, members) in last_held.items()
        if month < m and not _died_or_moved(district, household, month, m)
        for id_no in members - above
    }  # fmt: skip


def c09(district: District, m: int) -> Iterator[Found]:
    """Hit by an incident in the month."""
    for _, row in district.facts[INCIDENT]:
        hit = (row["casualty"] or "无") != "无" or row["house_damage"] == "是"
        if month_of(row["occurred_on"]) != m or not hit:
            continue
        id_no, severity = long(row["id_no"]), "critical"
        if id_no is None:
            fits = [
                other["id_no"] for other in (district.population(number, m) for number in district.register)
                if other and other["name"] == row["name"] and other["village"] in (row["address"] or "")
                and district.registered(other["id_no"], m)
            ]  # fmt: skip
            id_no, severity = (fits[0] if len(fits) == 1 else None), "medium"
        elif not district.same(id_no, row["name"]):
            continue
        if id_no and district.registered(id_no, m):
            yield "temporary_assistance", "person", id_no, row["incident_no"], severity


def c10(district: District, m: int) -> Iterator[Found]:
    """A child whom neither parent can care for."""
    kept = {row["id_no"] for row in district.in_force(CUSTODY, m) if locked_up(row, m)}
    disabled = {
        id_no for id_no, row in district.certificates(m).items()
        if district.valid(row, m) and row["grade"] in ("一级", "二级")
    }  # fmt: skip
    for id_no in district.register:
        person = district.population(id_no, m)
        parents = [long(person["father_id_no"]), long(person["mother_id_no"])] if person else [None]
        if not all(parents) or not district.registered(id_no, m) or district.age(id_no, m) >= 18:
            continue
        dead = [district.died(parent or "", m) is not None for parent in parents]
        away = [gone or parent in kept or parent in disabled for parent, gone in zip(parents, dead, strict=True)]
        if all(away) and not district.has(id_no, m, "orphan", "unattended_child"):
            yield "orphan" if all(dead) else "unattended_child", "person", id_no, "child", "critical"


def c12(district: District, m: int) -> Iterator[Found]:
    """Left, and hardship after."""
    hard = {found[2] for rule in (c01, c08) for found in rule(district, m)} | set(_new_diseases(district, m))
    hard |= {found[2] for found in c09(district, m) if found[4] == "critical"}  # by name alone it raises nothing else
    for programme in ("dibao", "dibao_edge"):
        for id_no, month in left(district, m, programme).items():
            if id_no in hard and not district.dead(id_no, m):
                yield programme, "person", id_no, str(first(month)), "high"


def c13(district: District, m: int) -> Iterator[Found]:
    """On the edge, and below the standard."""
    for home in district.homes(m):
        income = income_per_capita(home)
        if home.programme == "dibao_edge" and income is not None and income < standard(m):
            yield "dibao_edge", "household", home.subject, str(first(m)), "medium"


def c15(district: District, m: int) -> Iterator[Found]:
    """Watched for a return to poverty, and on no list."""
    for row in district.stated(MONITOR, m):
        id_no = row["id_no"]
        dead = district.dead(id_no, m) and district.same(id_no, row["name"])
        if row["risk_removed"] == "否" and not district.has(id_no, m, *LOW_INCOME) and not dead:
            yield "dibao", "person", id_no, str(row["identified_on"] or ""), "medium"


def c20(district: District, m: int) -> Iterator[Found]:
    """A child in dibao without a child's uplift."""
    for row in district.in_force(MEMBER, m):
        id_no = row["id_no"]
        homes = {home["household_no"] for home in district.holdings(m).get(id_no, {}).get("dibao", [])}
        without = (row["uplift"] or "无") in ("无", "老年人") and row["household_no"] in homes
        if without and district.age(id_no, m) < 18 and not district.dead(id_no, m):
            yield "dibao", "person", id_no, str(district.born(id_no, m)), "medium"
