"""Sources that flood: so many new alerts of a rule by one source that the source is likelier wrong than so many people.

They go to the district alone until it lets the rule go (``python -m include release``) or the source is corrected; no
village is sent to hundreds of doors for what may be one bad file, and engineers are told (``include.notify``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from include.periods import Month
from include.warehouse.workbench import rows

#: A source floods with more than this many new alerts of a rule, and more than this many times their most in the months
#: before.
LEAST, MULTIPLE, MONTHS_BEFORE, LEAST_HISTORY = 30, 3, 6, 3
# The evidence names an alert's sources; where it names none, the rule stands for them. The first month of all holds
# what had gathered before anybody looked; it is no measure.
_FLOODED = """
with sourced as (
    select alert_no, rule_id, first_month as month,
        unnest(string_split(coalesce(evidence ->> '$."来源"', ''), '、')) as source
    from monitoring.fct_alert where quiet_reason is null
), found as (
    select rule_id, source, month, count(distinct alert_no) as alerts from sourced group by all
), began as (
    select min(month) as month from monitoring.fct_rule_evaluation where status = 'evaluated'
), measured as (
    select distinct evaluation.month
    from monitoring.fct_rule_evaluation as evaluation cross join began
    where evaluation.month > began.month
), measure as (
    select now.rule_id, now.source, now.month, count(*) as months, max(coalesce(earlier.alerts, 0)) as most
    from found as now
    inner join measured on measured.month < now.month and measured.month >= now.month - to_months($2)
    left join found as earlier
        on earlier.rule_id = now.rule_id and earlier.source = now.source and earlier.month = measured.month
    group by all
)
select sourced.rule_id, sourced.source, sourced.month, sourced.alert_no
from sourced
inner join found using (rule_id, source, month)
inner join measure using (rule_id, source, month)
where month <= $1 and found.alerts > $3 and measure.months >= $5 and found.alerts > $4 * measure.most
    and rule_id not in (select rule_id from monitoring.fct_rule_standing where released_until is not null)
order by all
"""


@dataclass
class Flood:
    """A rule and a source that brought too many new alerts in a month, and their numbers."""

    rule_id: str
    source: str
    month: Month
    alert_nos: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The rule and the source."""
        return f"{self.rule_id} {self.source}".strip()


def floods_of(marts: duckdb.DuckDBPyConnection, month: Month) -> list[Flood]:
    """The floods of the month and those before it that nobody has let go, by rule and source."""
    floods: dict[tuple[object, ...], Flood] = {}
    for row in rows(marts, _FLOODED, [month.first, MONTHS_BEFORE, LEAST, MULTIPLE, LEAST_HISTORY]):
        key = row["rule_id"], row["source"], Month.of(row["month"])
        floods.setdefault(key, Flood(*key)).alert_nos.append(row["alert_no"])
    return list(floods.values())


def flooded(floods: list[Flood]) -> frozenset[str]:
    """The numbers of all alerts that some floods brought."""
    return frozenset(alert_no for flood in floods for alert_no in flood.alert_nos)
