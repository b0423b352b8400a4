"""Alerts that villages are not sent to for now: the district looks first, at what floods and at what is seldom true."""

from __future__ import annotations

import duckdb

FLOOD, DOUBT = "flood", "doubt"
HELD_ZH = {
    FLOOD: "新预警激增，疑为来源有误，先由区级核实。",
    DOUBT: "该规则近期属实率低于下限，先由区级核实。",
}
#: The states of an alert that nobody in a village or town has taken in hand.
NOT_IN_HAND = ("open", "dispatched", "reopened")


def rules_in_doubt(marts: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The rules whose answers lately were true less often than their floor allows."""
    found = marts.execute("select rule_id from monitoring.fct_rule_standing where is_in_doubt").fetchall()
    return frozenset(rule_id for (rule_id,) in found)


def held_because(is_flood: bool, is_in_doubt: bool, state: str) -> str:
    """Why an alert is held for the district (a key of ``HELD_ZH``), empty where it is not.

    Doubt about its rule takes no alert out of the hands of somebody who is on the way to the door.
    """
    if is_flood:
        return FLOOD
    return DOUBT if is_in_doubt and state in NOT_IN_HAND else ""
