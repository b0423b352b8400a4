"""The whole pipeline over planted people: not one byte outside the closed rooms says who they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from include import pipeline, runs
from include.pipeline import Outcome
from include.settings import Settings
from include.warehouse.publication import open_pair, open_publication, standing
from tests.publication.planted import PEOPLE, SECRETS, plant

#: Rooms that hold personal data by their purpose; everything else of a home must hold none.
CLOSED = ("inbox", "landing", "quarantine", "state/received", "state/demo", "outbox/worklists")


@dataclass(frozen=True)
class Planted:
    """A home in which the pipeline has run once."""

    settings: Settings
    run_id: str


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    settings = Settings(home=tmp_path_factory.mktemp("planted"))
    assert plant(settings.inbox) >= 35
    run_id = runs.new_run_id()
    outcome = pipeline.run_in_process(settings, run_id)
    assert outcome is Outcome.PUBLISHED, runs.read(settings, run_id, "gate")["reasons"]
    return Planted(settings, run_id)


def _open_files(home: Path) -> list[Path]:
    closed = [home / room for room in CLOSED]
    return [
        path
        for path in home.rglob("*")
        if path.is_file() and not path.is_symlink() and not any(path.is_relative_to(room) for room in closed)
    ]


def test_the_planted_people_are_there_to_be_found(planted: Planted) -> None:
    pair = open_pair(planted.settings)
    known = {name for (name,) in pair.execute("select name from identity.restricted.person_identity").fetchall()}
    assert {person.name for person in PEOPLE} <= known
    assert pair.execute("select count(*) from monitoring.fct_alert").fetchall()[0][0] >= 5
    accepted = pair.execute(
        "select count(distinct dataset), sum(rows_quarantined) from quality.fct_delivery where status = 'accepted'"
    ).fetchall()[0]
    assert accepted[0] == 35
    assert accepted[1] >= 10


def test_e68_no_byte_outside_the_closed_rooms_holds_a_secret(planted: Planted) -> None:
    files = _open_files(planted.settings.home)
    assert len(files) > 60
    found = {
        (path.relative_to(planted.settings.home).as_posix(), secret)
        for path in files
        for content in [path.read_bytes()]
        for secret in SECRETS
        if secret.encode() in content or secret.encode("gb18030") in content
    }
    assert found == set()


def test_e68_no_published_value_holds_a_secret_once_it_is_read(planted: Planted) -> None:
    connection = open_publication(planted.settings)
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'marts'"
    ).fetchall()
    assert len(tables) >= 14
    for schema, table in tables:
        parquet = standing(planted.settings).parquet / schema / f"{table}.parquet"
        for rows in (connection.execute(f"from {schema}.{table}"), duckdb.sql(f"from '{parquet}'")):
            text = str(rows.fetchall())
            assert [secret for secret in SECRETS if secret in text] == [], f"{schema}.{table}"
