"""Sending alerts out: what a month's lists carry is dispatched, once an episode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from include.cases.states import Found, next_state, state_of
from include.journal.entries import ALERT_STEP, SYSTEM, Entry, Written, append, of_alerts
from include.journal.schema import engine, writing
from include.settings import Settings

ACCOUNT = "system"


def dispatch(settings: Settings, listed: Mapping[str, int], month: str) -> int:
    """Note that alerts (number to episode) stand in the lists of a month; returns how many were not sent out before."""
    with writing(engine(settings)) as connection:
        steps = of_alerts(connection, listed)
        fresh = []
        for alert_no, episode in listed.items():
            state = state_of(Found("open", episode), steps.get(alert_no, []))
            if state in ("open", "reopened"):
                fresh.append(
                    Entry(
                        entry_id=f"dispatch|{alert_no}|{episode}|{len(steps.get(alert_no, []))}",
                        kind=ALERT_STEP,
                        event="dispatch",
                        account=ACCOUNT,
                        role=SYSTEM,
                        alert_no=alert_no,
                        state=next_state("dispatch", state, SYSTEM, {}),
                        detail={"episode": episode, "month": month},
                    )
                )
        return len(append(connection, fresh))


def sent_out(settings: Settings, alert_nos: Iterable[str]) -> set[str]:
    """Those of some alerts that have ever been dispatched: somebody has them in hand, or on paper."""
    with engine(settings).connect() as connection:
        steps = of_alerts(connection, alert_nos)
    return {alert_no for alert_no, taken in steps.items() if was_sent_out(taken)}


def was_sent_out(steps: Iterable[Written]) -> bool:
    """Whether an alert with these steps was ever dispatched."""
    return any(step.entry.event == "dispatch" for step in steps)
