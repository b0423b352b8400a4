"""A draft of a rule: a model as it would lie in the project, and its catalogue row beside it or already there."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from include.periods import Month
from include.privacy import DoudiError
from include.settings import DBT_PROJECT, Settings, private_folder
from include.warehouse.dbt import Command, Project, Version, compiled_models, run_commands

_CATALOGUE = Path("seeds") / "rules" / "rule_catalogue.csv"
_RULES = Path("models") / "intermediate" / "rules"
_NAME = re.compile(r"rule_(?P<rule_id>[a-z]\d{2})__[a-z0-9_]+")
#: What lies between a rule and its alerts, in the order in which one reads the other.
ALERT_MODELS = (
    "int_rules__rule_programme",
    "int_rules__needed",
    "int_rules__coverage",
    "int_rules__candidates",
    "int_rules__findings",
    "int_rules__episodes",
    "int_rules__alerts",
)


class DraftError(DoudiError):
    """A draft that cannot be tried."""


@dataclass(frozen=True)
class Draft:
    """A draft's rule, its catalogue row, and the SQL of its model and of what turns findings into alerts."""

    rule_id: str
    model: str
    catalogue_row: dict[str, str]
    sql: dict[str, str]


def read_draft(settings: Settings, path: Path, as_of: str) -> Draft:
    """Compile a draft inside a copy of the project; nothing of the project or the warehouse changes.

    ``path`` is ``rule_<id>__<slug>.sql``. Its catalogue row stands in ``<the same name>.csv`` beside it, under the
    catalogue's header, or in the catalogue already, where the draft is another version of a rule.
    Raises DraftError when the name, the row or the SQL is not what a rule needs.
    """
    named = _NAME.fullmatch(path.stem)
    if not path.is_file() or path.suffix != ".sql" or not named:
        raise DraftError(
            f"草稿应为文件 rule_<编号>__<名称>.sql：{path.name}",
            f"a draft is a file rule_<id>__<slug>.sql: {path.name}",
        )
    rule_id = named["rule_id"].upper()
    row = _catalogue_row(path, rule_id)
    with TemporaryDirectory(dir=private_folder(settings.scratch)) as folder:
        project = Project(Path(folder) / "project", Path(folder) / "target", [path.stem])
        _copy_project(project.folder, path, rule_id, row)
        version = Version(Path(folder) / "empty.duckdb", Month.parse(as_of))
        (done,) = run_commands(settings, version, [Command("compile", (path.stem, *ALERT_MODELS))], project)
        if done.crashed:
            raise DraftError(f"草稿不能编译：{done.crashed[0].message}", "the draft does not compile")
        compiled = compiled_models(project.target)
    return Draft(rule_id, path.stem, row, {name: compiled[name]["sql"] for name in (path.stem, *ALERT_MODELS)})


def _catalogue_row(path: Path, rule_id: str) -> dict[str, str]:
    beside = path.with_suffix(".csv")
    rows = _rows(beside) if beside.is_file() else _rows(DBT_PROJECT / _CATALOGUE)
    found = [row for row in rows if row.get("rule_id") == rule_id]
    if len(found) != 1:
        raise DraftError(
            f"目录中没有规则 {rule_id}，请在 {beside.name} 中写一行",
            f"the catalogue has no rule {rule_id}; write its row into {beside.name}",
        )
    return found[0]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _copy_project(project: Path, path: Path, rule_id: str, row: dict[str, str]) -> None:
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    for older in (project / _RULES).glob(f"rule_{rule_id.lower()}__*.sql"):
        older.unlink()
    shutil.copyfile(path, project / _RULES / path.name)
    rows = [other for other in _rows(project / _CATALOGUE) if other["rule_id"] != rule_id]
    with (project / _CATALOGUE).open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows([*rows, row])
