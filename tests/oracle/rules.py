"""Which lists each rule needs, and how findings of months become alerts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.oracle import covers, exits, findings, payments
from tests.oracle.district import (
    BUSINESS,
    CERTIFICATE,
    CHECK,
    CHILD,
    CONTRIBUTION,
    CREMATION,
    CUSTODY,
    ELDER,
    ELSEWHERE,
    ENROLMENT,
    ESTATE,
    EXEMPTION,
    EXIT_ENTRY,
    EXTREME,
    FIRST,
    FUND,
    HOUSEHOLD,
    INCIDENT,
    INCOME,
    INJURY,
    LONG_TERM_CARE,
    MARRIAGE,
    MEMBER,
    MONITOR,
    PAYMENT,
    PAYROLL,
    PENSION,
    POPULATION,
    ROSTERS,
    SETTLEMENT,
    SUBSIDY,
    UNEMPLOYMENT,
    VEHICLE,
)
from tests.oracle.words import ROSTER_OF, District, Found

Alert = tuple[str, str, str, str, str, str, str, int, str, str]
_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


@dataclass(frozen=True)
class Rule:
    """What a rule finds in a month, and the lists without which it says nothing."""

    find: Callable[[District, int], Iterator[Found]]
    needs: tuple[str, ...] = ()
    by_programme: bool = False
    #: The event key is that of the episode's first month: every episode has its own.
    key_of_first_month: bool = False


def text(month: int) -> str:
    """A month as ISO writes it."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


RULES = {
    "E01": [Rule(exits.e01, (), True)],
    "E02": [Rule(exits.e02, (PENSION,), True)],
    "E03": [Rule(exits.e03, (VEHICLE, EXEMPTION), True)],
    "E05": [Rule(exits.e05, (ESTATE, EXEMPTION), True)],
    "E06": [Rule(exits.e06, (BUSINESS, EXEMPTION), True)],
    "E07": [Rule(exits.e07, (BUSINESS, EXEMPTION), True)],
    "E08": [Rule(exits.e08, (PAYROLL,), True)],
    "E09": [Rule(exits.e09, (CONTRIBUTION,), True)],
    "E10": [Rule(exits.e10, (PENSION,), True)],
    "E11": [Rule(exits.e11, (INCOME,), True)],
    "E12": [Rule(exits.e12, (FUND,), True)],
    "E13": [Rule(exits.e13, (CHECK, EXEMPTION), True)],
    "E14": [Rule(exits.e14, (CUSTODY,), True)],
    "E15": [Rule(exits.e15, (POPULATION,), True)],
    "E16": [Rule(exits.e16, (MARRIAGE,), True)],
    "E18": [Rule(exits.e18, (CERTIFICATE,), True)],
    "E19": [Rule(exits.e19, (ENROLMENT,), True)],
    "E20": [Rule(exits.e20, (EXIT_ENTRY,), True)],
    "E21": [Rule(exits.e21, (), True)],
    "E22": [Rule(exits.e22, (), True)],
    "C01": [Rule(
        covers.c01, (SETTLEMENT, POPULATION, HOUSEHOLD, MEMBER, EXTREME, SUBSIDY), key_of_first_month=True
    )],
    "C02": [Rule(covers.c02, (
        CERTIFICATE, POPULATION, HOUSEHOLD, MEMBER, EXTREME, SUBSIDY, PENSION, CONTRIBUTION, VEHICLE, BUSINESS, ESTATE,
    ))],
    "C03": [Rule(covers.c03, (HOUSEHOLD, MEMBER, CERTIFICATE, SUBSIDY, EXTREME, CHILD, INJURY))],
    "C04": [Rule(covers.c04, (POPULATION, CERTIFICATE, SUBSIDY, EXTREME, INJURY))],
    "C05": [Rule(covers.c05, (POPULATION, ELDER, ELSEWHERE))],
    "C07": [Rule(covers.c07, (SETTLEMENT,), True)],
    "C08": [Rule(covers.c08, (UNEMPLOYMENT, HOUSEHOLD, MEMBER, EXTREME))],
    "C09": [Rule(covers.c09, (INCIDENT, POPULATION))],
    "C10": [Rule(covers.c10, (POPULATION, CUSTODY, CERTIFICATE, CHILD))],
    "C12": [Rule(covers.c12, (SETTLEMENT, UNEMPLOYMENT, INCIDENT, POPULATION, EXTREME), True)],
    "C13": [Rule(covers.c13, (), True, True)],
    "C15": [Rule(covers.c15, (MONITOR, HOUSEHOLD, MEMBER, EXTREME))],
    "C20": [Rule(covers.c20, (), True)],
    "P01": [Rule(payments.p01, (EXTREME, PAYMENT), True, True)],
    "P02": [Rule(payments.p02, (INJURY,), True, True)],
    "P03": [Rule(payments.p03, (CHILD, PAYMENT), True, True)],
    "P04": [Rule(payments.p04, (HOUSEHOLD, MEMBER, EXTREME))],
    "P05": [Rule(payments.p05, (ELSEWHERE,), True)],
    "P06": [Rule(payments.p06, (HOUSEHOLD, MEMBER), True)],
    "P07": [Rule(payments.p07, (CERTIFICATE,), True)],
    "P08": [Rule(payments.p08, (ELDER,))],
    "P09": [Rule(payments.p09, (PAYMENT,))],
    "P10": [Rule(payments.p10, (), True, True)],
    "P11": [Rule(payments.p11, (CERTIFICATE,), True)],
    "P12": [Rule(payments.p12, (PAYMENT, POPULATION, HOUSEHOLD, MEMBER, EXTREME, CHILD))],
    "P13": [Rule(payments.p13, (PAYMENT,))],
    "P14": [Rule(payments.p14, (PAYMENT,), True), Rule(payments.p14_unpaid, (PAYMENT,), True, True)],
    "P15": [Rule(payments.p15, (LONG_TERM_CARE,), True)],
    "P16": [Rule(payments.p16, (PAYMENT,), True)],
    "P17": [Rule(payments.p17, (), True)],
    "D01": [Rule(findings.d01)],
    "D02": [Rule(findings.d02, (POPULATION, ELDER, CREMATION))],
    "D03": [Rule(findings.d03)],
    "D04": [Rule(findings.d04, ROSTERS)],
    "D05": [Rule(findings.d05, (HOUSEHOLD, MEMBER))],
    "D07": [Rule(findings.d07, (CERTIFICATE,))],
    "D08": [Rule(findings.d08)],
    "D10": [Rule(findings.d10, (HOUSEHOLD, MEMBER), key_of_first_month=True)],
    "D11": [Rule(findings.d11, (HOUSEHOLD,))],
    "D12": [Rule(findings.d12)],
}  # fmt: skip


def evaluated(district: District, rule: Rule, programme: str, m: int) -> bool:
    """Whether the rule says anything of this programme in the month."""
    needs = rule.needs + (ROSTER_OF[programme] if rule.by_programme else ())
    return not any(district.is_stale(dataset, m) for dataset in needs)


def alerts(district: District) -> set[Alert]:
    """Every alert that the rules raise over all months."""
    return {alert for name, rules in RULES.items() for rule in rules for alert in _alerts_of(name, rule, district)}


def _alerts_of(name: str, rule: Rule, district: District) -> Iterator[Alert]:
    months = range(FIRST, district.as_of + 1)
    #: By subject (and event, unless that is the first month's): in each month the severity and the event.
    found: dict[tuple[str, str, str, str], dict[int, tuple[str, str]]] = defaultdict(dict)
    for m in months:
        for programme, kind, subject, event, severity in rule.find(district, m):
            if evaluated(district, rule, programme, m):
                seen = found[programme, kind, subject, "" if rule.key_of_first_month else event]
                worst = min(seen.get(m, ("low", ""))[0], severity, key=_RANK.__getitem__)
                seen[m] = (worst, event)
    for (programme, kind, subject, event), hits in found.items():
        asked = [m for m in months if evaluated(district, rule, programme, m)]
        by_key: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end in _episodes(asked, hits):
            by_key[hits[start][1] if rule.key_of_first_month else event].append((start, end))
        for key, spells in by_key.items():
            start, end = spells[-1]
            severity = hits[end][0]
            if name == "C05" and sum(start <= m <= end for m in hits) >= 3:
                severity = "high"
            state = "open" if end == asked[-1] else "cleared"
            yield name, programme, kind, subject, key, text(start), text(end), len(spells), severity, state


def _episodes(asked: list[int], hits: dict[int, tuple[str, str]]) -> list[tuple[int, int]]:
    """First and last month of each; a month in which nothing was asked neither extends nor ends one."""
    spells: list[tuple[int, int]] = []
    going = False
    for m in asked:
        if m in hits:
            spells = [*spells[:-1], (spells[-1][0], m)] if going else [*spells, (m, m)]
        going = m in hits
    return spells
