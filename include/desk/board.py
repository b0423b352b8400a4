"""What the desk shows, in memory: the alerts of the standing publication and what people did about each.

Read again when a new publication stands; the journal is read on from where it was. Both are only read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb
from sqlalchemy import select

from include.alerts.evidence import in_words
from include.alerts.flood import Flood, flooded, floods_of
from include.alerts.held_back import HELD_ZH, held_because, rules_in_doubt
from include.alerts.open_alerts import PROGRAMMES, SEVERITIES, is_the_districts
from include.alerts.recalls import recalled_in
from include.alerts.sample_visits import RULE_ID, VISITS
from include.cases.dispatch import was_sent_out
from include.cases.states import STATE_ZH, Found, state_of
from include.desk.accounts import Account
from include.journal.entries import ALERT_STEP, Written, read
from include.journal.schema import ENTRY, engine
from include.periods import Month
from include.settings import Settings
from include.warehouse.publication import MARTS_ALIAS, Publication, open_pair, standing
from include.warehouse.workbench import rows

#: With whom an alert is, by its state.
IN_THE_FIELD = ("open", "dispatched", "accepted", "visiting", "returned", "reopened")
IN_THE_OFFICE = ("town_reviewed", "district_reviewed", "decided", "executed")

_QUIET_ZH = {
    "no_authorisation": "本户没有核对授权，这类数据不能使用",
    "death": "此人已有死亡预警，一并核实",
    "counted_twice": "先核实是否重复享受",
    "same_evidence": "同一事实已在另一项目下提示",
    "exempted": "核实后已豁免，到期再问",
    "silenced": "区里决定静默，到期再问",
}
_ALERTS = """
select
    alert.alert_no, alert.rule_id, rule.title_zh as title, rule.explanation_zh as explanation,
    rule.clears_zh as clears, rule.legal_basis, rule.sla_first_days,
    alert.direction, alert.subject_type, alert.programme, alert.severity,
    alert.state as found_state, alert.episode_count as episode, alert.first_month, alert.last_month,
    alert.detected_on, alert.due_on, alert.amount_at_risk, alert.match_grade, alert.proposed_action,
    alert.quiet_reason, alert.spoken_for_by, alert.repeats,
    alert.person_key, alert.household_key, alert.evidence, full_evidence.evidence as full_evidence,
    rule.is_district_only, coalesce(alert.town_code, '') as town_code, coalesce(alert.village_code, '') as village_code,
    coalesce(town.name, '') as town, coalesce(village.name, '') as village,
    coalesce(person.name, household.head_name, '') as name, coalesce(household.household_no, '') as household_no
from monitoring.fct_alert as alert
inner join monitoring.dim_rule as rule on rule.rule_id = alert.rule_id
left join identity.restricted.alert_evidence as full_evidence on full_evidence.alert_no = alert.alert_no
left join identity.restricted.person_identity as person on person.person_key = alert.person_key
left join identity.restricted.household_identity as household on household.household_key = alert.household_key
left join core.dim_region as town on town.region_code = alert.town_code
left join core.dim_region as village on village.region_code = alert.village_code
"""


@dataclass(frozen=True)
class Alert:
    """An alert of the publication; ``row`` holds the columns of the query above."""

    row: dict[str, Any]

    def __post_init__(self) -> None:
        self.__dict__.update(self.row)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def found(self) -> Found:
        """What the data say of it."""
        return Found(self.found_state, self.episode)

    @property
    def group(self) -> str:
        """What one visit settles: the household, else the person, else the alert alone."""
        return str(self.household_key or self.person_key or self.alert_no)

    @cached_property
    def rank(self) -> int:
        """0 is the worst severity."""
        return list(SEVERITIES).index(self.severity)

    @property
    def priority(self) -> int:
        """Where it stands among others, 0 first: what came back, or repeats another, stands one severity higher."""
        return max(0, self.rank - (self.episode > 1 or bool(self.repeats)))

    @property
    def severity_zh(self) -> str:
        """The severity in Chinese."""
        return SEVERITIES[self.severity]

    @property
    def quiet_zh(self) -> str:
        """Why it is on no list, in Chinese; empty where it is on one."""
        return _QUIET_ZH.get(self.quiet_reason, "已有安排，暂不派发") if self.quiet_reason else ""

    @property
    def programme_zh(self) -> str:
        """The programme in Chinese."""
        return PROGRAMMES.get(self.programme or "", self.programme or "")

    @property
    def is_for_district(self) -> bool:
        """Whether only the district ever looks at it; see ``include.alerts.open_alerts``."""
        return is_the_districts(self.is_district_only, self.rule_id, self.programme, self.town)

    @property
    def is_sample(self) -> bool:
        """Whether the lot drew it and no rule found anything; the district alone is told so."""
        return bool(self.rule_id == RULE_ID)

    def evidence_for(self, account: Account) -> str:
        """The evidence in words; details of custody for the district alone, and of nobody where names are hidden."""
        full_evidence = self.full_evidence if account.sees_names else None
        return in_words(self.evidence, full_evidence, for_district=not account.is_in_the_field)


@dataclass(frozen=True)
class Case:
    """An alert with its steps and the state that both make; ``speaker`` is the alert that speaks for a quiet one."""

    alert: Alert
    steps: list[Written]
    speaker: Alert | None = None

    @property
    def state(self) -> str:
        """The state; see ``include.cases.states``. A suspension may have ended since it was last asked for."""
        return self._state if self._state != "suspended" else state_of(self.alert.found, self.steps)

    @cached_property
    def _state(self) -> str:
        return state_of(self.alert.found, self.steps)

    @property
    def state_zh(self) -> str:
        """The state in Chinese."""
        return STATE_ZH[self.state]

    @property
    def is_for_district(self) -> bool:
        """Whether only the district looks at it, or at the alert that speaks for it: its silence would tell of that."""
        return self.alert.is_for_district or (self.speaker is not None and self.speaker.is_for_district)

    @property
    def held_because(self) -> str:
        """Why the district looks at it first, empty where it does not; see ``include.alerts.held_back``."""
        return held_because(self.alert.is_flood, self.alert.is_in_doubt, self.state)

    @property
    def held_zh(self) -> str:
        """The same in Chinese."""
        return HELD_ZH.get(self.held_because, "")

    @property
    def seen(self) -> int:
        """The last step's place in the journal, 0 before any."""
        return self.steps[-1].sequence if self.steps else 0

    @property
    def is_recalled(self) -> bool:
        """Whether it was sent out and the month's data no longer bear it out."""
        return bool(self.alert.is_recalled_now) and was_sent_out(self.steps)

    def is_overdue(self, today: date) -> bool:
        """Whether it is still somebody's work after its deadline."""
        due = self.alert.due_on
        return bool(due and due < today and self.state in (*IN_THE_FIELD, "town_reviewed", "district_reviewed"))


class Board:
    """The desk's view of one home; safe for several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._publication: Publication | None = None
        self._pair: duckdb.DuckDBPyConnection | None = None
        self._floods: list[Flood] = []
        self._cases: dict[str, Case] = {}
        self._steps: dict[str, list[Written]] = {}
        self._read_to = 0

    def cases(self, account: Account) -> list[Case]:
        """The cases that an account may see, in no order."""
        self._refresh()
        return [case for case in self._cases.values() if _may_see(account, case)]

    def case(self, account: Account, alert_no: str) -> Case | None:
        """One case, if there is such an alert and the account may see it."""
        self._refresh()
        case = self._cases.get(alert_no)
        return case if case and _may_see(account, case) else None

    def has(self, alert_no: str) -> bool:
        """Whether there is such an alert, whoever may see it."""
        self._refresh()
        return alert_no in self._cases

    def floods(self) -> list[Flood]:
        """The sources that flood, whose alerts are held for the district."""
        self._refresh()
        return self._floods

    def ask(self, query: str, values: Iterable[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a query over the publication's pair (marts; ``identity`` attached), read-only."""
        self._refresh()
        assert self._pair is not None
        with self._pair.cursor() as cursor:
            cursor.execute(f"use {MARTS_ALIAS}")  # a cursor begins without its connection's choice
            return rows(cursor, query, values)

    @property
    def as_of(self) -> str:
        """The month that the publication monitors, YYYYMM."""
        self._refresh()
        assert self._publication is not None
        return str(self._publication.read_manifest()["as_of"])

    def _refresh(self) -> None:
        with self._lock:
            newest = standing(self.settings)
            if newest != self._publication:
                pair = open_pair(self.settings, newest)
                self._pair, self._publication = pair, newest
                month = Month.parse(newest.read_manifest()["as_of"])
                self._floods, recalled = floods_of(pair, month), recalled_in(pair, month)
                flood, in_doubt = flooded(self._floods), rules_in_doubt(pair)
                alerts = {
                    row["alert_no"]: Alert(
                        {
                            **row,
                            "is_flood": row["alert_no"] in flood,
                            "is_in_doubt": row["rule_id"] in in_doubt,
                            "is_recalled_now": row["alert_no"] in recalled,
                        }
                    )
                    for row in (*rows(pair, _ALERTS), *rows(pair, VISITS, [month.first]))
                }
                self._cases = {
                    alert_no: Case(alert, self._steps.get(alert_no, []), alerts.get(alert.spoken_for_by))
                    for alert_no, alert in alerts.items()
                }
            with engine(self.settings).connect() as connection:
                asked = select(*ENTRY.c).where(ENTRY.c.sequence > self._read_to).order_by(ENTRY.c.sequence)
                for one in read(connection, asked):
                    self._read_to = one.sequence
                    if one.entry.kind == ALERT_STEP and one.entry.alert_no:
                        self._add(one.entry.alert_no, one)

    def _add(self, alert_no: str, step: Written) -> None:
        self._steps[alert_no] = [*self._steps.get(alert_no, []), step]
        if alert_no in self._cases:
            self._cases[alert_no] = replace(self._cases[alert_no], steps=self._steps[alert_no])


def _may_see(account: Account, case: Case) -> bool:
    if account.is_in_the_field and (case.is_for_district or case.held_because):
        return False
    return account.sees(case.alert.town_code, case.alert.village_code)
