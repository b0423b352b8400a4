"""Where code may live and what it may know."""

from __future__ import annotations

import re

import pytest

from tests.architecture.project import files, imports, python_files, shown

# What a package may not import: no step reaches back, and nothing but a command knows the demo district.
FORBIDDEN = {
    "include/contracts": ("include.ingest", "include.warehouse", "include.alerts", "include.demo", "expectations"),
    "include/privacy": ("include.ingest", "include.warehouse", "include.alerts", "include.demo", "expectations"),
    "include/ingest": ("include.warehouse", "include.alerts", "include.demo", "expectations"),
    "include/sources": ("include.alerts", "include.demo", "include.replies", "expectations"),
    "include/warehouse": ("include.alerts", "include.cases", "include.demo"),
    "include/alerts": ("include.ingest", "include.demo", "include.warehouse.build", "include.warehouse.dbt"),
    "include/replies": ("include.alerts", "include.demo", "include.warehouse.build", "include.warehouse.dbt"),
    "include/journal": ("include.cases", "include.desk", "include.warehouse", "include.alerts", "include.demo"),
    "include/cases": (
        "include.alerts",
        "include.desk",
        "include.notify",
        "include.demo",
        "include.warehouse.build",
        "include.warehouse.dbt",
    ),
    "include/desk": (
        "include.ingest",
        "include.notify",
        "include.demo",
        "include.warehouse.build",
        "include.warehouse.dbt",
    ),
    "include/notify": ("include.ingest", "include.demo", "include.warehouse.build", "include.warehouse.dbt"),
    "include/reports": ("include.ingest", "include.demo", "include.warehouse.build", "include.warehouse.dbt"),
    "include/statements": ("include.ingest", "include.demo", "include.warehouse.build", "include.warehouse.dbt"),
    "include/identity": ("include.alerts", "include.demo", "include.warehouse.build", "include.warehouse.dbt"),
    "include/demo": ("include.ingest", "include.warehouse.build", "include.warehouse.dbt", "include.alerts", "dbt"),
    "expectations": ("include.demo", "include.alerts"),
}
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
MEANINGLESS = re.compile(r"(utils?|helpers?|misc|common|stuff|tmp|old|new|v\d+)")
LONGEST = 500
IN_ONE_FILE = {"benchmarks/reference.sql"}  # that it is one file is what it is measured for


def test_only_dags_import_airflow() -> None:
    offenders = [
        shown(path)
        for path in python_files("include", "expectations")
        if any(name.split(".")[0] == "airflow" for name in imports(path))
    ]
    assert offenders == []


def test_only_the_settings_read_the_environment() -> None:
    reading = re.compile(r"\bos\.(environ|getenv)\b|from os import .*\b(environ|getenv)\b")
    readers = {
        shown(path)
        for path in python_files("include", "expectations", "dags")
        if reading.search(path.read_text(encoding="utf-8"))
    }
    assert readers == {"include/settings.py"}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_no_package_reaches_where_it_must_not(package: str) -> None:
    members = [path for path in files(".py") if shown(path).startswith(f"{package}/")]
    assert members, f"{package} holds no code"
    reached = [
        f"{shown(path)} imports {name}"
        for path in members
        for name in imports(path)
        if any(name == banned or name.startswith(f"{banned}.") for banned in FORBIDDEN[package])
    ]
    assert reached == []


def test_every_file_fits_in_a_head() -> None:
    long = [
        f"{shown(path)}: {count} lines"
        for path in files(".py", ".sql", ".sh")
        if shown(path) not in IN_ONE_FILE and (count := path.read_text(encoding="utf-8").count("\n")) > LONGEST
    ]
    assert long == []


def test_every_file_name_says_something() -> None:
    assert [shown(path) for path in files(".py", ".sql") if MEANINGLESS.fullmatch(path.stem)] == []


def test_nothing_is_left_unfinished() -> None:
    marks = [
        f"{shown(path)}:{number}"
        for path in files(".py", ".sql", ".yml", ".yaml", ".md")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert marks == []


def test_no_test_is_switched_off() -> None:
    switch = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")
    off = [
        shown(path)
        for path in python_files("tests")
        if path.name != "test_layering.py" and switch.search(path.read_text(encoding="utf-8"))
    ]
    assert off == []
