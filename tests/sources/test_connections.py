"""Where a source is: Airflow's forms of a connection, read alike with Airflow and without it, and never shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from include import pipeline, runs, summary
from include.pipeline import DEPARTMENTS, Outcome
from include.settings import REPOSITORY, Settings
from include.sources.connections import SourceConnection, parse
from include.sources.errors import SourceError
from tests.ingest.conftest import District
from tests.sources.api_server import Api, serving
from tests.sources.test_apis import tickets

ADDRESS = "postgres://reader:ge%40heim@db.example:5433/exchange?sslmode=require"
AS_JSON = json.dumps({
    "conn_type": "postgres", "login": "reader", "password": "ge@heim", "host": "db.example", "port": 5433,
    "schema": "exchange", "extra": {"sslmode": "require"},
})  # fmt: skip
ASK_AIRFLOW = """
import json, sys
from dags.pulling import connection_to
found = [connection_to(name) for name in sys.argv[1:]]
print(json.dumps([each and {**vars(each), "extra": dict(each.extra)} for each in found]))
"""


@pytest.mark.parametrize("text", [ADDRESS, AS_JSON], ids=["uri", "json"])
def test_both_forms_say_the_same(text: str) -> None:
    assert parse("human_resources", text) == SourceConnection(
        "human_resources", "postgres", "db.example", 5433, "reader", "ge@heim", "exchange", {"sslmode": "require"}
    )


def test_airflow_reads_the_same_connection(tmp_path: Path) -> None:
    environment = Settings(home=tmp_path).child_environment(
        AIRFLOW_HOME=str(tmp_path), PYTHONPATH=str(REPOSITORY), AIRFLOW_CONN_HUMAN_RESOURCES=ADDRESS,
        AIRFLOW_CONN_HOTLINE='{"conn_type": "http", "host": "https://h.example/x", "password": "k"}',
    )  # fmt: skip
    asked = [sys.executable, "-c", ASK_AIRFLOW, "human_resources", "hotline"]
    done = subprocess.run(asked, env=environment, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    database, service = (SourceConnection(**facts) for facts in json.loads(done.stdout.splitlines()[-1]))
    assert database == parse("human_resources", ADDRESS)
    assert (service.base_address, service.api_key) == ("https://h.example/x", "k")


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://:key@10.0.0.5:8000/api", "http://10.0.0.5:8000/api"),
        ("http://:key@10.0.0.5:8000/https", "https://10.0.0.5:8000"),
        ("https://:key@exchange.example", "https://exchange.example"),
        (
            '{"conn_type": "http", "host": "https://exchange.example/v1/", "port": 8443}',
            "https://exchange.example:8443/v1",
        ),
    ],
)
def test_an_address_is_built_as_airflow_users_write_it(text: str, base: str) -> None:
    assert parse("hotline", text).base_address == base


@pytest.mark.parametrize("text", ["{", "http://[::1", "postgres://h:port/x", '{"port": "x"}', "[]"])
def test_what_cannot_be_read_is_told_without_its_text(text: str) -> None:
    with pytest.raises(SourceError) as told:
        parse("hotline", text).transport  # noqa: B018 - an unknown kind is told when it is asked for
    assert "hotline" in str(told.value)
    assert text not in str(told.value)


def test_a_secret_is_never_shown() -> None:
    assert "ge@heim" not in repr(parse("human_resources", ADDRESS))


def test_only_the_departments_connections_reach_a_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(os.environ, "AIRFLOW_CONN_HOTLINE", "http://h")
    monkeypatch.setitem(os.environ, "AIRFLOW_CONN_ELSEWHERE", "http://e")
    monkeypatch.setitem(os.environ, "AIRFLOW__CORE__DAGS_FOLDER", "/elsewhere")
    passed = [name for name in Settings(home=tmp_path).child_environment() if name.startswith("AIRFLOW")]
    assert passed == ["AIRFLOW_CONN_HOTLINE"]
    assert Settings.from_environment().connections == {"hotline": "http://h"}
    assert "http://h" not in repr(Settings.from_environment())


def test_a_step_pulls_and_takes_in_and_leaves_its_record(district: District) -> None:
    with serving(Api("hotline", "ticket")) as api:
        api.lists["202110"] = tickets(3)
        runs.begin(district.settings, "run")
        assert pipeline.pull(district.settings, "run", "hotline", api.connection)
        assert pipeline.take_in(district.settings, "run", "hotline") == 1
    (file,) = runs.read(district.settings, "run", "pull_hotline")["files"]
    assert (file["dataset"], file["rows_at_source"]) == ("hotline.ticket", 3)


def test_without_a_connection_nothing_is_pulled(district: District) -> None:
    runs.begin(district.settings, "run")
    assert all(pipeline.pull(district.settings, "run", department, None) for department in DEPARTMENTS)
    assert not list(district.settings.runs.glob("run/pull_*"))


def test_a_source_in_trouble_ends_its_step_and_no_other(district: District) -> None:
    runs.begin(district.settings, "run")
    broken = SourceConnection("hotline", "ftp", "127.0.0.1")
    with pytest.raises(SourceError):
        pipeline.pull(district.settings, "run", "hotline", broken)
    assert pipeline.take_in(district.settings, "run", "hotline") == 0


def test_the_last_page_of_a_run_names_the_source_that_gave_nothing(district: District) -> None:
    runs.begin(district.settings, "run")
    with serving(Api("hotline", "ticket")) as api:
        gone = api.connection
    assert not pipeline.pull(district.settings, "run", "hotline", gone)
    told = summary.collect(district.settings, "run", Outcome.FAILED)
    (trouble,) = told.sources
    assert trouble.startswith("12345 热线：")
    shown = Console(record=True, width=200)
    summary.show(shown, told)
    assert "数据源 source" in shown.export_text()


def test_a_parquet_file_in_the_inbox_stays_an_unknown_format(district: District) -> None:
    entry = district.deliver("hotline.ticket", "ticket_202110.parquet", b"PAR1 anything PAR1")
    assert (entry["status"], entry["reason"]["code"]) == ("quarantined", "unknown_format")
