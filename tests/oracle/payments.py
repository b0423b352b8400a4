"""Payment: what was paid twice, wrongly, or to nobody entitled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from tests.oracle.covers import injured
from tests.oracle.district import (
    CHILD,
    ELDER,
    ELSEWHERE,
    EXTREME,
    FIRST,
    LONG_TERM_CARE,
    MEMBER,
    PAYMENT,
    SUBSIDY,
    TOWNS,
    Row,
    first,
    last,
    month_of,
)
from tests.oracle.exits import grown
from tests.oracle.means import changed_in, due, standard, standard_before
from tests.oracle.words import District, Found, Home, alike, long

_SUBSIDIES = ("disability_living", "disability_nursing")
_CASH = (
    "dibao", "dibao_single", "extreme_poverty", *_SUBSIDIES, "elder_allowance", "orphan", "unattended_child",
    "child_in_difficulty",
)  # fmt: skip
_ELSEWHERE = {
    "低保": ("dibao", "dibao_single", "extreme_poverty"), "特困": ("dibao", "dibao_single", "extreme_poverty"),
    "困难残疾人生活补贴": ("disability_living",), "重度残疾人护理补贴": ("disability_nursing",),
    "尊老金": ("elder_allowance",), "孤儿": ("orphan",), "事实无人抚养儿童": ("unattended_child",),
}  # fmt: skip


def p01(district: District, m: int) -> Iterator[Found]:
    """Extreme poverty and a subsidy, held or paid."""
    paid = district.paid(m)
    for id_no in set(district.holdings(m)) | set(paid):
        for subsidy in _SUBSIDIES:
            for have in (set(district.holdings(m).get(id_no, {})), paid.get(id_no, set())):
                if {"extreme_poverty", subsidy} <= have:
                    yield subsidy, "person", id_no, str(first(m)), "critical"


def p02(district: District, m: int) -> Iterator[Found]:
    """A care allowance of a work injury beside a subsidy."""
    for id_no in injured(district, m):
        for subsidy in _SUBSIDIES:
            if subsidy in district.holdings(m).get(id_no, {}):
                yield subsidy, "person", id_no, str(first(m)), "critical"


def p03(district: District, m: int) -> Iterator[Found]:
    """A child's programme beside the living allowance, or two of them paid."""
    for id_no, held in district.holdings(m).items():
        if {"orphan", "unattended_child"} & set(held) and "disability_living" in held:
            yield "disability_living", "person", id_no, str(first(m)), "critical"
    for id_no, paid in district.paid(m).items():
        for pair in combinations(("orphan", "unattended_child", "child_in_difficulty"), 2):
            if set(pair) <= paid:
                yield pair[1], "person", id_no, str(first(m)), "critical"


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


def p05(district: District, m: int) -> Iterator[Found]:
    """Held here and elsewhere."""
    for row in district.in_force(ELSEWHERE, m):
        since = row["start_month"]
        if row["status"] != "在享" or (since is not None and since > m):
            continue
        for programme in _ELSEWHERE[row["programme"]]:
            if programme in district.holdings(m).get(row["id_no"], {}):
                yield programme, "person", row["id_no"], row["region"], "critical"


def p06(district: District, m: int) -> Iterator[Found]:
    """A tier for dibao without it, or beside it one for those without."""
    for id_no, held in district.holdings(m).items():
        covered = bool({"dibao", "dibao_single"} & set(held))
        for row in held.get("disability_living", []):
            if (row["tier"].startswith("低保内") and not covered) or (row["tier"] == "低保外重残" and covered):
                yield "disability_living", "person", id_no, row["tier"], "high"


def p07(district: District, m: int) -> Iterator[Found]:
    """Category or grade is not the certificate's."""
    for id_no, held in district.holdings(m).items():
        certificate = district.certificates(m).get(id_no)
        for subsidy in _SUBSIDIES:
            for row in held.get(subsidy, []) if certificate else []:
                pairs = (("disability_category", "category"), ("disability_grade", "grade"))
                if any(row[here] is not None and row[here] != certificate[there] for here, there in pairs):
                    yield subsidy, "person", id_no, certificate["certificate_no"], "high"


def _tariff(age: int) -> int:
    return 0 if age < 80 else 50 if age < 90 else 100 if age < 100 else 300


def p08(district: District, m: int) -> Iterator[Found]:
    """An allowance that is not the tariff's."""
    for id_no, held in district.holdings(m).items():
        for row in held.get("elder_allowance", []):
            months = m - month_of(district.born(id_no, m))
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


def _dibao(district: District, m: int) -> Iterator[tuple[Home, int]]:
    """Dibao households in 在享 whose amount is not what their means give: with what they are due."""
    for home in district.homes(m):
        amount = home.row.get("monthly_amount")
        if home.programme != "dibao" or home.is_leaving or amount is None:
            continue
        owed = due(home, standard(m))
        if owed is not None and abs(amount - owed) > home.size:
            yield home, owed


def p10(district: District, m: int) -> Iterator[Found]:
    """An amount that the means do not give."""
    for home, owed in _dibao(district, m):
        severity = "high" if abs(home.row["monthly_amount"] - owed) * 5 > owed else "medium"
        yield "dibao", "household", home.subject, str(first(m)), severity


def p11(district: District, m: int) -> Iterator[Found]:
    """An uplift that nothing justifies any more."""
    for row in district.in_force(MEMBER, m):
        id_no = row["id_no"]
        for programme in ("dibao", "dibao_single"):
            homes = {home["household_no"] for home in district.holdings(m).get(id_no, {}).get(programme, [])}
            alone = programme == ("dibao_single" if row["single_person"] == "是" else "dibao")
            if row["household_no"] not in homes or row["covered"] != "是" or not alone:
                continue
            certificate = district.certificates(m).get(id_no)
            severe = (
                certificate is not None and district.valid(certificate, m) and certificate["grade"] in ("一级", "二级")
            )
            grown_up = row["uplift"] == "未成年人" and grown(district.born(id_no, m), 18) <= first(m)
            if grown_up or (row["uplift"] == "重残" and not severe):
                yield programme, "person", id_no, row["uplift"], "medium"
    for id_no, held in district.holdings(m).items():
        for row in held.get("child_in_difficulty", []):
            until = row["determined_until"]
            if row["kind"] == "重残重病儿童" and until is not None and until < m:
                yield "child_in_difficulty", "person", id_no, "重残重病儿童", "medium"


def p12(district: District, m: int) -> Iterator[Found]:
    """Many payees' money in one account, or an account in a stranger's name."""
    apart = {
        row["id_no"] for dataset in (EXTREME, CHILD) for row in district.in_force(dataset, m)
        if row.get("support_mode") == "集中" or row.get("placement") == "机构"
    }  # fmt: skip
    accounts: dict[str, list[Row]] = defaultdict(list)
    for _, row in district.facts[PAYMENT]:
        counts = row["result"] == "成功" and row["kind"] != "扣回" and row["paid_month"] == m
        if counts and row["account_no"] and long(row["id_no"]) not in apart:
            accounts[row["account_no"]].append(row)
    related = _related(district, m)
    for account, rows in accounts.items():
        ties: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            payee = long(row["id_no"]) or ""
            ties[payee] |= {f"guardian {payee}", *related.ties[payee]}
            if row["household_no"]:
                ties[payee].add(f"household {row['household_no']}")
        strange = any(_is_strange(district, row, related, ties[long(row["id_no"]) or ""], m) for row in rows)
        if strange or _groups(ties.values()) > 2:
            yield "", "payment", "", account, "high"


def _is_strange(district: District, row: Row, related: _Related, ties: set[str], m: int) -> bool:
    """Whether an account bears a name that is nobody's of the payee's group, nor an institution's."""
    called = row["account_name"]
    if called is None or called.endswith(("敬老院", "公寓", "之家", "厂")):
        return False
    if any(called == home["institution"] for home in district.in_force(EXTREME, m)):
        return False
    id_no = long(row["id_no"]) or ""
    bound = {(id_no, row["name"])}.union(*(related.people[tie] for tie in ties))
    return not any(alike(called, name) or called == district.once(number) for number, name in bound)


@dataclass
class _Related:
    """What binds people: a household, a register number, a guardian; and the number and name of whom each binds."""

    ties: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    people: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def bind(self, id_no: str, name: str, tie: str) -> None:
        """Add one person to those whom a tie binds."""
        self.ties[id_no].add(tie)
        self.people[tie].add((id_no, name))


def _related(district: District, m: int) -> _Related:
    related = _Related()
    for row in district.in_force(MEMBER, m):
        if row["role"] == "共同生活":
            related.bind(row["id_no"], row["name"], f"household {row['household_no']}")
    for id_no in district.register:
        person = district.population(id_no, m)
        if person and person["register_no"]:
            related.bind(id_no, person["name"], f"register {person['register_no']}")
    for row in district.in_force(CHILD, m):
        if row["guardian_id_no"]:
            related.bind(row["id_no"], row["name"], f"guardian {row['guardian_id_no']}")
            guardian = row["guardian_id_no"], row["guardian_name"]
            related.people[f"guardian {guardian[0]}"].add(guardian)
    return related


def _groups(bound: Iterable[set[str]]) -> int:
    groups: list[set[str]] = []
    for ties in bound:
        joined = [group for group in groups if group & ties]
        groups = [group for group in groups if not group & ties] + [ties.union(*joined)]
    return len(groups)


def p13(district: District, m: int) -> Iterator[Found]:
    """Paid twice."""
    regular = Counter(
        subject for subject, row in _payments(district, m) if (row["result"], row["kind"]) == ("成功", "正常")
    )
    for subject, count in regular.items():
        if count > 1:
            yield *subject, str(first(m)), "critical"


def _listed(district: District, m: int, least: int = 1) -> dict[tuple[str, str, str], Row]:
    """Roster rows that hold in m and have at least such an amount: programme, subject type, subject."""
    found: dict[tuple[str, str, str], Row] = {}
    for home in district.homes(m):
        held = home.programme in ("dibao", "dibao_single")
        if held and (home.row["monthly_amount"] or 0) >= least:
            found[home.programme, "household", home.subject] = home.row
    for id_no, held in district.holdings(m).items():
        for programme, rows in held.items():
            for row in rows:
                amount = row.get("basic_amount") if programme == "extreme_poverty" else row["monthly_amount"]
                if programme in _CASH[2:] and (amount or 0) >= least:
                    found[programme, "person", id_no] = row
    return found


_LIST = {"elder_allowance": (ELDER, None), "disability_living": (SUBSIDY, "困难残疾人生活补贴"),
         "disability_nursing": (SUBSIDY, "重度残疾人护理补贴"), "orphan": (CHILD, None),
         "unattended_child": (CHILD, None), "child_in_difficulty": (CHILD, None)}  # fmt: skip


def _payments(district: District, m: int) -> Iterator[tuple[tuple[str, str, str], Row]]:
    for _, row in district.facts[PAYMENT]:
        if row["benefit_month"] == m:
            programme = district.payment_programme(row, m)
            of_household = programme in ("dibao", "dibao_single")
            subject = row["household_no"] if of_household else long(row["id_no"]) or ""
            yield (programme, "household" if of_household else "person", subject), row


def p14(district: District, m: int) -> Iterator[Found]:
    """Paid to one who is not on the roster."""
    listed = _listed(district, m, least=0)
    for subject, row in _payments(district, m):
        if (row["result"], row["kind"]) == ("成功", "正常") and subject not in listed and subject[0] in _CASH:
            at = _LIST.get(subject[0])
            if at is None or not district.named_in_a_bad_row(long(row["id_no"]) or "", m, *at):
                yield *subject, str(first(m)), "high"


def p14_unpaid(district: District, m: int) -> Iterator[Found]:
    """On the roster for two months, and paid for neither."""
    if m - 1 < FIRST:
        return
    paid = {
        subject for month in (m - 1, m) for subject, row in _payments(district, month)
        if row["result"] == "成功" and row["kind"] != "扣回"
    }  # fmt: skip
    for subject in _listed(district, m - 1).keys() & _listed(district, m).keys():
        at = _LIST.get(subject[0])
        unknown = at is not None and district.named_in_a_bad_row(subject[2], m, *at)
        if subject not in paid and not unknown:
            yield *subject, str(first(m)), "high"


def p15(district: District, m: int) -> Iterator[Found]:
    """Long-term care insurance beside the nursing allowance."""
    for row in district.in_force(LONG_TERM_CARE, m):
        runs = row["start_on"] <= last(m) and (row["end_on"] is None or row["end_on"] >= first(m))
        if runs and "disability_nursing" in district.holdings(m).get(row["id_no"], {}):
            yield "disability_nursing", "person", row["id_no"], str(row["start_on"]), "medium"


def p16(district: District, m: int) -> Iterator[Found]:
    """A batch is not the roster."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    came = False
    for (programme, _, _), row in _payments(district, m):
        came = True
        if row["kind"] == "正常" and programme in _CASH:
            both = sums[programme, row["town"]]
            both[0] += 1
            both[1] += row["amount"]
    for (programme, _, _), row in _listed(district, m).items():
        both = sums[programme, row["town"]]
        both[2] += 1
        both[3] += row.get("monthly_amount") or 0
    for (programme, town), (count, amount, listed, owed) in sums.items():
        if came and (count != listed or (amount != owed and programme != "extreme_poverty")):
            yield programme, "payment", "", f"{programme}|{TOWNS[town]}|{first(m)}", "critical"


def p17(district: District, m: int) -> Iterator[Found]:
    """The standard that held before is still paid."""
    for home, _ in _dibao(district, m):
        before = due(home, standard_before(m))
        fits = before is not None and abs(home.row["monthly_amount"] - before) <= home.size
        if fits and home.row["start_month"] < changed_in(m):
            yield "dibao", "household", home.subject, str(first(changed_in(m))), "high"
    for home in district.homes(m):
        old = home.programme == "extreme_poverty" and home.row["start_month"] < 2022 * 12 + 6
        if old and home.row["basic_amount"] == {"农村": 1010, "城市": 1945}.get(home.row["area_kind"]):
            yield "extreme_poverty", "person", home.subject, "2022-07-01", "high"
