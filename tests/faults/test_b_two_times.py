"""What was recorded of a death and what came after: nothing but proposals to look, and a recall when it is revoked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from include import runs
from include.alerts import change_lists, worklists
from include.settings import Settings
from include.warehouse.build import build
from include.warehouse.ledger import COMPLETE_PERIOD
from include.warehouse.publication import open_pair
from include.warehouse.publish import publish
from tests.scenarios.people import with_check_digit
from tests.warehouse.small_landing import REGIONS, Landing, person_key

ALLOWANCE, PAYMENT = "civil_affairs.elder_allowance", "civil_affairs.payment"
CREMATION, POPULATION = "civil_affairs.cremation", "public_security.population"
BORN = date(1938, 4, 12)
IMPOSSIBLE, PAID_AFTER, REVOKED = (with_check_digit(f"32062519380412{serial:03d}") for serial in (41, 43, 45))
NAMES = {IMPOSSIBLE: "殷早年", PAID_AFTER: "殷照付", REVOKED: "殷健在"}


@dataclass(frozen=True)
class Months:
    """Two publications of one home: in the first everybody is recorded as dead, in the second one no longer is."""

    settings: Settings
    first: list[tuple[Any, ...]]
    second: list[tuple[Any, ...]]
    changes: dict[str, Any]

    def of(self, id_no: str, alerts: list[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        """Somebody's alerts by rule."""
        key = person_key(self.settings, id_no)
        return {rule: rest for person, rule, *rest in alerts if person == key}


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Months:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    landing = Landing(settings)
    landing.deliver("civil_affairs.region", "202101", REGIONS)
    landing.deliver(CREMATION, "202101", [
        {"record_no": "1", "name": NAMES[IMPOSSIBLE], "id_no": IMPOSSIBLE, "died_on": date(1937, 1, 1)},
        {"record_no": "2", "name": NAMES[PAID_AFTER], "id_no": PAID_AFTER, "died_on": date(2020, 12, 5)},
    ])  # fmt: skip
    dead = {"status": "死亡注销", "status_on": date(2020, 12, 20)}
    landing.deliver(POPULATION, "202101", [_registered(id_no, dead if id_no == REVOKED else {}) for id_no in NAMES])
    _deliver_month(landing, "202101")
    first = _publish(settings, "202101", 1)
    landing.deliver(POPULATION, "202102", [_registered(REVOKED, {})])
    _deliver_month(landing, "202102")
    second = _publish(settings, "202102", 2)
    return Months(settings, first, second, runs.read(settings, "run-2", "changes"))


def _registered(id_no: str, columns: dict[str, Any]) -> dict[str, Any]:
    return {"name": NAMES[id_no], "id_no": id_no, "birth_date": BORN, **columns}


def _deliver_month(landing: Landing, period: str) -> None:
    month = f"{period[:4]}-{period[4:]}"
    for dataset in COMPLETE_PERIOD:
        if dataset not in (ALLOWANCE, PAYMENT):
            landing.deliver(dataset, period, [])
    landing.deliver(ALLOWANCE, period, [{"name": name, "id_no": id_no} for id_no, name in NAMES.items()])
    landing.deliver(PAYMENT, period, [
        {"payment_no": f"{period}{place}", "name": name, "id_no": id_no, "benefit_month": month, "paid_month": month}
        for place, (id_no, name) in enumerate(NAMES.items())
    ])  # fmt: skip


def _publish(settings: Settings, month: str, number: int) -> list[tuple[Any, ...]]:
    run_id = f"run-{number}"
    runs.begin(settings, run_id)
    assert build(replace(settings, as_of=month), run_id).status == "built"
    runs.write(settings, run_id, "checks_gx", [])
    runs.write(settings, run_id, "gate", {"verdict": "green"})
    publish(settings, run_id)
    change_lists.write(settings, run_id)
    worklists.write(settings, run_id)
    pair = open_pair(settings)
    try:
        return pair.execute(
            "select person_key, rule_id, state, evidence, proposed_action from monitoring.fct_alert "
            "where rule_id in ('E01', 'P09')"
        ).fetchall()
    finally:
        pair.close()


def test_b32_a_death_before_birth_raises_nothing_but_a_request_to_verify(months: Months) -> None:
    alerts = months.of(IMPOSSIBLE, months.first)
    assert set(alerts) == {"E01", "P09"}
    assert all(state == "open" and "死亡日期早于出生日期" in evidence for state, evidence, _ in alerts.values())
    others = months.of(PAID_AFTER, months.first).values()
    assert not any("死亡日期早于出生日期" in evidence for _, evidence, _ in others)


def test_b32_a_payment_after_death_is_shown_and_stops_nothing(months: Months) -> None:
    assert {rule: state for rule, (state, *_) in months.of(PAID_AFTER, months.second).items()} == {
        "E01": "open",
        "P09": "open",
    }
    pair = open_pair(months.settings)
    paid = pair.execute("select person_key, holds, paid_amount from core.fct_enrolment_month").fetchall()
    pair.close()
    assert {row[1:] for row in paid if row[0] == person_key(months.settings, PAID_AFTER)} == {(True, 50)}
    assert len(paid) == 2 * len(NAMES)


def test_b32_a_revoked_death_recalls_what_was_raised_on_it(months: Months) -> None:
    assert {rule: state for rule, (state, *_) in months.of(REVOKED, months.first).items()} == {
        "E01": "open",
        "P09": "open",
    }
    assert {rule: state for rule, (state, *_) in months.of(REVOKED, months.second).items()} == {
        "E01": "recalled",
        "P09": "recalled",
    }


def test_b32_the_district_reads_that_it_was_recalled_and_no_list_bears_it_any_more(months: Months) -> None:
    sheet = openpyxl.load_workbook(months.changes["file"])["预警"]
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert [NAMES[REVOKED] in row and "撤回" in row for row in rows] == [True, True]
    village = next((months.settings.outbox / "worklists" / "202102").rglob("叠石桥村.xlsx"))
    listed = "".join(str(cell) for row in openpyxl.load_workbook(village).worksheets[0].values for cell in row)
    assert NAMES[REVOKED] not in listed
    assert NAMES[PAID_AFTER] in listed
