"""Taking a step of an alert: allowed or refused by its state, written once, and never over somebody else's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from include.cases.states import Found, next_state, state_of
from include.journal.entries import ALERT_STEP, Entry, Written, append, of_alerts
from include.journal.schema import engine, writing
from include.privacy import DoudiError
from include.settings import Settings


@dataclass(frozen=True)
class Wanted:
    """A step that somebody wants to take.

    ``entry_id`` is made by whoever asks, so that asking twice is one step. ``seen`` is the sequence of the last step
    that they saw (0: none); without it the newest state counts, whoever made it.
    """

    alert_no: str
    found: Found
    event: str
    account: str
    role: str
    entry_id: str
    detail: dict[str, Any] = field(default_factory=dict)
    seen: int | None = None


class StaleCaseError(DoudiError):
    """Somebody else took a step meanwhile; ``since`` are the steps that were not seen."""

    def __init__(self, since: Sequence[Written]) -> None:
        self.since = list(since)
        super().__init__("这条预警刚刚有了新的处理，请先看过再办理", "the case changed since it was looked at")


def take(settings: Settings, wanted: Wanted) -> Written:
    """Take one step.

    Returns the entry as it stands, also where it was taken before.

    Raises:
        ForbiddenStepError: the state or the role does not allow it, or something that it asks for is missing.
        StaleCaseError: the case is not any more what was looked at.
    """
    with writing(engine(settings)) as connection:
        steps = of_alerts(connection, [wanted.alert_no]).get(wanted.alert_no, [])
        for step in steps:
            if step.entry.entry_id == wanted.entry_id:
                return step
        newest = steps[-1].sequence if steps else 0
        if wanted.seen is not None and wanted.seen != newest:
            raise StaleCaseError([step for step in steps if step.sequence > wanted.seen])
        return append(connection, [_entry(wanted, steps)])[0]


def take_all(settings: Settings, wanted: Iterable[Wanted]) -> int:
    """Take steps of many alerts at once, one each; a forbidden one fails them all. Returns how many are new."""
    wanted = list(wanted)
    with writing(engine(settings)) as connection:
        steps = of_alerts(connection, [one.alert_no for one in wanted])
        return len(append(connection, [_entry(one, steps.get(one.alert_no, [])) for one in wanted]))


def _entry(wanted: Wanted, steps: list[Written]) -> Entry:
    state = next_state(wanted.event, state_of(wanted.found, steps), wanted.role, wanted.detail)
    return Entry(
        entry_id=wanted.entry_id,
        kind=ALERT_STEP,
        event=wanted.event,
        account=wanted.account,
        role=wanted.role,
        alert_no=wanted.alert_no,
        state=state,
        detail={**wanted.detail, "episode": wanted.found.episode},
    )
