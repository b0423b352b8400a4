"""Rules that flood: so many new alerts in one month that a source is likelier wrong than so many people.

Their new alerts go to the district alone until somebody there has looked; no village is sent to hundreds of doors for
what may be one bad file.
"""

from __future__ import annotations

import duckdb

from include.periods import Month

#: A rule floods with more than this many new alerts, and more than this many times its most in the months before.
LEAST, MULTIPLE, MONTHS_BEFORE, LEAST_HISTORY = 30, 3, 6, 3
# The first month of all holds what had gathered before anybody looked; it is no measure.
_FLOODING = """
with found as (
    select rule_id, first_month, count(*) as alerts from monitoring.fct_alert where quiet_reason is null group by all
), began as (
    select min(month) as month from monitoring.fct_rule_evaluation where status = 'evaluated'
), month_before as (
    select distinct evaluation.month
    from monitoring.fct_rule_evaluation as evaluation
    cross join began
    where evaluation.month < $1 and evaluation.month >= $1 - to_months($2) and evaluation.month > began.month
)
select now.rule_id
from found as now
where now.first_month = $1 and now.alerts > $3 and (select count(*) from month_before) >= $5
    and now.alerts > $4 * coalesce((
        select max(earlier.alerts) from found as earlier
        where earlier.rule_id = now.rule_id and earlier.first_month in (select month from month_before)
    ), 0)
"""


def flooding_rules(marts: duckdb.DuckDBPyConnection, month: Month) -> frozenset[str]:
    """The rules whose alerts that are new in the month are for the district alone."""
    values = [month.first, MONTHS_BEFORE, LEAST, MULTIPLE, LEAST_HISTORY]
    return frozenset(rule_id for (rule_id,) in marts.execute(_FLOODING, values).fetchall())
