"""Exit: who holds what they may no longer be entitled to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from tests.oracle.district import (
    BUSINESS,
    CERTIFICATE,
    CHECK,
    CONTRIBUTION,
    CUSTODY,
    ENROLMENT,
    EXEMPTION,
    EXIT_ENTRY,
    FUND,
    INCOME,
    MARRIAGE,
    PAYROLL,
    PENSION,
    VEHICLE,
    Row,
    first,
    last,
    month_of,
)
from tests.oracle.means import estimated, line, standard
from tests.oracle.words import LOW_INCOME, District, Found, Home, long, spell_start

CARS = ("大型汽车", "小型汽车", "小型新能源汽车", "挂车")
CAR_STATES = ("正常", "停驶", "违法未处理", "查封", "逾期未检验")
POSTS = ("法定代表人", "董事", "监事", "经理")
_TRADE = ("商业", "办公", "工业", "仓储")
_PUBLIC = ("公务员", "事业编制", "编外聘用")
_LOCKED = ("服刑", "羁押", "强制隔离戒毒")
_EARNING = ("dibao", "dibao_single", "dibao_edge", "extreme_poverty")


def locked_up(row: Row, m: int) -> bool:
    """In custody the whole month."""
    whole = row["start_on"] < first(m) and (row["end_on"] is None or row["end_on"] >= last(m))
    return row["kind"] in _LOCKED and whole


def grown(born: date, age: int) -> date:
    """The birthday of an age; who was born on 29 February has it on 1 March."""
    return date(born.year + age, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=born.year + age)


def e01(district: District, m: int) -> Iterator[Found]:
    """Holds any programme, month(died) < m."""
    for id_no, held in district.holdings(m).items():
        died, severity = district.died(id_no, m), "critical"
        if died is None:
            died, severity = district.guessed_death(id_no, m), "medium"
        if died and month_of(died) < m:
            for programme in held:
                yield programme, "person", id_no, str(died), severity


def e02(district: District, m: int) -> Iterator[Found]:
    """A pension stopped for death, loss or no proof of life; or older than anybody."""
    dead = {found[2] for found in e01(district, m)}
    pensions: dict[str, list[Row]] = defaultdict(list)
    for row in district.in_force(PENSION, m):
        pensions[row["id_no"]].append(row)
    for id_no, held in district.holdings(m).items():
        if id_no in dead:
            continue
        events = ["age110"] if district.age(id_no, m) > 110 else []
        for row in pensions[id_no]:
            stopped = row["stopped_on"] is None or row["stopped_on"] <= last(m)
            for word in ("死亡", "失踪", "未认证"):
                if row["status"] != "正常" and stopped and word in (row["stop_reason"] or ""):
                    events.append(f"{word}|{row['stopped_on'] or ''}")
        for event in events:
            for programme in held:
                yield programme, "person", id_no, event, "high"


def exempted(district: District, m: int, kind: str, named_by: str = "asset_no") -> set[str]:
    """The assets of a kind that are exempt in m, by their numbers or another column."""
    return {
        row[named_by] for row in district.in_force(EXEMPTION, m)
        if row["asset_kind"] == kind and row["valid_until"] >= first(m)
    }  # fmt: skip


def e03(district: District, m: int) -> Iterator[Found]:
    """A car of a member."""
    exempt = exempted(district, m, "车辆")
    cars: dict[str, list[Row]] = defaultdict(list)
    for row in district.in_force(VEHICLE, m):
        if row["plate_kind"] in CARS and row["status"] in CAR_STATES and row["plate_no"] not in exempt:
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
    exempt = exempted(district, m, "房产")
    owned = district.owned(m)
    for home in district.homes(m):
        by_unit: dict[str, list[Row]] = defaultdict(list)
        for member in home.members:
            for row in owned.get(member, []):
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


def _posts(district: District, m: int) -> Iterator[tuple[Home, Row]]:
    exempt = exempted(district, m, "企业")
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in district.in_force(BUSINESS, m):
        if row["status"] == "存续" and row["credit_code"] not in exempt:
            rows[row["id_no"]].append(row)
    for home in district.homes(m):
        for member in home.members:
            for row in rows[member]:
                yield home, row


def runs_enterprise(row: Row) -> bool:
    """A post in an enterprise, or a share in it that is paid for."""
    post = row["role"] in POSTS or (row["role"] == "股东" and (row["capital"] or 0) > 0)
    return row["business_kind"] == "企业" and row["status"] == "存续" and post


def e06(district: District, m: int) -> Iterator[Found]:
    """A post or a share in an enterprise."""
    for home, row in _posts(district, m):
        if home.programme in _EARNING and runs_enterprise(row):
            severity = "high" if (row["capital"] or 0) >= 100_000 else "medium"
            yield home.programme, home.subject_type, home.subject, row["credit_code"], severity


def e07(district: District, m: int) -> Iterator[Found]:
    """A business of one's own, and no income from it."""
    for home, row in _posts(district, m):
        named = home.programme in ("dibao", "dibao_single", "dibao_edge")
        runs = row["role"] == "经营者" and row["business_kind"] == "个体工商户"
        old = row["founded_on"] is not None and row["founded_on"] <= first(m - 3)
        if named and runs and old and sum(other["business_income"] or 0 for other in home.rows) == 0:
            yield home.programme, home.subject_type, home.subject, row["credit_code"], "medium"


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
                    event = f"{unit}|{first(spell_start(months))}"
                    yield home.programme, home.subject_type, home.subject, event, severity


#: Of a member in a month: what they are thought to earn a month, and the event.
Earning = tuple[Fraction, str]


def _earners(
    district: District, m: int, item: str, programmes: tuple[str, ...], earned: Callable[[str], Earning | None]
) -> Iterator[tuple[Home, str, str, str]]:
    """Households whose income, with what one member earns, reaches their line: home, member, event, severity."""
    for home in district.homes(m):
        if home.programme not in programmes or home.is_leaving:
            continue
        for member in home.members:
            found = earned(member)
            if found is None:
                continue
            income = estimated(home, member, item, found[0])
            if income is not None and income >= line(home, m):
                severity = "high" if income >= line(home, m, high=True) else "medium"
                yield home, member, found[1], severity


def e09(district: District, m: int) -> Iterator[Found]:
    """An employer pays contributions."""
    paid = district.of(CONTRIBUTION)

    def earned(id_no: str) -> Earning | None:
        rows = [row for row in paid[id_no] if row["scheme"] == "单位" and row["month"] <= m]
        recent = [row for row in rows if row["month"] >= m - 5]
        months = {row["month"] for row in recent}
        if len(months) < 3:
            return None
        employer = max(recent, key=lambda row: (row["month"], row["base"]))["employer"]
        start = spell_start({row["month"] for row in rows if row["employer"] == employer})
        return Fraction(sum(row["base"] for row in recent), len(months)), f"{employer}|{first(start)}"

    for home, _, event, severity in _earners(district, m, "wage_income", _EARNING, earned):
        yield home.programme, home.subject_type, home.subject, event, severity


def e10(district: District, m: int) -> Iterator[Found]:
    """A pension."""
    pensions: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in district.in_force(PENSION, m):
        if row["status"] == "正常":
            less = (row["basic_amount"] or 0) if row["scheme"] == "城乡居民" else 0
            pensions[row["id_no"]].append((row["monthly_amount"] - less, row["scheme"]))

    def earned(id_no: str) -> Earning | None:
        if not pensions[id_no]:
            return None
        return Fraction(sum(amount for amount, _ in pensions[id_no])), max(pensions[id_no])[1]

    for home, _, event, severity in _earners(district, m, "pension_income", _EARNING, earned):
        yield home.programme, home.subject_type, home.subject, event, severity


def e11(district: District, m: int) -> Iterator[Found]:
    """Taxed income of twelve months."""
    taxed = district.of(INCOME)

    def earned(id_no: str) -> Earning | None:
        payers: dict[str, int] = defaultdict(int)
        for row in taxed[id_no]:
            if m - 12 < row["month"] <= m:
                payers[row["payer"]] += row["income"]
        if not payers:
            return None
        return Fraction(sum(payers.values()), 12), max(payers, key=lambda payer: payers[payer])

    named = ("dibao", "dibao_single", "dibao_edge", "rigid_expenditure")
    for home, _, event, _ in _earners(district, m, "wage_income", named, earned):
        yield home.programme, home.subject_type, home.subject, event, "medium"


def e12(district: District, m: int) -> Iterator[Found]:
    """A wage behind the housing fund's contributions."""
    paid, loans = district.of(FUND), set()

    def earned(id_no: str) -> Earning | None:
        rows = [row for row in paid[id_no] if m - 3 <= row["month"] <= m]
        rows = [row for row in rows if row["month"] == max(other["month"] for other in rows)]
        if any((row["loan_monthly"] or 0) > 0 for row in rows):
            loans.add(id_no)
        wages = [(wage, row["employer"]) for row in rows if (wage := _fund_wage(row)) is not None]
        return (sum((wage for wage, _ in wages), Fraction(0)), max(wages)[1]) if wages else None

    for home, member, event, _ in _earners(district, m, "wage_income", _EARNING, earned):
        severity = "high" if member in loans else "medium"
        yield home.programme, home.subject_type, home.subject, event, severity


def _fund_wage(row: Row) -> Fraction | None:
    if not row["employee_rate"] or row["employee_amount"] is None:
        return None
    rate = Fraction(str(row["employee_rate"]))
    return row["employee_amount"] / (rate / 100 if rate > 1 else rate)


def e13(district: District, m: int) -> Iterator[Found]:
    """Deposits or securities beyond the limit."""
    exempt = exempted(district, m, "存款", "household_no")
    checks = district.of(CHECK)
    for home in district.homes(m):
        rows = [
            row for member in home.members for row in checks[member]
            if first(m - 12) <= row["checked_on"] <= last(m)
        ]  # fmt: skip
        if not rows or home.subject in exempt:
            continue
        newest = max((row["checked_on"], row["check_no"]) for row in rows)
        rows = [row for row in rows if row["check_no"] == newest[1]]
        if home.subject_type == "household":
            since, until = home.row["authorised_on"], home.row["authorised_until"]
            if since is None or since > newest[0] or (until is not None and until < newest[0]):
                continue
        kinds = ("stock_value", "fund_value", "bond_value")
        value = sum(row[kind] or 0 for row in rows for kind in kinds)
        times = 36 if home.programme in ("dibao_edge", "rigid_expenditure") else 24
        flagged = any(row[flag] == "是" for row in rows for flag in ("deposit_over", "household_deposit_over"))
        if flagged or value >= times * standard(m) * home.size:
            yield home.programme, home.subject_type, home.subject, newest[1], "high"


def e14(district: District, m: int) -> Iterator[Found]:
    """In custody the whole month."""
    for row in district.in_force(CUSTODY, m):
        if locked_up(row, m):
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


def e16(district: District, m: int) -> Iterator[Found]:
    """Married, and the spouse is not in the household."""
    records = [row for _, row in district.facts[MARRIAGE] if row["registered_on"] <= last(m)]
    for home in district.homes(m):
        one_row = home.programme == "dibao" and len(home.rows) == 1
        if home.programme not in ("extreme_poverty", "dibao_single") and not one_row:
            continue
        for row in records:
            one, other = long(row["male_id_no"]) or "", long(row["female_id_no"]) or ""
            ended = any(
                (long(later["male_id_no"]), long(later["female_id_no"])) == (one, other)
                and later["kind"] == "离婚" and later["registered_on"] > row["registered_on"]
                for later in records
            )  # fmt: skip
            if row["kind"] != "结婚" or ended or row["registered_on"] <= last(home.row["start_month"]):
                continue
            for member, name, spouse in ((one, row["male_name"], other), (other, row["female_name"], one)):
                alone = home.programme != "dibao_single" or home.said_of(member).get("single_person") == "是"
                apart = member in home.members and spouse not in home.members
                if alone and apart and district.same(member, name):
                    yield home.programme, home.subject_type, home.subject, row["certificate_no"], "medium"


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
        for row in rows if "refused" not in row
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


def e19(district: District, m: int) -> Iterator[Found]:
    """Eighteen, and no longer at school."""
    enrolled = {row["id_no"]: row for row in district.stated(ENROLMENT, m)}
    pupils = {
        member for home in district.homes(m) for member in home.members
        if home.said_of(member).get("in_school") == "是"
        and home.subject in {row["household_no"] for row in district.holdings(m).get(member, {}).get("dibao", [])}
    }  # fmt: skip
    for id_no, held in district.holdings(m).items():
        if district.age(id_no, m) < 18:
            continue
        event = str(grown(district.born(id_no, m), 18))
        if id_no in enrolled:
            if not district.same(id_no, enrolled[id_no]["name"]):
                continue
            left_on = enrolled[id_no]["graduates_on"]
            if left_on is None or left_on >= first(m - 3):
                continue
            event = str(left_on)
        for programme in held:
            child = programme in ("orphan", "unattended_child", "child_in_difficulty")
            if child or (programme == "dibao" and id_no in pupils):
                yield programme, "person", id_no, event, "medium"


def e20(district: District, m: int) -> Iterator[Found]:
    """Abroad for ninety days."""
    crossed = district.of(EXIT_ENTRY)
    for id_no, held in district.holdings(m).items():
        for row in crossed[id_no]:
            back = row["entered_on"] is not None and row["entered_on"] <= last(m)
            if (last(m) - row["exited_on"]).days >= 90 and not back:
                for programme in held:
                    yield programme, "person", id_no, str(row["exited_on"]), "medium"


def e21(district: District, m: int) -> Iterator[Found]:
    """Gradual withdrawal is over."""
    for home in district.homes(m):
        if home.programme == "dibao" and home.is_leaving:
            until = home.row["grace_until"]
            if until is not None and until < m:
                yield "dibao", "household", home.subject, str(first(until)), "high"


def e22(district: District, m: int) -> Iterator[Found]:
    """The next review is overdue."""
    for home in district.homes(m):
        due = home.row["next_review_on"]
        if home.programme in LOW_INCOME and due is not None and due < first(m):
            days = (first(m) - due).days
            severity = "high" if days > 90 else "medium" if days > 30 else "low"
            yield home.programme, home.subject_type, home.subject, str(due), severity
