"""dbt in a subprocess, which writes below ``WAREHOUSE_HOME`` only and leaves no word of data in its log."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from include.contracts import PERIODS, Contract, load_contracts
from include.identity.decisions import write_aliases
from include.periods import Month
from include.privacy import DoudiError
from include.runs import files_digest
from include.settings import DBT_PROJECT, REPOSITORY, Settings, private_folder
from include.warehouse import spark
from include.warehouse.case_steps import write_steps
from include.warehouse.ledger import END_OF_TIME
from include.warehouse.rule_facts import rule_facts

#: Errors whose text quotes SQL, never a value; every other error's text stays unread.
_HARMLESS_ERRORS = ("Catalog Error", "Binder Error", "Parser Error", "Compilation Error", "Dependency Error")

#: The files of a dbt project, not what dbt makes of them.
_PARTS = ("*.yml", "models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*")

#: The target that every project has; another one makes tables that are taken over from it.
DUCKDB = "duckdb"

#: What the dbt process leaves in its target folder: what became of each node, and every model's SQL.
OUTCOME, MODELS = "outcome.json", "models.json"


@dataclass(frozen=True)
class Version:
    """What a build is a function of, and the file it goes to."""

    path: Path
    as_of: Month
    known_at: str = END_OF_TIME


@dataclass(frozen=True)
class Project:
    """Where the models are read, where dbt writes what it makes of them, the models of rules among them, the engine."""

    folder: Path
    target: Path
    rules: list[str]
    engine: str = DUCKDB

    @classmethod
    def own(cls, settings: Settings, engine: str = DUCKDB) -> Project:
        """The project of this code; what an engine makes of it lies apart from what another does."""
        return cls(DBT_PROJECT, settings.state / "dbt" / engine / "target", rule_models(), engine)

    @property
    def parsed(self) -> Path:
        """Where dbt's understanding of the project is kept from one run to the next."""
        return self.target.parent / "parsed.msgpack"

    def shape(self) -> dict[str, Any]:
        """The variables that decide which models there are and what each reads; they change with the code alone."""
        return {"contracts": contract_facts(), "rules": self.rules, **rule_facts(self.rules, self.folder)}

    def digest(self) -> str:
        """A hash of all that dbt's understanding of the project depends on."""
        files = files_digest(self.folder, _PARTS)
        versions = [metadata.version(package) for package in ("dbt-core", "dbt-duckdb")]
        of_spark = spark.PACKAGES.read_text(encoding="ascii") if spark.PACKAGES.exists() else ""
        return sha256(json.dumps([files, versions, of_spark, self.engine, self.shape()]).encode()).hexdigest()


@dataclass(frozen=True)
class Node:
    """One model, seed or test that dbt ran."""

    name: str
    kind: str
    status: str
    seconds: float
    failures: int | None
    severity: str = "error"
    target: str = ""
    message: str = ""


@dataclass(frozen=True)
class RunResults:
    """What one dbt command did."""

    nodes: list[Node] = field(default_factory=list)
    seconds: float = 0.0

    def of_kind(self, *kinds: str) -> list[Node]:
        """The nodes of these resource types."""
        return [node for node in self.nodes if node.kind in kinds]

    @property
    def crashed(self) -> list[Node]:
        """Models and seeds that did not come to be, and tests that could not be evaluated."""
        return [node for node in self.nodes if node.status == "error"]


class DbtError(DoudiError):
    """dbt could not finish; names the models, never quotes a value."""


@dataclass(frozen=True)
class Command:
    """One dbt command on a selection of the project."""

    verb: str
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    resource_types: tuple[str, ...] = ()
    exclude_resource_types: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """As dbt's command line takes it."""
        options = (
            ("--select", self.select),
            ("--exclude", self.exclude),
            ("--resource-type", self.resource_types),
            ("--exclude-resource-type", self.exclude_resource_types),
        )
        return [self.verb, *(text for option, values in options for value in values for text in (option, value))]


def run_dbt(
    settings: Settings,
    version: Version,
    command: str,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
    resource_types: Sequence[str] = (),
    exclude_resource_types: Sequence[str] = (),
) -> RunResults:
    """Run one dbt command on the warehouse file of ``version`` and return what became of each node.

    Raises DbtError when dbt stopped before it had results (a project that does not compile, a file that
    does not open). Failing models and tests are in the results; the caller decides.
    """
    one = Command(command, tuple(select), tuple(exclude), tuple(resource_types), tuple(exclude_resource_types))
    return run_commands(settings, version, [one])[0]


def run_commands(
    settings: Settings,
    version: Version,
    commands: Sequence[Command],
    project: Project | None = None,
    events: Path | None = None,
) -> list[RunResults]:
    """Run dbt commands one after the other in one process, which starts and reads the project once.

    Commands after one in which a model did not come to be are not run: there are fewer results than commands.
    Where ``events`` is a file, what was built from what is told there.
    Raises DbtError as ``run_dbt`` does.
    """
    project = project or Project.own(settings)
    target = private_folder(project.target)
    outcome = target / OUTCOME
    job = {
        "options": [
            "--no-use-colors", "--log-level", "error", "--log-level-file", "none", "--log-format", "json",
            "--no-write-json", "--project-dir", str(project.folder), "--profiles-dir", str(project.folder),
            "--vars", json.dumps(_variables(settings, version, project), ensure_ascii=False),
        ],
        "commands": [command.arguments() for command in commands],
        "outcome": str(outcome),
        "models": str(target / MODELS),
        "parsed": str(project.parsed),
        "digest": project.digest(),
        "events": None if events is None else str(events),
    }  # fmt: skip
    is_spark = project.engine in spark.TARGETS
    outcome.unlink(missing_ok=True)
    try:
        done = subprocess.run(
            [spark.interpreter() if is_spark else sys.executable, "-m", "include.warehouse.dbt_process"],
            input=json.dumps(job), cwd=REPOSITORY, env=_environment(settings, version, project),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if is_spark:
            spark.refuse_single_machine(done.stderr)
        if done.returncode != 0:
            raise DbtError("dbt 未能运行", f"dbt could not run: {_harmless(done.stdout)}")
        return [_results(record) for record in json.loads(outcome.read_bytes())]
    finally:
        outcome.unlink(missing_ok=True)  # its messages may quote data


def compiled_models(target: Path) -> dict[str, dict[str, str]]:
    """``schema``, ``kind`` (table, view) and ``sql`` of every model as the last commands compiled it.

    By the model's name, what is read before what reads it.
    """
    models = json.loads((target / MODELS).read_text(encoding="utf-8"))
    reads = {name: model.pop("reads") for name, model in models.items()}
    return {name: models[name] for name in TopologicalSorter(reads).static_order() if name in models}


def _results(record: dict[str, Any]) -> RunResults:
    nodes = [Node(**{**node, "message": _harmless(node["message"])}) for node in record["nodes"]]
    return RunResults(nodes, record["seconds"])


def rule_models(project: Path = DBT_PROJECT) -> list[str]:
    """The names of a project's rule models, one file each."""
    return sorted(path.stem for path in (project / "models" / "intermediate" / "rules").glob("rule_*.sql"))


def contract_facts() -> list[dict[str, Any]]:
    """What the models need to know of each contract: how deliveries follow each other, where people and texts are."""
    facts = []
    for name, contract in sorted(load_contracts().items()):
        months, remainder = PERIODS.get(contract.cadence, (None, None))
        people = [
            {"id_column": column.name, "name_column": _name_beside(contract.columns, column.name)}
            for column in contract.columns.values()
            if column.type == "id_no"
        ]
        facts.append(
            {
                "dataset": name,
                "title_zh": contract.title_zh,
                "delivery": contract.delivery,
                "cadence": contract.cadence,
                "due_days": contract.due_days,
                "period_months": months,
                "period_remainder": remainder,
                "parts": contract.parts or "",
                "key": list(contract.key),
                "dated_by": _own_date(contract),
                "people": people,
                "names_household": "household_no" in contract.columns,
                "texts": [
                    {"name": column.name, "is_name": column.type == "name"}
                    for column in contract.columns.values()
                    if column.type == "name" or column.name == "address"
                ],
                "holds_id_no": [column.name for column in contract.columns.values() if column.holds_id_no],
            }
        )
    return facts


def _own_date(contract: Contract) -> str | None:
    """The column that dates a fact, whenever it is delivered: the first date or month that its contract requires."""
    if contract.delivery != "append":
        return None
    dates = (c.name for c in contract.columns.values() if c.required and c.type in {"date", "month"})
    return next(dates, None)


def _name_beside(columns: Iterable[str], id_column: str) -> str | None:
    name = id_column.removesuffix("id_no") + "name"
    return name if name in columns else None


def _variables(settings: Settings, version: Version, project: Project) -> dict[str, Any]:
    return {
        "as_of": version.as_of.first.isoformat(),
        "known_at": version.known_at,
        "landing": str(settings.landing),
        "quarantine": str(settings.quarantine),
        "case_steps": write_steps(settings, version.known_at),
        "aliases": write_aliases(settings, version.known_at),
        **project.shape(),
    }


def _environment(settings: Settings, version: Version, project: Project) -> dict[str, str]:
    """A whole environment of our own: what the caller's shell holds must not change a build."""
    folder = private_folder(settings.state / "dbt")
    return {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONPATH": str(REPOSITORY),
        "TZ": "UTC",
        "DBT_MODULES": str(REPOSITORY),
        "DBT_TARGET": project.engine,
        "DBT_TARGET_PATH": str(project.target),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_WAREHOUSE": str(version.path),
        "DBT_MEMORY_LIMIT": settings.memory_limit,
        "DBT_TEMP_DIRECTORY": str(private_folder(settings.scratch / "dbt")),
        "DBT_ENV_SECRET_WAREHOUSE_KEY": settings.warehouse_key(),
        **(spark.environment(settings, project.engine) if project.engine in spark.TARGETS else {}),
    }


def _harmless(text: str) -> str:
    """The part of dbt's words that cannot hold a value: errors about SQL as they are, of others their kind alone."""
    lines = [line for line in text.splitlines() if line.strip()]
    for index, line in enumerate(lines):
        if any(kind in line for kind in _HARMLESS_ERRORS):
            return " ".join(lines[index : index + 6])[:2000]
    for line in lines:
        if "Error" in line:
            head = line.split("Error", 1)[0].rsplit('"', 1)[-1].strip()
            return f"{head} Error"[-60:]
    return "reason withheld"
