"""dbt reads the project once, and anew as soon as a word of it changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from include.periods import Month
from include.settings import DBT_PROJECT, Settings
from include.warehouse.dbt import Command, Project, Version, compiled_models, run_commands


def test_a_changed_project_is_read_anew_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    project = Project(tmp_path / "project", tmp_path / "state" / "target", [])
    model = project.folder / "models" / "monitored.sql"
    model.parent.mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(DBT_PROJECT / name, project.folder / name)
    model.write_text("select '{{ var('as_of') }}' as month", encoding="utf-8")

    def compiled(month: str) -> str:
        run_commands(settings, Version(tmp_path / month, Month.parse(month)), [Command("compile")], project)
        return compiled_models(project.target)["monitored"]["sql"]

    assert compiled("202109") == "select '2021-09-01' as month"
    read = project.parsed.stat()
    assert compiled("202110") == "select '2021-10-01' as month"
    assert project.parsed.stat().st_ino == read.st_ino

    model.write_text("select '{{ var('as_of') }}' as changed", encoding="utf-8")
    assert compiled("202110") == "select '2021-10-01' as changed"
    assert project.parsed.stat().st_ino != read.st_ino
