"""A run's records: named, whole, and enough to tell how the run ended."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from include import pipeline, runs
from include.__main__ import _moment
from include.pipeline import DEPARTMENTS, Outcome
from include.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, as_of="202109", known_at=None)


def test_run_ids_sort_by_the_moment_they_began() -> None:
    moments = [datetime(2021, 11, 5, 9, 30, second, tzinfo=UTC) for second in (1, 2, 30)]
    ids = [runs.new_run_id(moment) for moment in moments]
    assert ids == sorted(ids)
    assert len(set(ids)) == 3


def test_a_run_keeps_what_it_was_asked_for(settings: Settings) -> None:
    runs.begin(settings, "first")
    asked_again = runs.settings_for(Settings(home=settings.home, as_of="202101"), "first")
    assert asked_again.as_of == "202109"


def test_records_are_read_as_they_were_written(settings: Settings) -> None:
    runs.write(settings, "first", "step", {"name": "户", "on": date(2021, 9, 1), "amount": Decimal("12.50")})
    assert runs.read(settings, "first", "step") == {"name": "户", "on": "2021-09-01", "amount": "12.50"}
    assert not list(runs.folder(settings, "first").glob(".*"))


@pytest.mark.parametrize("run_id", ["../other", "", "a/b", ".hidden", "x" * 200])
def test_a_run_id_is_never_a_path(settings: Settings, run_id: str) -> None:
    with pytest.raises(ValueError, match="run id"):
        runs.folder(settings, run_id)


def test_another_programs_run_name_becomes_a_run_id() -> None:
    name = runs.named("manual__2021-11-05T09:30:12.123456+00:00_x/y")
    assert runs.folder(Settings(home=Path("/nowhere")), name).name == name


def test_the_build_waits_until_every_department_has_been_visited(settings: Settings) -> None:
    runs.begin(settings, "first")
    for department in DEPARTMENTS[1:]:
        runs.write(settings, "first", f"ingest_{department}", {})
    assert pipeline.missing_departments(settings, "first") == [DEPARTMENTS[0]]
    runs.begin(settings, "second")
    runs.write(settings, "second", f"ingest_{DEPARTMENTS[0]}", {})
    assert pipeline.missing_departments(settings, "first") == []
    assert set(pipeline.missing_departments(settings, "second")) == set(DEPARTMENTS[1:])


def test_how_a_run_ended_stands_in_its_records(settings: Settings) -> None:
    runs.begin(settings, "first")
    assert pipeline.outcome_of(settings, "first") is None
    runs.write(settings, "first", "build", {"status": "built"})
    runs.write(settings, "first", "gate", {"verdict": "green"})
    assert pipeline.outcome_of(settings, "first") is None
    runs.write(settings, "first", "deliver", {})
    assert pipeline.outcome_of(settings, "first") is None
    runs.write(settings, "first", "reports", {})
    assert pipeline.outcome_of(settings, "first") is Outcome.PUBLISHED
    runs.write(settings, "first", "build", {"status": "nothing_new"})
    assert pipeline.outcome_of(settings, "first") is Outcome.NOTHING_NEW
    runs.write(settings, "first", "gate", {"verdict": "red"})
    assert pipeline.outcome_of(settings, "first") is Outcome.RED


def test_exit_codes_are_those_of_the_manual() -> None:
    assert {outcome.value: outcome.exit_code for outcome in Outcome} == {
        "published": 0,
        "nothing_new": 0,
        "red": 3,
        "failed": 2,
    }


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-08-31", "2021-08-31T15:59:59.999999+00:00"),
        ("2021-08-31T12:00", "2021-08-31T04:00:00.000000+00:00"),
        ("2021-08-31T12:00:00+00:00", "2021-08-31T12:00:00.000000+00:00"),
    ],
)
def test_known_at_is_a_moment_of_the_bureau(text: str, moment: str) -> None:
    assert _moment(text) == moment
