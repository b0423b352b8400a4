"""One district, one intake, one build; every scenario reads what came of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from include import demo, ingest, runs
from include.settings import Settings
from include.warehouse import engine
from include.warehouse.build import build
from tests.scenarios.deliveries import write_deliveries
from tests.scenarios.district import District
from tests.scenarios.neighbours import settle_neighbours
from tests.scenarios.stories import load_scenarios

_NUMBER = re.compile(r"\d{17}[0-9X]")
_PERSON_KEY = re.compile(r"P[0-9a-f]{31}")
#: Fixed, so that of two person keys the same one comes first in every run.
_IDENTITY_KEY = "a key that protects nobody"
_ALERTS = """
select
    alert.rule_id, alert.programme, alert.subject_type, person.id_no, household.household_no, evidence.event_key,
    strftime(alert.first_month, '%Y%m') || '..' || strftime(alert.last_month, '%Y%m') as months,
    alert.severity, alert.match_grade, alert.state, alert.episode_count
from wh.monitoring.fct_alert as alert
inner join wh.restricted.alert_evidence as evidence on alert.alert_no = evidence.alert_no
left join wh.intermediate.int_person as person on alert.person_key = person.person_key
left join wh.restricted.household_identity as household on alert.household_key = household.household_key
"""
#: What stands in an event key for something of ours, and what a person would call it.
_NATURAL = """
select account_key, max(account_no) from wh.staging.stg_civil_affairs__payment
where account_key is not null group by account_key
union all
select delivery_id, regexp_replace(source_name, '[.].*', '') from wh.intermediate.int_delivery
"""


@dataclass(frozen=True)
class Outcome:
    """What the pipeline found about whom, and the warehouse to ask further."""

    by_subject: dict[str, list[tuple[Any, ...]]]
    warehouse: Path
    settings: Settings

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query; the warehouse is attached as ``wh``."""
        with engine.connect(self.settings) as connection:
            engine.attach_warehouse(connection, self.settings, self.warehouse, read_only=True)
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def district() -> District:
    """Everybody who lives in the scenarios, and their neighbours."""
    district = District()
    settle_neighbours(district)
    for scenario in load_scenarios():
        district.settle(scenario)
    return district


@pytest.fixture(scope="session")
def outcome(district: District, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The pipeline from inbox to warehouse, run once."""
    settings = Settings(home=tmp_path_factory.mktemp("district"), environment={"IDENTITY_KEY": _IDENTITY_KEY})
    write_deliveries(district, settings.inbox)
    run_id = runs.new_run_id()
    runs.begin(settings, run_id)
    for department in ingest.departments():
        ingest.take_in(settings, department, run_id)
    built = build(settings, run_id)
    found = Outcome(defaultdict(list), built.file, settings)
    names = {person.id_no: name for name, person in district.register.people.items()}
    keys = dict(found.query("select person_key, id_no from wh.intermediate.int_person"))
    natural = dict(found.query(_NATURAL))
    for rule, programme, subject_type, id_no, household_no, event, *rest in found.query(_ALERTS):
        subject = {"household": district.households.get(household_no, household_no), "person": names.get(id_no)}.get(
            subject_type, subject_type
        )
        event = "|".join(natural.get(part, part) for part in event.split("|"))
        event = _PERSON_KEY.sub(lambda match: keys[match[0]], event)
        event = _NUMBER.sub(lambda match: f"{{{names[match[0]]}}}", event)
        found.by_subject[subject].append((rule, programme, subject, event, *rest))
    return found


@dataclass(frozen=True)
class Twin:
    """A hundredth of the demo district, taken in and built."""

    settings: Settings
    warehouse: Path


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Twin:
    """The demo district's deliveries through intake and build, run once."""
    settings = Settings(home=tmp_path_factory.mktemp("twin"), scale=0.01)
    demo.make_deliveries(settings.inbox, settings.state / "demo" / "truth", settings.scale, settings.seed)
    run_id = runs.new_run_id()
    runs.begin(settings, run_id)
    for department in ingest.departments():
        ingest.take_in(settings, department, run_id)
    return Twin(settings, build(settings, run_id).file)
