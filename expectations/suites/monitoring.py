"""Alerts, what was evaluated, the catalogue, and the monitoring marts."""

from __future__ import annotations

from expectations.suites.core import within_window
from expectations.suites.values import (
    ALERT_STATES,
    CATALOGUE_SIZE,
    DIRECTIONS,
    EVALUATION_STATES,
    MATCH_GRADES,
    PROGRAMMES,
    SEVERITIES,
    SUBJECT_TYPES,
)
from expectations.vocabulary import (
    WARNING,
    Suite,
    at_least,
    belongs_to,
    in_set,
    no_rows,
    not_null,
    rows_at_least,
    table_suite,
    unique,
)

PERSON_MARTS = (
    "mart_disability_subsidy_monitoring",
    "mart_elder_allowance_monitoring",
    "mart_child_monitoring",
    "mart_uncovered_monitoring",
)


def suites() -> list[Suite]:
    """The suites of schema ``monitoring``."""
    return [
        _catalogue(),
        _evaluation(),
        _alert(),
        _alert_event(),
        _by_month("mart_low_income_monitoring"),
        *(_by_month(mart, "person_key") for mart in PERSON_MARTS),
    ]


def _catalogue() -> Suite:
    return table_suite(
        "monitoring.dim_rule",
        rows_at_least(CATALOGUE_SIZE),
        not_null("rule_id", "title_zh", "title_en", "owner", "legal_basis", "sla_first_days", "sla_final_days"),
        unique("rule_id"),
        in_set("direction", DIRECTIONS),
        in_set("severity", SEVERITIES),
    )


def _evaluation() -> Suite:
    return table_suite(
        "monitoring.fct_rule_evaluation",
        rows_at_least(1),
        not_null("rule_id", "month", "status", "population", "findings"),
        unique("rule_id", "month"),
        in_set("status", EVALUATION_STATES),
        belongs_to("rule_id", "monitoring.dim_rule", "rule_id"),
        at_least("population", 0),
        at_least("findings", 0),
        within_window("month"),
        no_rows(
            "every_rule_every_month",
            "select dim_rule.rule_id, months.month from wh.monitoring.dim_rule as dim_rule "
            "cross join wh.intermediate.int_months as months "
            "where dim_rule.is_implemented and not exists (select 1 from {batch} as batch "
            "where batch.rule_id = dim_rule.rule_id and batch.month = months.month)",
            "每条已实现的规则每个月都有评估记录",
            "every implemented rule has a row for every month",
            on_empty=True,
        ),
        no_rows(
            "no_rule_in_error",
            "select rule_id from {batch} where status = 'error'",
            "没有评估出错的规则",
            "no rule ended in an error",
        ),
        no_rows(
            "not_evaluated_has_a_reason",
            "select rule_id from {batch} where status = 'not_evaluated' and coalesce(reason, '') = ''",
            "未评估的都写明原因",
            "what was not evaluated says why",
        ),
        no_rows(
            "not_evaluated_finds_nothing",
            "select rule_id from {batch} where status <> 'evaluated' and findings <> 0",
            "未评估的月份没有发现",
            "a month that was not evaluated has no findings",
        ),
    )


def _alert() -> Suite:
    return table_suite(
        "monitoring.fct_alert",
        not_null(
            "alert_no",
            "rule_id",
            "direction",
            "subject_type",
            "severity",
            "state",
            "event_key",
            "first_month",
            "last_month",
            "detected_on",
            "due_on",
            "evidence",
            "proposed_action",
        ),
        unique("alert_no"),
        in_set("direction", DIRECTIONS),
        in_set("subject_type", SUBJECT_TYPES),
        in_set("severity", SEVERITIES),
        in_set("state", ALERT_STATES),
        in_set("match_grade", MATCH_GRADES),
        in_set("programme", ("", *PROGRAMMES)),
        at_least("amount_at_risk", 0),
        at_least("episode_count", 1),
        within_window("first_month"),
        within_window("last_month"),
        belongs_to("rule_id", "monitoring.dim_rule", "rule_id"),
        belongs_to("person_key", "core.dim_person", "person_key"),
        belongs_to("town_code", "core.dim_region", "region_code"),
        belongs_to("village_code", "core.dim_region", "region_code"),
        no_rows(
            "months_and_days_in_order",
            "select alert_no from {batch} where last_month < first_month or due_on < detected_on",
            "首月不晚于末月，截止日不早于发现日",
            "first month before last month, deadline after detection",
        ),
        no_rows(
            "subject_has_its_key",
            "select alert_no from {batch} where (subject_type = 'person' and person_key is null) "
            "or (subject_type = 'household' and household_key is null and person_key is null) "
            "or (subject_type in ('payment', 'delivery') and (person_key is not null or household_key is not null))",
            "预警对象与其主键相符",
            "the subject's key is there, and only the subject's",
        ),
        no_rows(
            "evidence_is_json",
            "select alert_no from {batch} where not json_valid(evidence)",
            "依据是可读的 JSON",
            "the evidence is valid JSON",
        ),
        no_rows(
            "open_until_the_newest_month",
            "select batch.alert_no from {batch} as batch where batch.state = 'open' and batch.last_month < ("
            "select min(newest.month) from (select max(month) as month from wh.monitoring.fct_rule_evaluation "
            "where status = 'evaluated' and rule_id = batch.rule_id) as newest) "
            "and batch.programme = ''",
            "未结预警持续到最近一次评估",
            "an open alert lasts until the newest evaluation",
            severity=WARNING,
        ),
    )


def _alert_event() -> Suite:
    return table_suite(
        "monitoring.fct_alert_event",
        not_null("alert_no", "event", "at", "by_role"),
        belongs_to("alert_no", "monitoring.fct_alert", "alert_no"),
    )


def _by_month(mart: str, *keys: str) -> Suite:
    return table_suite(
        f"monitoring.{mart}",
        not_null("month", *keys),
        within_window("month"),
        belongs_to("village_code", "core.dim_region", "region_code"),
    )
