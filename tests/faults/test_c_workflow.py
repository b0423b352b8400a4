"""Faults C of cases: what was closed by mistake, who speaks for whom, months of the past, and protected children."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from include import runs
from include.alerts import worklists
from include.alerts.open_alerts import SEALED_PROGRAMMES, SEVERITIES, Region, _alert, is_sealed
from include.alerts.worklists import _Lists
from include.cases.case import Wanted, take
from include.cases.states import Found
from include.desk.accounts import Account, add_account
from include.desk.board import Alert, Board, Case, _may_see
from include.desk.overview import Figures, overview
from include.desk.reading import timeline_of
from include.journal.entries import ALERT_STEP, Written, of_alerts, read
from include.journal.schema import engine
from include.notify.sending import compose
from include.settings import DBT_PROJECT, Settings
from include.warehouse.publish import publish
from tests.small_warehouse import (
    DISTRICT,
    NEIGHBOUR,
    TOWN,
    VILLAGE,
    make_publication,
    make_run,
    make_warehouse,
)

ALERT, LEAD = "E01-0123456789ABCDEF0123", Account("lead_1", "lead", DISTRICT)
TODAY = date(2021, 10, 8)


def _figures(settings: Settings) -> Figures:
    return overview(Board(settings).cases(LEAD), TODAY).total


def test_c45_what_was_closed_by_mistake_is_reopened_with_its_history_and_counts_for_nothing(tmp_path: Path) -> None:
    settings = make_publication(tmp_path)

    def go(**steps: dict[str, str]) -> None:
        for event, said in steps.items():
            name = f"{event}-{len(_steps(settings))}"
            take(settings, Wanted(ALERT, Found("open", 1), event, "lead_1", "lead", name, said))

    go(answer={"finding": "属实", "action": "终止", "amount_recovered": "500.00"}, review={}, close={})
    assert (_figures(settings).answered, _figures(settings).true, _figures(settings).recovered) == (1, 1, 500)
    before = _steps(settings)
    go(reopen={"reason": "家属提出异议"})
    assert _steps(settings)[:-1] == before
    assert (_figures(settings).answered, _figures(settings).recovered) == (0, 0)
    go(answer={"finding": "不属实", "action": "维持"}, review={}, close={})
    assert (_figures(settings).answered, _figures(settings).true, _figures(settings).recovered) == (1, 0, 0)


def _steps(settings: Settings) -> list[Any]:
    with engine(settings).connect() as connection:
        return of_alerts(connection, [ALERT])[ALERT]


@pytest.mark.parametrize(
    ("speakers", "is_refused"),
    [
        ({"A": None}, False),
        ({"A": "B", "B": "C", "C": "D", "D": None}, False),
        ({"A": "A"}, True),
        ({"A": "B", "B": "A"}, True),
        ({"A": "B", "B": "C", "C": "D", "D": "B"}, True),
    ],
    ids=["none", "a chain", "itself", "each other", "a circle further on"],
)
def test_c46_alerts_that_speak_for_each_other_in_a_circle_stop_the_publication(
    speakers: dict[str, str | None], is_refused: bool
) -> None:
    check = (DBT_PROJECT / "tests" / "integrity" / "no_alert_is_spoken_for_in_a_circle.sql").read_text("utf-8")
    with duckdb.connect() as connection:
        connection.execute("create table alert (alert_no varchar, spoken_for_by varchar)")
        connection.executemany("insert into alert values (?, ?)", list(speakers.items()))
        found = connection.execute(check.replace("{{ ref('fct_alert') }}", "alert")).fetchall()
    assert bool(found) is is_refused


def test_c48_looking_back_at_past_months_sends_nobody_anything(tmp_path: Path) -> None:
    settings = make_publication(tmp_path)
    add_account(settings, Account("village_1", "village", VILLAGE, "json://127.0.0.1:9/hook"), "correct horse", "test")
    with engine(settings).connect() as connection:
        before = _all_steps(connection)
        sent_out = set(of_alerts(connection, [ALERT, "C05-0123456789ABCDEF0126"]))
    assert sent_out == {ALERT}, "what the past months had found and cleared is not sent out"
    again = "update wh.monitoring.fct_alert set state = 'open' where state = 'cleared'"
    for number, month in enumerate(("202108", "202109"), start=1):
        run_id, version = f"20211106T080000Z-bbb{number}", f"{month}_20211106T08000{number}Z_00000{number}"
        make_warehouse(settings, version, again)
        make_run(settings, run_id, version, is_replay=True)
        runs.write(settings, run_id, "gate", {"verdict": "green"})
        publish(settings, run_id)
        record = worklists.write(settings, run_id)
        assert (record["alerts"] > 0, record["dispatched"]) == (True, 0)
        assert "replay" in record["folder"]
    with engine(settings).connect() as connection:
        assert _all_steps(connection) == before
    assert compose(settings, TODAY) == 1, "the day's own digest and no other"


def _all_steps(connection: Connection) -> list[Written]:
    return [one for one in read(connection) if one.entry.kind == ALERT_STEP]


ROW = {
    "alert_no": "E19-1", "rule_id": "E19", "title": "", "direction": "exit", "programme": None, "severity": "high",
    "due_on": None, "proposed": None, "evidence": None, "full": None, "is_district_only": False, "person_key": "P1",
    "household_key": None, "name": "殷素素", "id_no": None, "head_name": None, "household_no": None, "town_code": TOWN,
    "village_code": VILLAGE, "town_name": "三星镇", "village_name": "叠石桥村", "episode": 1, "repeats": None,
    "state": "open",
}  # fmt: skip
DRAWN = st.fixed_dictionaries({
    "rule_id": st.sampled_from(["E01", "E14", "E18", "E19", "C10"]),
    "programme": st.sampled_from([None, "dibao", "child_in_difficulty", *sorted(SEALED_PROGRAMMES)]),
    "village_code": st.sampled_from([VILLAGE, NEIGHBOUR, ""]),
    "town_name": st.sampled_from(["三星镇", None]),
    "severity": st.sampled_from(list(SEVERITIES)),
    "is_district_only": st.booleans(),
})  # fmt: skip


@given(st.lists(DRAWN, max_size=12))
def test_c50_a_protected_child_is_on_no_list_and_no_page_below_the_district(drawn: list[dict[str, Any]]) -> None:
    found = [ROW | each | {"alert_no": f"{each['rule_id']}-{number}"} for number, each in enumerate(drawn)]
    flood = frozenset(each["alert_no"] for each in found if each["rule_id"] == "C10")
    listed = [_alert(tuple(each.values()), flood, frozenset()) for each in found]
    sealed = {each["alert_no"] for each in found if is_sealed(each["rule_id"], each["programme"])}
    by_village = _Lists._by_village(listed, Region(TOWN, "三星镇", DISTRICT), {VILLAGE, NEIGHBOUR})
    assert sealed.isdisjoint(alert.alert_no for alerts in by_village.values() for alert in alerts)
    assert sealed <= {alert.alert_no for alert in listed if alert.is_for_district}
    seen = {"is_flood": False, "is_in_doubt": False, "found_state": "open"}
    cases = [Case(Alert({**each, **seen, "town": each["town_name"]}), []) for each in found]
    for account in (Account("v", "village", VILLAGE), Account("t", "town", TOWN)):
        assert sealed.isdisjoint(case.alert.alert_no for case in cases if _may_see(account, case))
    assert sealed <= {case.alert.alert_no for case in cases if _may_see(LEAD, case)}


def test_c50_a_child_that_nobody_protects_yet_is_seen_by_its_village() -> None:
    assert [is_sealed(rule_id, "orphan") for rule_id in ("E19", "P03", "C10")] == [True, True, False]


def test_c50_what_a_protected_child_holds_is_on_no_timeline_below_the_district(tmp_path: Path) -> None:
    settings = make_publication(
        tmp_path, "update wh.core.fct_enrolment_month set programme = 'orphan' where person_key = 'P1'"
    )
    board = Board(settings)
    seen = {
        account.role: {bar.name for bar in timeline_of(board, account, "person_key", "P1", []).bars}
        for account in (LEAD, Account("v", "village", VILLAGE))
    }
    assert "在册 孤儿" in seen["lead"]
    assert not [name for name in seen["village"] if "孤儿" in name]
