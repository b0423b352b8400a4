"""The rules in SQL and the same rules in plain Python, over one random district: the same alerts, to the last word."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from include import ingest, runs
from include.contracts import load_contract
from include.ingest.landing import read_ledger
from include.settings import Settings
from include.warehouse import engine
from include.warehouse.build import build
from tests.oracle.district import FIRST, Delivered, Row
from tests.oracle.reference import Alone, compare_with_models
from tests.oracle.rules import RULES, Alert, alerts
from tests.oracle.settle import settle
from tests.oracle.words import District
from tests.scenarios.district import REGION, regions

SEED = 2

_FOUND = """
select
    alert.rule_id, alert.programme, alert.subject_type,
    case alert.subject_type when 'person' then person.id_no when 'household' then household.household_no else '' end,
    evidence.event_key, strftime(alert.first_month, '%Y-%m'), strftime(alert.last_month, '%Y-%m'),
    alert.episode_count, alert.severity, alert.state
from wh.monitoring.fct_alert as alert
inner join wh.restricted.alert_evidence as evidence on alert.alert_no = evidence.alert_no
left join wh.intermediate.int_person as person on alert.person_key = person.person_key
left join wh.restricted.household_identity as household on alert.household_key = household.household_key
"""
_ACCOUNTS = "select distinct account_key, account_no from wh.staging.stg_civil_affairs__payment"


@dataclass(frozen=True)
class Compared:
    """What the oracle and the warehouse find in a district, and what only the models find, or only a short reading."""

    expected: set[Alert]
    found: set[Alert]
    rules_read_shortly: set[str]
    alone: list[Alone]


def compare(seed: int, home: Path) -> Compared:
    """The district of a seed, read by the models, by the oracle and twice shortly."""
    came = settle(seed)
    settings = Settings(home=home)
    run_id = take_in(came, settings)
    _leave_out_what_is_held(came, settings)
    built = build(settings, run_id)
    with engine.connect(settings) as connection:
        engine.attach_warehouse(connection, settings, built.file, read_only=True)
        accounts = dict(connection.execute(_ACCOUNTS).fetchall())
        numbers = dict(connection.execute("select person_key, id_no from wh.intermediate.int_person").fetchall())
        said = accounts | _deliveries(settings)
        found = {_by_numbers(row, numbers, said) for row in connection.execute(_FOUND).fetchall()}
    return Compared(alerts(District(came)), found, *compare_with_models(settings, built.file))


def take_in(came: Delivered, settings: Settings) -> str:
    """Take in what the district delivers, then its corrections; returns the run."""
    run_id = runs.new_run_id()
    runs.begin(settings, run_id)
    for corrected in (False, True):
        _write_all(came, settings.inbox, corrected)
        for department in ingest.departments():
            ingest.take_in(settings, department, run_id)
    return run_id


def _leave_out_what_is_held(came: Delivered, settings: Settings) -> None:
    """What jumps waits for a person and stands in no month; where a correction waits, the wrong rows stand."""
    came_in: dict[tuple[str, str, str], list[str]] = {}
    for entry in read_ledger(settings):
        came_in.setdefault((entry["dataset"], entry["part"], entry["period"]), []).append(entry["status"])
    wrong = {(dataset, part, month): rows for dataset, part, month, rows in came.corrected}
    for dataset, deliveries in came.snapshots.items():
        for part, month in list(deliveries):
            statuses = came_in[dataset, part, _month(month)]
            if "accepted" not in statuses:
                del deliveries[part, month]
            elif statuses[-1] == "held":
                deliveries[part, month] = wrong[dataset, part, month]


def _deliveries(settings: Settings) -> dict[str, str]:
    """What each delivery is of, by its id."""
    return {
        entry["delivery_id"]: f"{entry['dataset']}|{entry['part']}|{entry['period'][:4]}-{entry['period'][4:]}-01"
        for entry in read_ledger(settings)
    }


def _by_numbers(alert: Alert, numbers: dict[str, str], said: dict[str, str]) -> Alert:
    """A finding about two people names them in the order of their keys, one about an account or a delivery its key."""
    if alert[0] in ("P12", "D01", "D12"):
        key, *more = alert[4].split("|")
        return (*alert[:4], "|".join([said[key], *more]), *alert[5:])
    if alert[0] != "D04":
        return alert
    pair = sorted(numbers[key] for key in alert[4].split("|"))
    return (*alert[:3], pair[0], "|".join(pair), *alert[5:])


def _write_all(came: Delivered, inbox: Path, corrected: bool) -> None:
    replaced = {(dataset, part, month): rows for dataset, part, month, rows in came.corrected}
    for dataset, deliveries in came.snapshots.items():
        for (part, month), rows in deliveries.items():
            wrong = replaced.get((dataset, part, month))
            if not corrected:
                _write(inbox, dataset, month, part, rows if wrong is None else wrong)
            elif wrong is not None:
                _write(inbox, dataset, month, part, rows)
    if corrected:
        return
    _write(inbox, REGION, FIRST, "", list(regions()))
    for dataset, facts in came.facts.items():
        for month in range(FIRST, FIRST + 6):
            _write(inbox, dataset, month, "", [row for period, row in facts if period == month])


def _write(inbox: Path, dataset: str, month: int, part: str, rows: list[Row]) -> None:
    contract = load_contract(dataset)
    folder = inbox / contract.department / contract.short_name
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(column.header for column in contract.columns.values())
    for row in rows:
        table.writerow(_cell(row.get(name), column.type) for name, column in contract.columns.items())
    stem = f"{contract.short_name}_{_month(month)}" + (f"_{part}" if part else "")
    path = folder / f"{stem}.csv"
    path.write_bytes(text.getvalue().encode(contract.encoding))
    path.with_name(path.name + ".done").touch()


def _month(month: int) -> str:
    return f"{month // 12:04d}{month % 12 + 1:02d}"


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "month":
        return _month(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def hidden(alert: Alert) -> str:
    """An alert as a line that reads well."""
    return " ".join(re.sub(r"\s+", "", str(word)) for word in alert)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    return compare(SEED, tmp_path_factory.mktemp("oracle"))


def test_both_readings_find_the_same(compared: Compared) -> None:
    expected, found = compared.expected, compared.found
    assert {alert[0] for alert in expected} == set(RULES), "a rule of which the district shows nothing"
    assert sorted(map(hidden, expected - found)) == []
    assert sorted(map(hidden, found - expected)) == []


def test_the_short_readings_find_whom_the_models_find(compared: Compared) -> None:
    assert compared.rules_read_shortly == set(RULES)
    assert compared.alone == []
