"""The fifteen rules as the page words them, each as a stream of findings in a month; and the alerts they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tests.oracle.district import (
    CERTIFICATE,
    CHILD,
    CREMATION,
    CUSTODY,
    DEATH,
    ELDER,
    ELSEWHERE,
    ESTATE,
    EXEMPTION,
    EXTREME,
    FIRST,
    HOUSEHOLD,
    INJURY,
    MEMBER,
    PAYMENT,
    PAYROLL,
    POPULATION,
    SUBSIDY,
    VEHICLE,
    Row,
    first,
    last,
    month_of,
)
from tests.oracle.words import ROSTER_OF, District, Home, long

#: rule, programme, subject type, subject, event key, severity
Found = tuple[str, str, str, str, str]
Alert = tuple[str, str, str, str, str, str, str, int, str, str]
_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_CARS = ("大型汽车", "小型汽车", "小型新能源汽车", "挂车")
_CAR_STATES = ("正常", "停驶", "违法未处理", "查封", "逾期未检验")
_TRADE = ("商业", "办公", "工业", "仓储")
_PUBLIC = ("公务员", "事业编制", "编外聘用")
_LOCKED = ("服刑", "羁押", "强制隔离戒毒")


@dataclass(frozen=True)
class Rule:
    """What a rule finds in a month, and the lists without which it says nothing."""

    find: Callable[[District, int], Iterator[Found]]
    needs: tuple[str, ...] = ()
    by_programme: bool = False
    key_is_first_month: bool = False


def text(month: int) -> str:
    """A month as ISO writes it."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def e01(district: District, m: int) -> Iterator[Found]:
    """Holds any programme, month(died) < m."""
    for id_no, held in district.holdings(m).items():
        died, severity = district.died(id_no, m), "critical"
        if died is None:
            died, severity = district.guessed_death(id_no, m), "medium"
        if died and month_of(died) < m:
            for programme in held:
                yield programme, "person", id_no, str(died), severity


def _exempt(district: District, m: int, kind: str) -> set[str]:
    return {
        row["asset_no"] for row in district.in_force(EXEMPTION, m)
        if row["asset_kind"] == kind and row["valid_until"] >= first(m)
    }  # fmt: skip


def e03(district: District, m: int) -> Iterator[Found]:
    """A car of a member."""
    exempt = _exempt(district, m, "车辆")
    cars: dict[str, list[Row]] = defaultdict(list)
    for row in district.in_force(VEHICLE, m):
        if row["plate_kind"] in _CARS and row["status"] in _CAR_STATES and row["plate_no"] not in exempt:
            cars[row["owner_id_no"]].append(row)
    for home in district.homes(m):
        owned = [car for member in home.members for car in cars[member]]
        for car in owned:
            since = car["first_registered_on"]
            new = since is not None and first(m - 24) <= since <= last(m)
            severity = "high" if new or len(owned) > 1 else "medium"
            yield home.programme, home.subject_type, home.subject, car["plate_no"], severity


def e05(district: District, m: int) -> Iterator[Found]:
    """Units of the members."""
    exempt = _exempt(district, m, "房产")
    newest: dict[tuple[str, str], tuple[int, Row]] = {}
    for period, row in district.facts[ESTATE]:
        key = (row["unit_no"], long(row["owner_id_no"]) or "")
        if period <= m and (key not in newest or newest[key][0] <= period):
            newest[key] = (period, row)
    units: dict[str, list[Row]] = defaultdict(list)
    for (_, owner), (_, row) in newest.items():
        if row["status"] == "现势" and district.same(owner, row["owner_name"]):
            units[owner].append(row)
    for home in district.homes(m):
        by_unit: dict[str, list[Row]] = defaultdict(list)
        for member in home.members:
            for row in units[member]:
                by_unit[row["unit_no"]].append(row)
        alert = _units(home, {number: rows for number, rows in by_unit.items() if number not in exempt}, m)
        if alert:
            yield alert


def _units(home: Home, by_unit: dict[str, list[Row]], m: int) -> Found | None:
    counted = []
    for rows in by_unit.values():
        share = sum(1 if row["share"] is None else row["share"] for row in rows)
        inherited = any(row["acquired_by"] == "继承" for row in rows)
        if rows[0]["use"] not in ("车位", "储藏") and not (inherited and share < 0.5 - 1e-9):
            counted.append(rows[0])
    trade = [row for row in counted if row["use"] in _TRADE]
    homes = [row for row in counted if row["use"] == "住宅"]
    bought = [
        row for row in counted
        if row["acquired_by"] == "购买" and first(m - 24) <= row["registered_on"] <= last(m)
    ]  # fmt: skip
    fulfil = trade + bought + (homes if len(homes) > 1 else [])
    if not fulfil:
        return None
    event = max(fulfil, key=lambda row: (row["registered_on"], row["unit_no"]))["unit_no"]
    return home.programme, home.subject_type, home.subject, event, "high" if trade or bought else "medium"


def e08(district: District, m: int) -> Iterator[Found]:
    """Public payroll of a member or of one who supports."""
    worked: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for _, row in district.facts[PAYROLL]:
        id_no = long(row["id_no"]) or ""
        if row["post"] in _PUBLIC and row["month"] <= m and district.same(id_no, row["name"]):
            worked[id_no][row["unit"]].add(row["month"])
    for home in district.homes(m):
        for people, severity in ((home.members, "critical"), (home.supporters, "medium")):
            for id_no in people:
                for unit, months in worked[id_no].items():
                    if max(months) < m - 2:
                        continue
                    start = max(months)
                    while earlier := [month for month in months if start - 3 <= month < start]:
                        start = max(earlier)
                    yield home.programme, home.subject_type, home.subject, f"{unit}|{first(start)}", severity


def e14(district: District, m: int) -> Iterator[Found]:
    """In custody the whole month."""
    for row in district.in_force(CUSTODY, m):
        whole = row["start_on"] < first(m) and (row["end_on"] is None or row["end_on"] >= last(m))
        if row["kind"] in _LOCKED and whole:
            for programme in district.holdings(m).get(row["id_no"], {}):
                mild = programme in ("dibao", "dibao_edge", "rigid_expenditure")
                yield programme, "person", row["id_no"], str(row["start_on"]), "high" if mild else "critical"


def e15(district: District, m: int) -> Iterator[Found]:
    """Moved out of the district before the month."""
    for id_no, held in district.holdings(m).items():
        row = district.population(id_no, m)
        if row is None or row["status"] != "迁出" or row["status_on"] >= first(m) or not row["destination"]:
            continue
        if not any(name in row["destination"] for name in ("试验区", "试验县", "试验市")):
            for programme in held:
                yield programme, "person", id_no, str(row["status_on"]), "high"


def _fits(tier: str, category: str, grade: str) -> bool:
    severe = grade in ("一级", "二级")
    if tier in ("护理", "低保内重残"):
        return severe
    if tier == "低保外重残":
        return severe and category in ("视力", "肢体", "智力", "精神", "多重")
    return category in ("智力", "精神", "多重") if tier == "三四级智力精神" else True


def e18(district: District, m: int) -> Iterator[Found]:
    """No valid certificate behind a subsidy, or one that does not fit its tier."""
    ever = {
        long(row["id_no"])
        for (_, period), rows in district.came.snapshots[CERTIFICATE].items() if period <= m
        for row in rows
    }  # fmt: skip
    for id_no, held in district.holdings(m).items():
        for programme in ("disability_living", "disability_nursing", "child_in_difficulty"):
            for row in held.get(programme, []):
                if programme == "child_in_difficulty" and (row["kind"] != "重残重病儿童" or id_no not in ever):
                    continue
                certificate = district.certificates(m).get(id_no)
                if certificate is None:
                    yield programme, "person", id_no, f"{row.get('certificate_no', '')}|无证", "high"
                    continue
                word = _trouble(district, certificate, row.get("tier"), m)
                until = certificate["valid_until"]
                waiting = certificate["renewal_pending"] == "是" and until is not None and m <= month_of(until) + 3
                if word and not waiting:
                    severity = "critical" if word in ("注销", "冻结") else "high"
                    yield programme, "person", id_no, f"{certificate['certificate_no']}|{word}", severity


def _trouble(district: District, certificate: Row, tier: str | None, m: int) -> str:
    if certificate["status"] != "正常":
        return str(certificate["status"])
    if not district.valid(certificate, m):
        return "过期"
    return "" if tier is None or _fits(tier, certificate["category"], certificate["grade"]) else "不符"


def _injured(district: District, m: int) -> set[str]:
    return {
        row["id_no"] for row in district.in_force(INJURY, m)
        if row["start_month"] <= m and (row["end_month"] is None or row["end_month"] >= m)
    }  # fmt: skip


def _missed(district: District, m: int) -> Iterator[tuple[str, Row]]:
    injured = _injured(district, m)
    for id_no, row in district.certificates(m).items():
        old = row["issued_on"] is not None and row["issued_on"] <= first(m - 2)
        if old and district.valid(row, m) and id_no not in injured and not district.dead(id_no, m):
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


def _born(district: District, id_no: str, m: int) -> date:
    person = district.population(id_no, m)
    return person["birth_date"] if person else date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))


def c05(district: District, m: int) -> Iterator[Found]:
    """Eighty, and no elder allowance; high from the third month of the episode."""
    elsewhere = {
        row["id_no"] for row in district.in_force(ELSEWHERE, m)
        if row["programme"] == "尊老金" and row["status"] == "在享"
    }  # fmt: skip
    for id_no in district.register:
        born = _born(district, id_no, m)
        leap = (born.month, born.day) == (2, 29)
        birthday = date(born.year + 80, 3, 1) if leap else born.replace(year=born.year + 80)
        missed = not district.has(id_no, m, "elder_allowance") and not district.named_in_a_bad_row(id_no, m, ELDER)
        if month_of(birthday) < m and district.registered(id_no, m) and id_no not in elsewhere and missed:
            yield "elder_allowance", "person", id_no, str(birthday), "medium"


def p01(district: District, m: int) -> Iterator[Found]:
    """Extreme poverty and a subsidy, held or paid."""
    paid = district.paid(m)
    for id_no in set(district.holdings(m)) | set(paid):
        for subsidy in ("disability_living", "disability_nursing"):
            for have in (set(district.holdings(m).get(id_no, {})), paid.get(id_no, set())):
                if {"extreme_poverty", subsidy} <= have:
                    yield subsidy, "person", id_no, "", "critical"


def p04(district: District, m: int) -> Iterator[Found]:
    """Covered twice."""
    for id_no, held in district.holdings(m).items():
        rows = [*held.get("dibao", []), *held.get("dibao_single", [])]
        numbers = sorted({row["household_no"] for row in rows})
        for pair in combinations(numbers, 2):
            yield "dibao", "person", id_no, "|".join(pair), "critical"
        if "extreme_poverty" in held:
            for number in numbers:
                yield "dibao", "person", id_no, f"{number}|特困", "critical"


def _tariff(age: int) -> int:
    return 0 if age < 80 else 50 if age < 90 else 100 if age < 100 else 300


def p08(district: District, m: int) -> Iterator[Found]:
    """An allowance that is not the tariff's."""
    for id_no, held in district.holdings(m).items():
        for row in held.get("elder_allowance", []):
            months = m - month_of(_born(district, id_no, m))
            age = months // 12
            right = {_tariff(age)}
            if months in (80 * 12, 90 * 12, 100 * 12):
                right.add(_tariff(age - 1))
            if row["monthly_amount"] not in right:
                band = "below80" if age < 80 else "80-89" if age < 90 else "90-99" if age < 100 else "100+"
                severity = "high" if row["monthly_amount"] > _tariff(age) else "medium"
                yield "elder_allowance", "person", id_no, band, severity


def p09(district: District, m: int) -> Iterator[Found]:
    """Money paid for months after death and not recovered."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for _, row in district.facts[PAYMENT]:
        id_no = long(row["id_no"]) or ""
        died = district.died(id_no, m)
        if died and row["result"] == "成功" and row["benefit_month"] > month_of(died) and row["paid_month"] <= m:
            sign = -1 if row["kind"] == "扣回" else 1
            programme = district.payment_programme(row, row["benefit_month"])
            sums[programme, id_no, str(died)] += sign * row["amount"]
    for (programme, id_no, died_on), amount in sums.items():
        if amount > 0:
            yield programme, "person", id_no, died_on, "critical"


def p13(district: District, m: int) -> Iterator[Found]:
    """Paid twice."""
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for _, row in district.facts[PAYMENT]:
        if (row["result"], row["kind"], row["benefit_month"]) == ("成功", "正常", m):
            programme = district.payment_programme(row, m)
            of_household = programme in ("dibao", "dibao_single")
            subject = row["household_no"] if of_household else long(row["id_no"]) or ""
            counts[programme, "household" if of_household else "person", subject] += 1
    for (programme, kind, subject), count in counts.items():
        if count > 1:
            yield programme, kind, subject, str(first(m)), "critical"


RULES = {
    "E01": Rule(e01, (), by_programme=True),
    "E03": Rule(e03, (VEHICLE, EXEMPTION), by_programme=True),
    "E05": Rule(e05, (ESTATE, EXEMPTION), by_programme=True),
    "E08": Rule(e08, (PAYROLL,), by_programme=True),
    "E14": Rule(e14, (CUSTODY,), by_programme=True),
    "E15": Rule(e15, (POPULATION,), by_programme=True),
    "E18": Rule(e18, (CERTIFICATE,), by_programme=True),
    "C03": Rule(c03, (HOUSEHOLD, MEMBER, CERTIFICATE, SUBSIDY, EXTREME, CHILD, INJURY)),
    "C04": Rule(c04, (POPULATION, CERTIFICATE, SUBSIDY, EXTREME, INJURY)),
    "C05": Rule(c05, (POPULATION, ELDER, ELSEWHERE)),
    "P01": Rule(p01, (EXTREME, SUBSIDY, PAYMENT), key_is_first_month=True),
    "P04": Rule(p04, (HOUSEHOLD, MEMBER, EXTREME)),
    "P08": Rule(p08, (ELDER,)),
    "P09": Rule(p09, (PAYMENT,)),
    "P13": Rule(p13, (PAYMENT,)),
}  # fmt: skip


def evaluated(district: District, rule: Rule, programme: str, m: int) -> bool:
    """Whether the rule says anything of this programme in the month."""
    needs = rule.needs + (ROSTER_OF[programme] if rule.by_programme else ())
    if rule.find in (e01, p09) and all(district.is_stale(dataset, m) for dataset in (CREMATION, DEATH, POPULATION)):
        return False
    return not any(district.is_stale(dataset, m) for dataset in needs)


def alerts(district: District) -> set[Alert]:
    """Every alert that the rules raise over all months."""
    out: set[Alert] = set()
    months = range(FIRST, district.as_of + 1)
    for name, rule in RULES.items():
        found: dict[Found, dict[int, str]] = defaultdict(dict)
        for m in months:
            for programme, kind, subject, event, severity in rule.find(district, m):
                if evaluated(district, rule, programme, m):
                    seen = found[programme, kind, subject, event, ""]
                    seen[m] = min(seen.get(m, "low"), severity, key=_RANK.__getitem__)
        for (programme, kind, subject, event, _), severities in found.items():
            asked = [m for m in months if evaluated(district, rule, programme, m)]
            for spells in _alerts_of(rule, asked, severities):
                start, end = spells[-1]
                severity = severities[end]
                if name == "C05" and sum(start <= m <= end for m in severities) >= 3:
                    severity = "high"
                state = "open" if end == asked[-1] else "cleared"
                key = str(first(start)) if rule.key_is_first_month else event
                out.add((name, programme, kind, subject, key, text(start), text(end), len(spells), severity, state))
    return out


def _alerts_of(rule: Rule, asked: list[int], hits: dict[int, str]) -> Iterator[list[tuple[int, int]]]:
    """The episodes of each alert; a key that holds its first month makes of every episode an alert of its own."""
    spells: list[tuple[int, int]] = []
    going = False
    for m in asked:
        if m in hits:
            spells = [*spells[:-1], (spells[-1][0], m)] if going else [*spells, (m, m)]
        going = m in hits
    if rule.key_is_first_month:
        yield from ([spell] for spell in spells)
    elif spells:
        yield spells
