"""Visits to households that the lot drew: to a village a visit without a finding, to the district the month's sample.

What such visits find that no alert had told is what the rules miss (``reporting.rpt_recall_monthly``).
"""

from __future__ import annotations

import duckdb

from include.alerts.evidence import in_words
from include.alerts.open_alerts import OpenAlert, RuleWords
from include.periods import Month
from include.warehouse.workbench import rows

RULE_ID = "V00"
WORDS = RuleWords(
    RULE_ID,
    "入户走访",
    "到户了解家庭人口、就业、收入、财产、健康和照料情况，与登记的核对。",
    "《社会救助暂行办法》第十三条",
    "与登记一致的，核查结论填“不属实”；有未报变化的填“属实”或“部分属实”，并在备注写明。",
)
#: A visit in the columns of an alert; asked of a publication's pair with a month.
VISITS = f"""
select
    visit.visit_no as alert_no, '{RULE_ID}' as rule_id, '{WORDS.title}' as title, '{WORDS.words}' as explanation,
    '{WORDS.clears}' as clears, '{WORDS.legal_basis}' as legal_basis, 10 as sla_first_days,
    'cover' as direction, 'household' as subject_type, '' as programme, 'low' as severity,
    'open' as found_state, 1 as episode, visit.month as first_month, visit.month as last_month,
    (select cast(max(received_at) + interval 8 hour as date) from quality.fct_delivery) as detected_on,
    null::date as due_on, 0::decimal(18, 2) as amount_at_risk, '' as match_grade,
    '有未报变化的写明，按规定办理' as proposed_action, null::varchar as quiet_reason,
    null::varchar as spoken_for_by, null::varchar as repeats,
    null::varchar as person_key, visit.household_key,
    '{{"事实": "了解家庭情况有无变化"}}' as evidence, null::varchar as full_evidence,
    false as is_district_only, visit.town_code, coalesce(visit.village_code, '') as village_code,
    coalesce(town.name, '') as town, coalesce(village.name, '') as village,
    coalesce(household.head_name, '') as name, coalesce(household.household_no, '') as household_no, visit.finding
from monitoring.fct_sample_visit as visit
left join identity.restricted.household_identity as household on household.household_key = visit.household_key
left join core.dim_region as town on town.region_code = visit.town_code
left join core.dim_region as village on village.region_code = visit.village_code
where visit.month = ?
order by visit.visit_no
"""


def unanswered_visits(pair: duckdb.DuckDBPyConnection, month: Month) -> list[OpenAlert]:
    """The month's visits that nobody has answered yet, as lines of a list."""
    return [
        OpenAlert(
            alert_no=visit["alert_no"],
            rule_id=RULE_ID,
            rule_title=visit["title"],
            direction=visit["direction"],
            programme="",
            severity=visit["severity"],
            due_on=None,
            proposed_action=visit["proposed_action"],
            evidence=in_words(visit["evidence"], None),
            is_for_district=False,
            held_because="",
            name=visit["name"],
            number_end="",
            household="\n".join(part for part in (visit["name"], visit["household_no"]) if part),
            group=visit["household_key"],
            town_code=visit["town_code"],
            village_code=visit["village_code"],
            town_name=visit["town"],
            village_name=visit["village"],
            episode=1,
            repeats="",
        )
        for visit in rows(pair, VISITS, [month.first])
        if visit["finding"] is None
    ]
