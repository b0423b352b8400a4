"""A publication is a pair of one version: whole or not there, never mixed, never saying who somebody is."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from include import runs
from include.privacy import StepError
from include.settings import Settings
from include.warehouse import publish as publishing
from include.warehouse.publication import (
    DamagedPublicationError,
    NoPublicationError,
    Publication,
    open_identity,
    open_pair,
    open_publication,
    standing,
)
from include.warehouse.publish import NotPublishableError, publish
from tests.small_warehouse import (
    ACCOUNT,
    CERTIFICATE,
    HOUSEHOLD_NUMBER,
    IDENTITY_NUMBERS,
    NAMES,
    PLATE,
    make_run,
    make_warehouse,
    settings_of,
)

SECRETS = (*IDENTITY_NUMBERS, *NAMES, CERTIFICATE, PLATE, ACCOUNT, HOUSEHOLD_NUMBER, "13812340001", "叠石桥村二组三号")


def publish_small(
    settings: Settings, number: int, verdict: str = "green", is_replay: bool = False, changes: str = ""
) -> str:
    """Publish the small warehouse as one version; returns it."""
    run_id, version = f"run-{number:02d}", f"202110_2021110{number}T080000Z_00000{number}"
    make_warehouse(settings, version, changes)
    make_run(settings, run_id, version, is_replay=is_replay)
    runs.write(settings, run_id, "checks_gx", [])
    runs.write(settings, run_id, "gate", {"verdict": verdict})
    publish(settings, run_id)
    return version


def _alerts(connection: duckdb.DuckDBPyConnection) -> int:
    return int(connection.execute("select count(*) from monitoring.fct_alert").fetchall()[0][0])


def test_the_pair_the_parquet_and_the_history_are_published(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    version = publish_small(settings, 1)
    assert standing(settings).version == version
    pair = open_pair(settings)
    behind = pair.execute(
        "select name, right(id_no, 4) from monitoring.fct_alert as alert "
        "join identity.restricted.person_identity as person on person.person_key = alert.person_key "
        "where rule_id = 'E14'"
    ).fetchall()
    assert behind == [("张翠山", "1238")]
    assert pair.execute("select run_id, as_of, status from quality.fct_run").fetchall()[0][::2] == (
        "run-01",
        "published",
    )
    assert pair.execute("select count(*) from quality.fct_check_result").fetchall() == [(1,)]
    parquet = settings.published / "parquet" / "monitoring" / "fct_alert.parquet"
    assert duckdb.sql(f"select count(*) from '{parquet}'").fetchall() == [(4,)]
    assert {path.name for path in (settings.published / "parquet").iterdir()} == set(publishing.PUBLISHED_SCHEMAS)
    assert (settings.restricted / "identity.duckdb").resolve() == standing(settings).identity.resolve()
    assert (settings.warehouse / "warehouse.duckdb").exists()


def test_analysts_see_what_a_column_means_in_both_languages(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    comments = dict(
        open_publication(settings)
        .execute("select column_name, comment from duckdb_columns() where table_name = 'dim_parameter'")
        .fetchall()
    )
    assert comments["valid_from"] == "生效日期 · First day on which the value holds."


def test_the_identity_file_is_nothing_without_its_key(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    assert open_identity(settings).execute("select count(*) from restricted.person_identity").fetchall() == [(4,)]
    with pytest.raises(duckdb.Error):
        duckdb.connect(standing(settings).identity, read_only=True)
    content = standing(settings).identity.read_bytes()
    assert not [secret for secret in SECRETS if secret.encode() in content]


def test_no_secret_stands_in_any_published_byte(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    planted = f"update wh.quality.fct_delivery set source_name = 'payment_202110_{IDENTITY_NUMBERS[0]}.csv'"
    publish_small(settings, 1, changes=planted)
    texts = []
    connection = open_publication(settings)
    for schema, table in connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'marts'"
    ).fetchall():
        texts.append(str(connection.execute(f"select * from {schema}.{table}").fetchall()))
        parquet = standing(settings).parquet / schema / f"{table}.parquet"
        texts.append(str(duckdb.sql(f"select * from '{parquet}'").fetchall()))
    outside = (settings.published, settings.runs, settings.warehouse, settings.restricted)
    raw = [path.read_bytes() for folder in outside for path in folder.rglob("*") if path.is_file()]
    assert len(raw) > 20
    for secret in SECRETS:
        assert not any(secret in text for text in texts)
        assert not any(secret.encode() in content for content in raw)
    assert any("payment_202110_[masked].csv" in text for text in texts)
    assert runs.read(settings, "run-01", "publish")["masked_texts"] == 1


def test_every_file_and_folder_is_closed_to_others(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    for folder in (settings.published, settings.restricted):
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_three_versions_are_kept_and_readers_of_older_ones_go_on(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    versions = [publish_small(settings, 1)]
    reader = open_pair(settings)
    versions += [publish_small(settings, number) for number in (2, 3, 4)]
    assert _alerts(reader) == 4
    assert reader.execute("select count(*) from identity.restricted.person_identity").fetchall() == [(4,)]
    kept = {path.name for path in settings.published.glob("marts_*.duckdb")}
    assert kept == {f"marts_{version}.duckdb" for version in versions[1:]}
    assert len(list(settings.restricted.glob("identity_*.duckdb"))) == 3
    assert len(list(settings.published.glob("parquet_*"))) == 3


def test_a_red_gate_leaves_the_old_publication(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    version = publish_small(settings, 1)
    with pytest.raises(NotPublishableError):
        publish_small(settings, 2, verdict="red")
    assert standing(settings).version == version
    assert _alerts(open_publication(settings)) == 4


def test_a_replay_is_published_beside_and_moves_no_link(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    version = publish_small(settings, 1)
    replayed = publish_small(settings, 2, is_replay=True, changes="delete from wh.monitoring.fct_alert")
    assert standing(settings).version == version
    replay = Publication(settings.home, replayed, is_replay=True)
    assert replay.marts.parent == settings.published / "replay"
    assert _alerts(open_pair(settings, replay)) == 0
    assert _alerts(open_pair(settings)) == 4


def test_publishing_the_same_run_again_changes_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    before = {path: path.read_bytes() for path in settings.published.rglob("*") if path.is_file()}
    publish(settings, "run-01")
    assert before == {path: path.read_bytes() for path in settings.published.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("function", "call"),
    [
        *(("_settle", call) for call in (1, 2, 3, 4)),  # identity, Parquet, marts, manifest
        *(("_flush_folder", call) for call in (5, 6, 7)),  # after each of the three links
        ("keep", 1),
        ("_remove_old_versions", 1),
    ],
)
def test_a_crash_leaves_a_whole_pair_and_publishing_again_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    settings = settings_of(tmp_path)
    publish_small(settings, 1)
    real, calls = getattr(publishing, function), []

    def crash(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == call:
            raise OSError(28, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(publishing, function, crash)
    added = (
        "insert into wh.monitoring.fct_alert select * replace ('X' as alert_no) from wh.monitoring.fct_alert limit 1"
    )
    added += "; insert into wh.restricted.person_identity select * replace ('P9' as person_key) "
    added += "from wh.restricted.person_identity limit 1"
    with pytest.raises(StepError):
        publish_small(settings, 2, changes=added)
    pair = open_pair(settings)
    people = pair.execute("select count(*) from identity.restricted.person_identity").fetchall()[0][0]
    assert (_alerts(pair), people) in ((4, 4), (5, 5))
    pair.close()
    monkeypatch.undo()
    publish(settings, "run-02")
    assert _alerts(open_pair(settings)) == 5
    assert not list(settings.published.glob(".new_*"))


def test_a_damaged_file_is_noticed_when_it_is_opened(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with pytest.raises(NoPublicationError):
        open_publication(settings)
    publish_small(settings, 1)
    identity = standing(settings).identity
    content = bytearray(identity.read_bytes())
    content[len(content) // 2] ^= 1
    identity.write_bytes(content)
    _alerts(open_publication(settings))
    with pytest.raises(DamagedPublicationError, match=identity.name):
        open_pair(settings)
