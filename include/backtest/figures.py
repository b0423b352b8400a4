"""What a rule would have found over the recorded months, beside the other rules and what visits have shown.

A rule that stands is read from the warehouse. A draft runs on a workbench through the same models that turn findings
into alerts; where it bears the number of a standing rule, its alerts bear that rule's numbers and can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from include.backtest.draft import ALERT_MODELS, Draft
from include.privacy import DoudiError
from include.share import Share
from include.warehouse.workbench import Workbench, rows

_CATALOGUE = "select * from built.seeds.rule_catalogue where rule_id <> ? union all by name select {row}"
_RULE = "select rule_id, title_zh, direction, verifier, version from seeds.rule_catalogue where rule_id = ?"
_FINDINGS = "select * from intermediate.int_rules__findings where rule_id = ?"
_EPISODES = "select * from intermediate.int_rules__alerts where rule_id = ?"
_MONTHS = """
    with covered as (
        select month, bool_or(is_evaluated) as is_evaluated,
            string_agg(distinct coalesce(nullif(roster_reason, ''), alternative_reason), '；')
                filter (not is_evaluated) as reason
        from intermediate.int_rules__coverage where rule_id = ?
        group by month
    )
    select covered.*, coalesce(found.found, 0) as found, coalesce(begun.raised, 0) as raised,
        coalesce(found.amount, 0) as amount
    from covered
    left join (
        select month, count(*) as found, sum(amount_at_risk) as amount from tested_finding group by month
    ) as found using (month)
    left join (
        select first_month as month, count(*) as raised from tested_episode group by month
    ) as begun using (month)
    order by month
"""
_TOWNS = """
    select coalesce(region.name, '未知') as town, count(*) as alerts,
        count(*) filter (episode.last_month = (select max(month) from intermediate.int_months)) as open
    from (select * from tested_episode where episode_number = episode_count) as episode
    left join core.dim_region as region on episode.town_code = region.region_code
    group by all order by alerts desc, town
"""
_SEVERITIES = """
    select severity, count(*) as alerts from tested_episode where episode_number = episode_count group by severity
"""
_OVERLAP = """
    with tested as (
        select row_number() over () as number, month, person_key, household_key from tested_finding
    ),
    met as (
        select tested.number, other.rule_id from tested
        inner join built.intermediate.int_rules__findings as other
            on tested.month = other.month and tested.person_key = other.person_key
        union
        select tested.number, other.rule_id from tested
        inner join built.intermediate.int_rules__findings as other
            on tested.month = other.month and tested.household_key = other.household_key
    )
    select met.rule_id, max(catalogue.title_zh) as title_zh, count(*) as shared
    from met inner join seeds.rule_catalogue as catalogue on met.rule_id = catalogue.rule_id
    where met.rule_id <> ?
    group by met.rule_id order by shared desc, met.rule_id
"""
_STANDING = """
    with standing as (
        select distinct alert_no from built.intermediate.int_rules__alerts where rule_id = ?
    ),
    tested as (select distinct alert_no from tested_episode)
    select
        (select count(*) from standing) as standing,
        (select count(*) from tested anti join standing using (alert_no)) as gained,
        (select count(*) from standing anti join tested using (alert_no)) as lost
"""
# The newest answer to an alert counts. What could not be verified, or was passed on, says neither yes nor no.
_ANSWERED = """
    with newest as (
        select alert_no, finding, row_number() over (
            partition by alert_no order by verified_on desc, received_at desc, delivery_id desc
        ) as choice
        from staging.stg_civil_affairs__verification_result
    )
    select alert_no, finding in ('属实', '部分属实') as is_true from newest
    where choice = 1 and finding in ('属实', '部分属实', '不属实')
"""
_PRECISION = """
    select count(*) filter (answered.is_true) as right_ones, count(*) as answered_ones
    from (select distinct alert_no from tested_episode) as tested
    inner join answered on tested.alert_no = answered.alert_no
"""
_RECALL = """
    with proven as (
        select distinct standing.alert_no, standing.subject_key
        from built.intermediate.int_rules__alerts as standing
        inner join answered on standing.alert_no = answered.alert_no
        where answered.is_true and standing.rule_id = ?
    )
    select count(*) filter (
            proven.alert_no in (select alert_no from tested_episode)
            or proven.subject_key in (select subject_key from tested_episode)
        ) as right_ones,
        count(*) as answered_ones
    from proven
"""
_DAYS = """
    select max(value) as days from core.dim_parameter
    where parameter = 'verification_days' and category = ? and valid_to is null
"""


class NoSuchRuleError(DoudiError):
    """A rule that the warehouse does not know."""


@dataclass(frozen=True)
class Figures:
    """A rule over the recorded months.

    ``months`` has a row a month (found, raised, yuan at risk, or why it was not evaluated), ``towns`` a row a town,
    ``overlap`` a row another rule that found the same person or household in the same month. ``against`` says how the
    draft's alerts differ from those of the rule that stands under its number; empty for a rule that stands.
    ``officer_days`` are the days of work its new alerts would have cost over all months.
    """

    rule_id: str
    title: str
    direction: str
    is_draft: bool
    version: str
    as_of: date
    months: list[dict[str, Any]]
    towns: list[dict[str, Any]]
    severities: dict[str, int]
    overlap: list[dict[str, Any]]
    precision: Share
    recall: Share
    compared_with: str
    days_an_alert: Decimal
    against: dict[str, int] = field(default_factory=dict)

    @property
    def findings(self) -> int:
        """Subjects and months found."""
        return sum(month["found"] for month in self.months)

    @property
    def alerts(self) -> int:
        """Distinct alerts."""
        return sum(town["alerts"] for town in self.towns)

    @property
    def officer_days(self) -> Decimal:
        """Days of officers' work for every alert raised."""
        return self.days_an_alert * sum(month["raised"] for month in self.months)


def backtest(workbench: Workbench, rule_id: str, draft: Draft | None = None, compared_with: str = "") -> Figures:
    """Run a standing rule, or a draft, over the workbench's months; recall is told against ``compared_with``.

    Raises NoSuchRuleError where the number stands for no rule with a model, and the engine's own error where a
    draft's SQL cannot run.
    """
    if draft is not None:
        _run_draft(workbench, draft)
    connection = workbench.connection
    found = rows(connection, _RULE, [rule_id])
    if not found or (draft is None and not _has_model(workbench, rule_id)):
        raise NoSuchRuleError(f"没有规则 {rule_id}，或它还没有模型", f"no rule {rule_id}, or none with a model")
    rule, compared_with = found[0], compared_with or rule_id
    connection.execute(f"create or replace temp table tested_finding as {_FINDINGS}", [rule_id])
    connection.execute(f"create or replace temp table tested_episode as {_EPISODES}", [rule_id])
    connection.execute(f"create or replace temp table answered as {_ANSWERED}")
    return Figures(
        rule_id=rule_id,
        title=rule["title_zh"],
        direction=rule["direction"],
        is_draft=draft is not None,
        version=workbench.version,
        as_of=connection.execute("select max(month) from intermediate.int_months").fetchall()[0][0],
        months=rows(connection, _MONTHS, [rule_id]),
        towns=rows(connection, _TOWNS),
        severities={row["severity"]: row["alerts"] for row in rows(connection, _SEVERITIES)},
        overlap=rows(connection, _OVERLAP, [rule_id]),
        precision=_share(workbench, _PRECISION),
        recall=_share(workbench, _RECALL, compared_with),
        compared_with=compared_with,
        days_an_alert=rows(connection, _DAYS, [rule["verifier"]])[0]["days"] or Decimal(0),
        against=rows(connection, _STANDING, [rule_id])[0] if draft is not None else {},
    )


def _run_draft(workbench: Workbench, draft: Draft) -> None:
    """Let the draft be the only rule between the catalogue and the alerts."""
    columns = {
        row["column_name"]: row["column_type"]
        for row in rows(workbench.connection, "describe built.seeds.rule_catalogue")
    }
    cells = ", ".join(f"cast(nullif(?, '') as {kind}) as {column}" for column, kind in columns.items())
    values = [draft.catalogue_row.get(column, "") for column in columns]
    workbench.replace("seeds.rule_catalogue", _CATALOGUE.format(row=cells), [draft.rule_id, *values])
    for model in (*ALERT_MODELS[:3], draft.model, *ALERT_MODELS[3:]):
        workbench.replace(f"intermediate.{model}", draft.sql[model])


def _has_model(workbench: Workbench, rule_id: str) -> bool:
    known = "select count(*) as models from monitoring.dim_rule where is_implemented and rule_id = ?"
    return bool(rows(workbench.connection, known, [rule_id])[0]["models"])


def _share(workbench: Workbench, sql: str, *parameters: str) -> Share:
    (row,) = rows(workbench.connection, sql, parameters)
    return Share(row["right_ones"], row["answered_ones"])
