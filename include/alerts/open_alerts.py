"""The open alerts of a publication with the people behind them, read from the pair and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from include.alerts.evidence import in_words
from include.alerts.flood import Flood, flooded, floods_of
from include.alerts.held_back import held_because, rules_in_doubt
from include.alerts.recalls import recalled_in
from include.periods import Month
from include.privacy import last_four

#: What the district verifies, whatever a catalogue says; a rule may be marked so in the catalogue besides.
DISTRICT_RULES = frozenset({"D03", "D04", "E08", "E13", "E14", "P12", "P13", "P14", "P15", "P16"})
#: Whose holders are protected: that a child is one of them is for the district alone, whatever is found of it.
SEALED_PROGRAMMES = frozenset({"orphan", "unattended_child"})
#: It looks for children who hold nothing yet: the village's officer for children goes to see them.
_OF_UNPROTECTED_CHILDREN = "C10"
SEVERITIES = {"critical": "紧急", "high": "高", "medium": "中", "low": "低"}
PROGRAMMES = {
    "": "",
    "dibao": "低保",
    "dibao_single": "单人保",
    "extreme_poverty": "特困",
    "dibao_edge": "低保边缘",
    "rigid_expenditure": "刚性支出困难",
    "disability_living": "困难残疾人生活补贴",
    "disability_nursing": "重度残疾人护理补贴",
    "elder_allowance": "尊老金",
    "orphan": "孤儿",
    "unattended_child": "事实无人抚养儿童",
    "child_in_difficulty": "困境儿童",
    "temporary_assistance": "临时救助",
}

_LINES = """
select
    alert.alert_no, alert.rule_id, rule.title_zh, alert.direction, alert.programme,
    alert.severity, alert.due_on, alert.proposed_action, alert.evidence, full_evidence.evidence,
    rule.is_district_only, alert.person_key, alert.household_key,
    person.name, person.id_no, household.head_name, household.household_no,
    alert.town_code, alert.village_code, town.name, village.name, alert.episode_count,
    alert.repeats, coalesce(alert.case_state, alert.state)
from monitoring.fct_alert as alert
inner join monitoring.dim_rule as rule on rule.rule_id = alert.rule_id
left join identity.restricted.alert_evidence as full_evidence on full_evidence.alert_no = alert.alert_no
left join identity.restricted.person_identity as person on person.person_key = alert.person_key
left join identity.restricted.household_identity as household on household.household_key = alert.household_key
left join core.dim_region as town on town.region_code = alert.town_code
left join core.dim_region as village on village.region_code = alert.village_code
"""
_OPEN = """
where alert.state = 'open' and alert.quiet_reason is null
    and coalesce(alert.case_state, '') not in (
        'town_reviewed', 'district_reviewed', 'decided', 'executed', 'closed', 'suspended'
    )
order by alert.alert_no
"""
_RECALLED = "where list_contains(?, alert.alert_no) order by alert.alert_no"

_QUIET = """
select quiet_reason, count(*) from monitoring.fct_alert
where state = 'open' and quiet_reason is not null group by quiet_reason order by quiet_reason
"""


@dataclass(frozen=True)
class OpenAlert:
    """One line of a list: an alert, in words, with the person it is about."""

    alert_no: str
    rule_id: str
    rule_title: str
    direction: str
    programme: str
    severity: str
    due_on: date | None
    proposed_action: str
    evidence: str
    is_for_district: bool
    held_because: str
    name: str
    number_end: str
    household: str
    group: str
    town_code: str
    village_code: str
    town_name: str
    village_name: str
    episode: int
    repeats: str

    @property
    def rank(self) -> int:
        """0 is the worst severity."""
        return list(SEVERITIES).index(self.severity)

    @property
    def priority(self) -> int:
        """Where it stands among others, 0 first: what came back, or repeats another, stands one severity higher."""
        return max(0, self.rank - (self.episode > 1 or bool(self.repeats)))

    @property
    def severity_word(self) -> str:
        """The severity in Chinese."""
        return SEVERITIES[self.severity]

    @property
    def programme_word(self) -> str:
        """The programme in Chinese; empty where the rule files under none."""
        return PROGRAMMES.get(self.programme, self.programme)


@dataclass(frozen=True)
class RuleWords:
    """A rule as it is explained to an officer."""

    rule_id: str
    title: str
    words: str
    legal_basis: str
    clears: str


@dataclass(frozen=True)
class Region:
    """A town or village that gets a list."""

    code: str
    name: str
    parent_code: str | None


@dataclass(frozen=True)
class MonthOfAlerts:
    """Everything that the lists of one month are made of; ``quiet`` counts what is left out of them, by reason.

    ``recalled`` are the alerts that the month's data no longer bear out, whether they had been sent out or not.
    """

    month: Month
    received_on: date | None
    rules: dict[str, RuleWords]
    alerts: list[OpenAlert]
    recalled: list[OpenAlert]
    towns: list[Region]
    villages: list[Region]
    quiet: dict[str, int]
    floods: list[Flood]
    in_doubt: frozenset[str]


def read_month(pair: duckdb.DuckDBPyConnection, month: Month) -> MonthOfAlerts:
    """Read the material of a month's lists from a publication's pair."""
    rules = pair.execute(
        "select rule_id, title_zh, coalesce(explanation_zh, ''), coalesce(legal_basis, ''), coalesce(clears_zh, '') "
        "from monitoring.dim_rule"
    ).fetchall()
    received_on = pair.execute(
        "select cast(max(received_at) + interval 8 hour as date) from quality.fct_delivery where status <> 'duplicate'"
    ).fetchall()[0][0]
    floods, in_doubt = floods_of(pair, month), rules_in_doubt(pair)
    flood = flooded(floods)
    return MonthOfAlerts(
        month=month,
        received_on=received_on,
        rules={row[0]: RuleWords(*row) for row in rules},
        alerts=[_alert(row, flood, in_doubt) for row in pair.execute(_LINES + _OPEN).fetchall()],
        recalled=[
            _alert(row, flood, in_doubt)
            for row in pair.execute(_LINES + _RECALLED, [sorted(recalled_in(pair, month))]).fetchall()
        ],
        floods=floods,
        in_doubt=in_doubt,
        towns=_regions(pair, "town"),
        villages=_regions(pair, "village"),
        quiet=dict(pair.execute(_QUIET).fetchall()),
    )


def _regions(pair: duckdb.DuckDBPyConnection, level: str) -> list[Region]:
    rows = pair.execute(
        "select region_code, name, parent_code from core.dim_region where level = ? order by region_code", [level]
    ).fetchall()
    return [Region(*row) for row in rows]


def worst_first(alerts: list[OpenAlert]) -> Iterator[list[OpenAlert]]:
    """Alerts by household (or person), the household with the gravest and most urgent alert first."""
    groups: dict[str, list[OpenAlert]] = {}
    for alert in alerts:
        groups.setdefault(alert.group, []).append(alert)
    ordered = [sorted(group, key=_urgency) for group in groups.values()]
    yield from sorted(ordered, key=lambda group: _urgency(group[0]))


def _urgency(alert: OpenAlert) -> tuple[int, date, str]:
    return alert.priority, alert.due_on or date.max, alert.alert_no


def is_sealed(rule_id: str, programme: str | None) -> bool:
    """Whether an alert tells that a child is protected."""
    return programme in SEALED_PROGRAMMES and rule_id != _OF_UNPROTECTED_CHILDREN


def is_the_districts(is_district_only: object, rule_id: str, programme: str | None, town: str | None) -> bool:
    """Whether only the district ever looks at an alert: a rule of its own, a protected child, no known town."""
    return bool(is_district_only) or rule_id in DISTRICT_RULES or not town or is_sealed(rule_id, programme)


def _alert(row: tuple[Any, ...], flood: frozenset[str], in_doubt: frozenset[str]) -> OpenAlert:
    (
        alert_no, rule_id, title, direction, programme, severity, due_on, proposed, evidence, full,
        is_district_only, person_key, household_key, name, id_no, head_name, household_no,
        town_code, village_code, town_name, village_name, episode, repeats, state,
    ) = row  # fmt: skip
    held = held_because(alert_no in flood, rule_id in in_doubt, state)
    is_for_district = bool(held) or is_the_districts(is_district_only, rule_id, programme, town_name)
    return OpenAlert(
        alert_no=alert_no,
        rule_id=rule_id,
        rule_title=title,
        direction=direction,
        programme=programme or "",
        severity=severity,
        due_on=due_on,
        proposed_action=proposed or "",
        evidence=in_words(evidence, full, for_district=is_for_district),
        is_for_district=is_for_district,
        held_because=held,
        name=name or "",
        number_end=last_four(id_no),
        household="\n".join(part for part in (head_name, household_no) if part),
        group=household_key or person_key or alert_no,
        town_code=town_code or "",
        village_code=village_code or "",
        town_name=town_name or "",
        village_name=village_name or "",
        episode=episode,
        repeats=repeats or "",
    )
