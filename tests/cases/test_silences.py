"""Who may silence what, for how long, and that it is written down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.cases.silences import ForbiddenDecisionError, Silence, begin, lift, recorded
from include.journal.entries import RELEASE, first_broken, head
from include.journal.schema import engine
from include.settings import Settings
from include.warehouse.case_steps import steps_by_people, write_steps
from tests.publication.test_publish import publish_small
from tests.small_warehouse import TOWN, settings_of

LATER = "9999-12-31T00:00:00+00:00"


def wanted(rule_id: str = "C05", town_code: str = TOWN, until: str = "202112", reason: str = "集中入户") -> Silence:
    return Silence(rule_id, town_code, until, reason, "lead.a")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    return settings


def told(settings: Settings) -> list[dict[str, object]]:
    path = write_steps(settings, LATER)
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()] if path else []


def test_a_silence_is_in_the_chain_and_told_to_the_next_build(settings: Settings) -> None:
    begin(settings, wanted())
    assert recorded(settings) == [wanted()]
    assert steps_by_people(settings, LATER) == 1
    (line,) = told(settings)
    assert (line["rule_id"], line["town_code"], line["until_month"], line["event"]) == (
        "C05",
        TOWN,
        "2021-12-01",
        "silence",
    )
    assert "lead.a" not in str(line)
    assert "集中入户" not in str(line)
    with engine(settings).connect() as connection:
        assert first_broken(connection) is None
        assert head(connection)[0] == 1


def test_a_silence_can_be_lifted_and_begun_again(settings: Settings) -> None:
    begin(settings, wanted())
    lift(settings, wanted())
    assert recorded(settings) == []
    assert [line["event"] for line in told(settings)] == ["silence", "lift"]
    begin(settings, wanted())
    assert recorded(settings) == [wanted()]
    assert steps_by_people(settings, LATER) == 3


@pytest.mark.parametrize(
    "refused",
    [
        wanted(rule_id="E01"),  # critical
        wanted(rule_id="X99"),
        wanted(town_code="320614999000"),
        wanted(until=""),
        wanted(until="202109"),  # over before it begins
        wanted(until="202205"),  # seven months
        wanted(reason=" "),
    ],
    ids=["critical", "no such rule", "no such town", "no end", "in the past", "too long", "no reason"],
)
def test_c46_what_may_not_be_silenced_is_refused_and_leaves_no_entry(settings: Settings, refused: Silence) -> None:
    with pytest.raises(ForbiddenDecisionError):
        begin(settings, refused)
    assert recorded(settings) == []
    assert told(settings) == []


@pytest.mark.parametrize("until", ["202110", "202204"])
def test_a_silence_may_end_this_month_or_half_a_year_later(settings: Settings, until: str) -> None:
    begin(settings, wanted(until=until))
    assert recorded(settings)[0].until == until


def test_what_is_not_silent_cannot_be_lifted(settings: Settings) -> None:
    with pytest.raises(ForbiddenDecisionError):
        lift(settings, wanted())


def test_a_release_is_no_silence_and_may_be_of_what_is_critical(settings: Settings) -> None:
    release = Silence("E01", "", "202112", "已复核", "lead.a", RELEASE)
    begin(settings, release)
    assert recorded(settings) == []
    assert recorded(settings, RELEASE) == [release]
    (line,) = told(settings)
    assert (line["kind"], line["rule_id"], line["until_month"]) == ("release", "E01", "2021-12-01")
    lift(settings, release)
    assert recorded(settings, RELEASE) == []
