"""Whatever officers, builds, crashes and clocks do: no step is lost or doubled, no forbidden state is reached, and a
message is handed over once.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import insert

from include.cases.case import StaleCaseError, Wanted, take
from include.cases.dispatch import dispatch
from include.cases.states import STEPS, ForbiddenStepError, Found, possible, state_of
from include.journal.entries import ALERT_STEP, Entry, append, first_broken, of_alerts, read
from include.journal.schema import MESSAGE, engine, writing
from include.notify.sending import MOST_TRIES, send_waiting
from tests.small_warehouse import settings_of

ALERTS = ("E01-A", "E03-B", "C05-C")
ROLES = ("village", "town", "district", "lead", "auditor", "analyst", "system")
#: From which state an alert may go where, as the workflow of the bureau says it (written apart from the code).
MAY_FOLLOW = {
    "open": {"dispatched", "town_reviewed"},
    "dispatched": {"accepted", "town_reviewed", "suspended"},
    "accepted": {"visiting", "town_reviewed", "suspended"},
    "visiting": {"visiting", "town_reviewed", "suspended"},
    "town_reviewed": {"district_reviewed", "returned", "suspended"},
    "district_reviewed": {"decided", "closed", "returned"},
    "decided": {"executed", "closed", "reopened"},
    "executed": {"closed", "reopened"},
    "closed": {"reopened"},
    "returned": {"accepted", "visiting", "town_reviewed", "suspended"},
    "suspended": {"accepted"},
    "reopened": {"dispatched", "accepted", "town_reviewed", "suspended"},
    "cleared": set(),
    "recalled": set(),
}
ONLY_THE_OFFICE = {"review", "decide", "close", "return", "reopen"}
SAID = {
    "finding": "属实", "action": "终止", "reason": "请补照片", "effective_month": "2021-11",
    "until": (datetime.now(UTC) + timedelta(days=20)).date().isoformat(),
}  # fmt: skip


class PowerCutError(Exception):
    """The process dies."""


class AnyCourse(RuleBasedStateMachine):
    """Officers, builds and senders in any order over one journal."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.settings = settings_of(self.home)
        self.found = {alert: Found("open", 1) for alert in ALERTS}
        self.taken: dict[str, list[str]] = defaultdict(list)  # what must stand in the journal, in its order
        self.looked: dict[str, int] = dict.fromkeys(ALERTS, 0)
        self.number = 0
        self.now = datetime(2021, 11, 5, 8, tzinfo=UTC)
        self.handed_over: Counter[str] = Counter()
        self.cut_while_sending: set[str] = set()

    def teardown(self) -> None:
        engine(self.settings).dispose()
        shutil.rmtree(self.home)

    def _steps(self, alert: str) -> list[Entry]:
        with engine(self.settings).connect() as connection:
            return [one.entry for one in of_alerts(connection, [alert]).get(alert, [])]

    def _state(self, alert: str) -> str:
        with engine(self.settings).connect() as connection:
            return state_of(self.found[alert], of_alerts(connection, [alert]).get(alert, []))

    def _wanted(self, alert: str, event: str, role: str, seen: int | None) -> Wanted:
        self.number += 1
        return Wanted(alert, self.found[alert], event, f"{role}.a", role, f"step-{self.number}", dict(SAID), seen)

    @initialize()
    def an_empty_journal(self) -> None:
        with writing(engine(self.settings)):
            pass

    @rule(
        alert=st.sampled_from(ALERTS),
        event=st.sampled_from(sorted(STEPS)),
        role=st.sampled_from(ROLES),
        twice=st.booleans(),
    )
    def somebody_takes_a_step(self, alert: str, event: str, role: str, twice: bool) -> None:
        before, wanted = self._state(alert), self._wanted(alert, event, role, None)
        try:
            done = take(self.settings, wanted)
        except ForbiddenStepError:
            return
        assert done.entry.state in MAY_FOLLOW[before], (before, event, done.entry.state)
        assert event not in ONLY_THE_OFFICE or role in ("district", "lead")
        assert role not in ("auditor", "analyst")
        self.taken[alert].append(wanted.entry_id)
        if twice:
            assert take(self.settings, wanted) == done

    @rule(alert=st.sampled_from(ALERTS), data=st.data())
    def somebody_does_what_is_open_to_them(self, alert: str, data: st.DataObject) -> None:
        before = self._state(alert)
        choices = [(event, role) for role in ROLES for event in possible(before, role)]
        if not choices:
            return
        event, role = data.draw(st.sampled_from(choices))
        wanted = self._wanted(alert, event, role, None)
        assert take(self.settings, wanted).entry.state in MAY_FOLLOW[before], (before, event)
        self.taken[alert].append(wanted.entry_id)

    @rule(alert=st.sampled_from(ALERTS))
    def somebody_looks(self, alert: str) -> None:
        with engine(self.settings).connect() as connection:
            steps = of_alerts(connection, [alert]).get(alert, [])
        self.looked[alert] = steps[-1].sequence if steps else 0

    @rule(alert=st.sampled_from(ALERTS), event=st.sampled_from(sorted(STEPS)), role=st.sampled_from(ROLES))
    def somebody_takes_a_step_of_what_they_looked_at(self, alert: str, event: str, role: str) -> None:
        with engine(self.settings).connect() as connection:
            steps = of_alerts(connection, [alert]).get(alert, [])
        unseen = [step for step in steps if step.sequence > self.looked[alert]]
        wanted = self._wanted(alert, event, role, self.looked[alert])
        if unseen:
            with pytest.raises(StaleCaseError) as stale:
                take(self.settings, wanted)
            assert stale.value.since == unseen
            return
        try:
            take(self.settings, wanted)
        except ForbiddenStepError:
            return
        self.taken[alert].append(wanted.entry_id)

    @rule(alert=st.sampled_from(ALERTS))
    def the_power_goes_while_a_step_is_written(self, alert: str) -> None:
        entry = Entry("lost", ALERT_STEP, "accept", "village.a", "village", alert, "accepted")
        with contextlib.suppress(PowerCutError), writing(engine(self.settings)) as connection:
            append(connection, [entry])
            raise PowerCutError

    @rule(times=st.integers(1, 3))
    def the_month_is_delivered(self, times: int) -> None:
        for time in range(times):
            before = {alert: self._state(alert) for alert in ALERTS}
            listed = {
                alert: self.found[alert].episode for alert in ALERTS
                if self.found[alert].state == "open" and before[alert] in ("open", "reopened", "dispatched")
            }  # fmt: skip
            sent = dispatch(self.settings, listed, "202110")
            expected = [alert for alert in listed if before[alert] in ("open", "reopened")]
            assert sent == len(expected)
            assert time == 0 or sent == 0
            for alert in expected:
                self.taken[alert].append(self._steps(alert)[-1].entry_id)

    @rule(alert=st.sampled_from(ALERTS), to=st.sampled_from(["cleared", "open", "recalled"]))
    def a_build_says_something_else(self, alert: str, to: str) -> None:
        now = self.found[alert]
        returns = to == "open" and now.state == "cleared"
        self.found[alert] = Found(to, now.episode + returns)

    @rule()
    def a_message_is_composed(self) -> None:
        self.number += 1
        row = {"message_id": f"m-{self.number}", "address": "json://127.0.0.1", "subject": "s", "body": "b",
               "made_at": "2021-11-05T08:00:00+00:00", "tries": 0}  # fmt: skip
        with writing(engine(self.settings)) as connection:
            connection.execute(insert(MESSAGE), [row])

    @rule(answers=st.lists(st.sampled_from(["taken", "refused", "power cut"]), max_size=4), minutes=st.integers(0, 15))
    def the_sender_runs(self, answers: list[str], minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

        def send(name: str, address: str, subject: str, body: str) -> bool:
            answer = answers.pop(0) if answers else "taken"
            if answer == "refused":
                return False
            self.handed_over[name] += 1
            if answer == "power cut":
                self.cut_while_sending.add(name)
                raise PowerCutError
            return True

        with contextlib.suppress(PowerCutError):
            send_waiting(self.settings, self.now, send)

    @precondition(lambda self: self.number)
    @rule()
    def the_sender_runs_long_after(self) -> None:
        """Whoever held a message died long ago: everything that was not given up is handed over now."""
        self.now += timedelta(hours=1)
        send_waiting(self.settings, self.now, lambda name, *_: self.handed_over.update([name]) or True)
        with engine(self.settings).connect() as connection:
            waiting = connection.execute(
                MESSAGE.select().where(MESSAGE.c.sent_at.is_(None), MESSAGE.c.tries < MOST_TRIES)
            )
            assert waiting.fetchall() == []

    @invariant()
    def nothing_is_lost_doubled_or_changed(self) -> None:
        with engine(self.settings).connect() as connection:
            assert first_broken(connection) is None
            entries = [one.entry for one in read(connection)]
        for alert in ALERTS:
            assert [entry.entry_id for entry in entries if entry.alert_no == alert] == self.taken[alert]
        assert "lost" not in {entry.entry_id for entry in entries}

    @invariant()
    def a_message_is_handed_over_once_unless_its_sender_died(self) -> None:
        assert {name for name, times in self.handed_over.items() if times > 1} <= self.cut_while_sending

    @invariant()
    def people_never_went_from_one_state_to_a_forbidden_one(self) -> None:
        for alert in ALERTS:
            states = [entry.state or "open" for entry in self._steps(alert)]
            for before, after in pairwise(states):
                # Between two steps the data may have reopened what was over.
                assert after in MAY_FOLLOW[before] | MAY_FOLLOW["reopened"], (before, after)


AnyCourse.TestCase.settings = hypothesis_settings(max_examples=25, stateful_step_count=40, deadline=None)
TestAnyCourse = AnyCourse.TestCase
