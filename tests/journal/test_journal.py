"""The journal: appended to by many, changed by nobody, and a change that was forced on it is found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import DatabaseError

from include.journal import entries
from include.journal.entries import Entry
from include.journal.schema import engine, writing
from include.settings import REPOSITORY, Settings
from tests.sources.servers import Server, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A home whose journal is a file, then one whose journal is a database of a real PostgreSQL server."""
    if request.param == "sqlite":
        return Settings(home=tmp_path)
    server = request.getfixturevalue("server")
    name = f"journal_{uuid4().hex}"
    server.run(f"create database {name}")
    url = f"postgresql+psycopg2://postgres@127.0.0.1:{server.port}/{name}"
    return Settings(home=tmp_path, environment={"JOURNAL_URL": url})


def _by_force(settings: Settings, act: str) -> None:
    with engine(settings).connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("drop trigger journal_no_update")
            connection.exec_driver_sql("drop trigger journal_no_delete")
        else:
            connection.exec_driver_sql("drop trigger journal_append_only on journal")
        for statement in act.split(";"):
            connection.exec_driver_sql(statement)
        connection.commit()


def _entry(name: str, alert_no: str = "E01-1") -> Entry:
    return Entry(name, "alert", "dispatch", "系统", "system", alert_no, "dispatched", detail={"file": "西镇"})


def test_entries_come_back_in_order_and_the_chain_holds(settings: Settings) -> None:
    entries.write(settings, _entry("one"))
    entries.write(settings, _entry("two", "E01-2"), _entry("three"))
    with engine(settings).connect() as connection:
        assert [one.entry.entry_id for one in entries.read(connection)] == ["one", "two", "three"]
        assert [one.sequence for one in entries.of_alerts(connection, ["E01-1"])["E01-1"]] == [1, 3]
        assert entries.first_broken(connection) is None
        assert entries.head(connection)[0] == 3


def test_the_same_entry_twice_is_one(settings: Settings) -> None:
    assert len(entries.write(settings, _entry("one"), _entry("one"))) == 1
    assert entries.write(settings, _entry("one")) == []


def test_many_writers_make_one_chain(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: entries.write(settings, _entry(f"e{number}")), range(40)))
    with engine(settings).connect() as connection:
        assert entries.head(connection)[0] == 40
        assert entries.first_broken(connection) is None


@pytest.mark.parametrize("act", ["update journal set account = 'x'", "delete from journal"])
def test_the_database_refuses_to_change_an_entry(settings: Settings, act: str) -> None:
    entries.write(settings, _entry("one"))
    with pytest.raises(DatabaseError, match="only appended"), writing(engine(settings)) as connection:
        connection.exec_driver_sql(act)
    with engine(settings).connect() as connection:
        assert entries.head(connection)[0] == 1


@pytest.mark.parametrize(
    ("act", "broken"),
    [
        ("update journal set detail = '{}' where sequence = 2", 2),
        ("update journal set at = '2020-01-01' where sequence = 1", 1),
        ("delete from journal where sequence = 2", 2),
        (
            "update journal set sequence = sequence + 100 where sequence in (2, 3);"
            "update journal set sequence = 105 - sequence where sequence > 100",
            2,
        ),
        ("delete from journal where sequence = 3", 3),
        ("delete from journal", 1),
    ],
    ids=["edited", "moment edited", "deleted", "reordered", "truncated", "emptied"],
)
def test_e70_a_change_by_force_is_found_at_its_first_bad_link(settings: Settings, act: str, broken: int) -> None:
    entries.write(settings, *[_entry(name) for name in ("one", "two", "three")])
    with engine(settings).connect() as connection:
        _, printed = entries.head(connection)
    entries.write(settings, _entry("four"))
    with engine(settings).connect() as connection:
        assert entries.first_broken(connection, printed) is None
    _by_force(settings, f"{act};delete from journal where sequence = 4")
    with engine(settings).connect() as connection:
        assert entries.first_broken(connection, printed) == broken


def test_e70_the_command_misses_what_was_cut_off(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    entries.write(settings, _entry("one"), _entry("two"))
    with engine(settings).connect() as connection:
        _, printed = entries.head(connection)
    _by_force(settings, "delete from journal where sequence = 2")
    told = subprocess.run(
        [sys.executable, "-m", "include", "journal", "--head", printed],
        env={**os.environ, "WAREHOUSE_HOME": str(tmp_path)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    assert "第 2 条" in told.stdout + told.stderr
