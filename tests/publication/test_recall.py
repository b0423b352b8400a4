"""An alert that was published is never gone without a word: where no episode bears it out any more it is recalled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from include import runs
from include.settings import Settings
from include.warehouse.publication import open_pair, standing
from include.warehouse.publish import publish
from tests.small_warehouse import make_run, make_warehouse, settings_of

DIED = "E01-0123456789ABCDEF0123"
WITHDRAWN = f"""
delete from wh.monitoring.fct_alert where alert_no = '{DIED}';
delete from wh.monitoring.fct_alert_event where alert_no = '{DIED}';
delete from wh.restricted.alert_evidence where alert_no = '{DIED}';
"""


def _publish(settings: Settings, number: int, changes: str = "", is_replay: bool = False) -> None:
    run_id, version = f"run-{number:02d}", f"202110_2021110{number}T080000Z_00000{number}"
    make_warehouse(settings, version, changes)
    make_run(settings, run_id, version, is_replay=is_replay)
    runs.write(settings, run_id, "checks_gx", [])
    runs.write(settings, run_id, "gate", {"verdict": "green"})
    publish(settings, run_id)


def _ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    pair = open_pair(settings)
    try:
        return pair.execute(query).fetchall()
    finally:
        pair.close()


def _state(settings: Settings) -> list[tuple[Any, ...]]:
    return _ask(settings, f"select state from monitoring.fct_alert where alert_no = '{DIED}'")


def _events(settings: Settings) -> list[tuple[Any, ...]]:
    return _ask(
        settings,
        f"select event, by_role, detail from monitoring.fct_alert_event where alert_no = '{DIED}' order by all",
    )


def test_an_alert_without_an_episode_stays_listed_as_recalled_with_its_last_values(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    query = f"select * exclude (state) from monitoring.fct_alert where alert_no = '{DIED}'"
    before = _ask(settings, query)
    _publish(settings, 2, WITHDRAWN)
    assert _ask(settings, query) == before
    assert _state(settings) == [("recalled",)]
    assert _events(settings) == [("raised", "system", "{}"), ("recalled", "system", '{"月份":"2021-10"}')]
    evidence = f"select evidence like '%号牌%' from identity.restricted.alert_evidence where alert_no = '{DIED}'"
    assert _ask(settings, evidence) == [(True,)]
    assert standing(settings).read_manifest()["recalled"] == 1


def test_what_was_recalled_stays_recalled_and_is_said_once(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    _publish(settings, 2, WITHDRAWN)
    _publish(settings, 3, WITHDRAWN)
    assert _state(settings) == [("recalled",)]
    assert [event for event, *_ in _events(settings)] == ["raised", "recalled"]


def test_an_alert_that_holds_again_is_itself_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    _publish(settings, 2, WITHDRAWN)
    _publish(settings, 3)
    assert _state(settings) == [("open",)]


def test_a_first_publication_and_a_replay_recall_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    assert standing(settings).read_manifest()["follows"] is None
    _publish(settings, 2, WITHDRAWN, is_replay=True)
    assert _state(settings) == [("open",)]
    replay = next((settings.published / "replay").glob("manifest_*.json"))
    assert '"recalled": 0' in replay.read_text(encoding="utf-8")


def test_a_damaged_publication_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    first = standing(settings).version
    _publish(settings, 2)
    marts = standing(settings).marts
    marts.chmod(0o600)
    marts.write_bytes(marts.read_bytes()[:-1] + b"x")
    _publish(settings, 3, WITHDRAWN)
    assert standing(settings).read_manifest()["follows"] == first
    assert _state(settings) == [("recalled",)]


def test_a_pair_of_another_key_stops_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    _publish(settings, 1)
    rotated = replace(settings, environment=settings.environment | {"WAREHOUSE_KEY": "c" * 64})
    _publish(rotated, 2, WITHDRAWN)
    assert standing(rotated).read_manifest()["follows"] is None
