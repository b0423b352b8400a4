"""Alerts of which a month's publication says that they no longer hold, so that whoever has them on paper is told."""

from __future__ import annotations

import duckdb

from include.periods import Month

_RECALLED = """
select event.alert_no
from monitoring.fct_alert_event as event
inner join monitoring.fct_alert as alert on alert.alert_no = event.alert_no
where alert.state = 'recalled' and event.event = 'recalled' and json_extract_string(event.detail, '$."月份"') = ?
"""


def recalled_in(pair: duckdb.DuckDBPyConnection, month: Month) -> frozenset[str]:
    """The numbers of the alerts that were recalled while a month was monitored."""
    return frozenset(alert_no for (alert_no,) in pair.execute(_RECALLED, [f"{month.first:%Y-%m}"]).fetchall())
