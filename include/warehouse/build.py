"""A build: a new warehouse file, complete each time, as a function of the ledger, the month and the code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from include import lineage, runs
from include.identity.decisions import read_decisions
from include.identity.links import write_links
from include.ingest import landing
from include.periods import Month
from include.privacy import DoudiError, guarded
from include.settings import Settings, private_folder
from include.warehouse import engine, ledger, spark
from include.warehouse.case_steps import steps_by_people
from include.warehouse.dbt import (
    Command,
    DbtError,
    Node,
    Project,
    RunResults,
    Version,
    compiled_models,
    run_commands,
)
from include.warehouse.policy import check_policy

BUILT, RED, NOTHING_NEW = "built", "red", "nothing_new"

_RULES = "path:models/intermediate/rules"
_PARAMETERS = "dim_parameter"  # a mart that the models below read, so that policy has one shape everywhere


_KINDS = ("seed", "model")
_GOOD = ("success", "pass", "skipped")
#: The layers of a build and its tests, each one dbt command; all run in one dbt process.
LAYERS = {
    "history": Command(
        "build", ("path:seeds", "path:models/staging", "path:models/intermediate", _PARAMETERS), (_RULES,), _KINDS
    ),
    "rules": Command("build", (_RULES,), (), _KINDS),
    "marts": Command("build", ("path:models/marts",), (_PARAMETERS,), _KINDS),
    "checks": Command("test", exclude_resource_types=("unit_test",)),
}
#: What shows that an engine whose version is not ours means by every model what we mean.
TRIAL = Command("test", ("test_type:unit", "expressions_agree"))


class OutdatedBuildError(DoudiError):
    """A warehouse whose build did not keep what is asked of it."""


@dataclass
class BuildResult:
    """What a build was asked for, what came of it, and how long each part took."""

    run_id: str
    status: str
    version: str
    path: str
    as_of: str
    known_at: str | None
    is_replay: bool
    fingerprint: str
    seconds: dict[str, float] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    checks: dict[str, int] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The warehouse file."""
        return Path(self.path)


@guarded("build")
def build(settings: Settings, run_id: str) -> BuildResult:
    """Build the warehouse anew and test it; leaves ``build.json`` and ``checks_dbt.json`` in the run's folder.

    The status is ``red`` when a test of severity error failed, and ``nothing_new`` when the publication that
    stands was built from the same ledger, month, known time and code. Raises DbtError when a model did not come
    to be; the half-built file is removed. Before anything is built raises PolicyError where policy values are wrong.
    Where Spark is chosen it makes the tables, and the file takes them over.
    """
    check_policy()
    sweep(settings)
    deliveries = ledger.known_deliveries(settings)
    as_of = ledger.month_to_monitor(settings, deliveries)
    moment = ledger.known_moment(settings.known_at)
    result = BuildResult(
        run_id=run_id,
        status=BUILT,
        version=_version_name(as_of, run_id),
        path="",
        as_of=str(as_of),
        known_at=settings.known_at,
        is_replay=_is_replay(settings, as_of),
        fingerprint=ledger.fingerprint(
            deliveries, read_decisions(settings, moment), steps_by_people(settings, moment), as_of, moment
        ),
    )
    standing = published_build(settings)
    if standing is not None and standing["fingerprint"] == result.fingerprint:
        result.status, result.version, result.path = NOTHING_NEW, standing["version"], standing["path"]
        runs.write(settings, run_id, "build", asdict(result))
        return result
    landing.write_schemas(settings)
    private_folder(settings.warehouse)
    path = _building(settings, result.version)
    result.path = str(path)
    version = Version(path, as_of, moment)
    try:
        checks = _run_dbt(settings, version, result)
        _link_people(settings, version, result)
        _checkpoint(settings, path)
        _write_record(settings, result)
    except BaseException:
        _remove(path)
        raise
    runs.write(settings, run_id, "checks_dbt", checks)
    runs.write(settings, run_id, "build", asdict(result))
    return result


def sweep(settings: Settings) -> None:
    """Delete what a build that died left behind: half-built files and spilled pages.

    The newest whole one stays: the run that built it may still be on its way to the gate and to publish it.
    """
    whole = [path for path in settings.warehouse.glob("building_*.duckdb") if _record_of(path).exists()]
    waiting = max(whole, key=_built_at, default=None)
    for path in settings.warehouse.glob("building_*"):
        if path.with_suffix(".duckdb") != waiting:
            path.unlink(missing_ok=True)
    shutil.rmtree(settings.scratch / "dbt", ignore_errors=True)


def keep(settings: Settings, version: str) -> Path:
    """Make a build the warehouse, once the gate is green: rename it, move the link, remove all but the one before.

    Returns the file's new path. A replay of an earlier month or known time is kept beside, without moving the link.
    """
    building = _building(settings, version)
    record = json.loads(_record_of(building).read_text(encoding="utf-8"))
    stem = "replay" if record["is_replay"] else "warehouse"
    path = settings.warehouse / f"{stem}_{version}.duckdb"
    _record_of(building).rename(_record_of(path))
    building.rename(path)
    if not record["is_replay"]:
        _link(settings.warehouse / "warehouse.duckdb", path.name)
    for older in sorted(settings.warehouse.glob(f"{stem}_*.duckdb"), key=_built_at)[:-2]:
        _remove(older)
    return path


def published_build(settings: Settings) -> dict[str, Any] | None:
    """The record of the build that the standing publication came from; None when one of the two is not there."""
    kept, published = settings.warehouse / "warehouse.duckdb", settings.published / "marts.duckdb"
    if not (kept.exists() and published.exists() and _record_of(kept.resolve()).exists()):
        return None
    record: dict[str, Any] = json.loads(_record_of(kept.resolve()).read_text(encoding="utf-8"))
    return {**record, "path": str(kept.resolve())} if record["version"] in published.resolve().name else None


def built_models(path: Path) -> dict[str, dict[str, str]]:
    """Every model as the build of a warehouse file ran it, what is read first: see ``compiled_models``."""
    record = json.loads(_record_of(path).read_text(encoding="utf-8"))
    if "models" not in record:
        raise OutdatedBuildError("库由较早的版本建成，请重新运行", "the warehouse is of an earlier version; run again")
    models: dict[str, dict[str, str]] = record["models"]
    return models


def _building(settings: Settings, version: str) -> Path:
    return settings.warehouse / f"building_{version}.duckdb"


def _record_of(path: Path) -> Path:
    """What a warehouse file was built from lies beside it."""
    return path.with_suffix(".json")


def _write_record(settings: Settings, result: BuildResult) -> None:
    names = ("version", "as_of", "known_at", "is_replay", "fingerprint")
    record = {
        **{name: getattr(result, name) for name in names},
        "models": compiled_models(Project.own(settings).target),
    }
    _record_of(result.file).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _version_name(as_of: Month, run_id: str) -> str:
    return f"{as_of}_{datetime.now(UTC):%Y%m%dT%H%M%SZ}_{sha256(run_id.encode()).hexdigest()[:6]}"


def _built_at(path: Path) -> str:
    """A version's name sorts by its month first; what is older is told by the moment after it."""
    return path.stem.split("_", 2)[-1]


def _is_replay(settings: Settings, as_of: Month) -> bool:
    """An older month, or an older knowledge, than what stands is laid beside it; where nothing stands, it stands."""
    published = settings.published / "marts.duckdb"
    if not published.exists():
        return False
    standing = Month.parse(published.resolve().stem.split("_")[1])
    return bool(settings.known_at) or as_of < standing


def _run_dbt(settings: Settings, version: Version, result: BuildResult) -> list[dict[str, Any]]:
    """Build every layer and test it; returns the checks, and leaves what each part took in ``result``."""
    started = monotonic()
    target = spark.chosen(settings)
    outcomes = (
        _build_on(settings, version, target) if target else _run(settings, version, LAYERS, Project.own(settings))
    )
    for layer, outcome in outcomes.items():
        result.seconds[layer] = outcome.seconds
        if layer != "checks":
            result.nodes += [_node_record(layer, node) for node in outcome.nodes]
            _refuse_crashes(layer, outcome)
    result.seconds["dbt"] = round(monotonic() - started, 2)
    return _checks(settings, version, result, outcomes["checks"])


def _build_on(settings: Settings, version: Version, target: str) -> dict[str, RunResults]:
    """Let another engine make every table, and the warehouse file take them over; the file's own are views and checks.

    Ends after the layer in which a model did not come to be, or a unit test went wrong.
    """
    spark.tables_folder(settings)  # where it is not said, nothing is made in vain
    there = Project.own(settings, target)
    layers = {name: layer for name, layer in LAYERS.items() if name != "checks"}
    made = _run(settings, version, {**layers, "trial": TRIAL}, there)
    if any(node.status not in _GOOD for outcome in made.values() for node in outcome.nodes):
        return made
    views = {name for name, model in compiled_models(there.target).items() if model["kind"] == "view"}
    names = [node.name for layer in layers for node in made[layer].nodes]
    spark.take_over(settings, version.path, [name for name in names if name not in views])
    # A question put to the file later runs models again, as the file's own engine reads them.
    here = {
        "views": Command("run", ("config.materialized:view",)),
        "sql": Command("compile", ("resource_type:model",), ("resource_type:test", "resource_type:unit_test")),
    }
    return made | _run(settings, version, {**here, "checks": LAYERS["checks"]}, Project.own(settings))


def _run(
    settings: Settings, version: Version, layers: Mapping[str, Command], project: Project
) -> dict[str, RunResults]:
    events = lineage.model_events_file(settings) if "marts" in layers else None
    return dict(zip(layers, run_commands(settings, version, list(layers.values()), project, events), strict=False))


def _link_people(settings: Settings, version: Version, result: BuildResult) -> None:
    """Propose who the rows without a usable number speak of; no model has read it."""
    started = monotonic()
    connection = engine.connect(settings)
    try:
        engine.attach_warehouse(connection, settings, version.path, read_only=False)
        write_links(connection, settings, version.as_of)
    finally:
        connection.close()
    result.seconds["links"] = round(monotonic() - started, 2)


def _refuse_crashes(layer: str, outcome: RunResults) -> None:
    broken = [node for node in outcome.nodes if node.status not in _GOOD]
    if broken:
        told = "; ".join(f"{node.name} ({node.message})" for node in broken[:5])
        raise DbtError("建库失败", f"the build of layer {layer} failed: {told}")


def _checks(settings: Settings, version: Version, result: BuildResult, outcome: RunResults) -> list[dict[str, Any]]:
    empty = _empty_tables(settings, version.path)
    checks = [_check_record(result.run_id, node, empty) for node in outcome.of_kind("test")]
    for check in checks:
        result.checks[check["status"]] = result.checks.get(check["status"], 0) + 1
    if any(check["severity"] == "critical" and check["status"] in ("failed", "error") for check in checks):
        result.status = RED
    return checks


def _check_record(run_id: str, node: Node, empty: set[str]) -> dict[str, Any]:
    status = {"pass": "passed", "fail": "failed", "warn": "failed", "error": "error"}.get(node.status, "not_evaluated")
    if status == "passed" and node.target in empty:
        status = "not_evaluated"
    return {
        "run_id": run_id,
        "suite": "dbt",
        "check_name": node.name,
        "target": node.target,
        "severity": "critical" if node.severity == "error" else "warning",
        "status": status,
        "observed": f"{node.failures} 行不符 / rows against it" if node.failures is not None else node.message,
        "expected": "0 行 / rows",
        "failed_rows": node.failures,
    }


def _empty_tables(settings: Settings, path: Path) -> set[str]:
    """Tables, and staging views of datasets, that hold no row: a test on them had nothing to check."""
    connection = engine.connect(settings)
    try:
        engine.attach_warehouse(connection, settings, path)
        empty = connection.execute(
            "select table_name from duckdb_tables() where database_name = ? and estimated_size = 0",
            [engine.WAREHOUSE_ALIAS],
        ).fetchall()
        silent = connection.execute(
            f"""
            select 'stg_' || replace(dataset.dataset, '.', '__')
            from {engine.WAREHOUSE_ALIAS}.intermediate.int_dataset as dataset
            left join {engine.WAREHOUSE_ALIAS}.intermediate.int_delivery as delivery
                on dataset.dataset = delivery.dataset and delivery.status = 'accepted'
            group by dataset.dataset
            having coalesce(sum(delivery.rows_accepted), 0) = 0
            """
        ).fetchall()
        return {name for (name,) in empty + silent}
    finally:
        connection.close()


def _checkpoint(settings: Settings, path: Path) -> None:
    """Fold the write-ahead log into the file, so that one file is the whole build."""
    connection = engine.connect(settings)
    try:
        engine.attach_warehouse(connection, settings, path, read_only=False)
        connection.execute(f"CHECKPOINT {engine.WAREHOUSE_ALIAS}")
    finally:
        connection.close()


def _node_record(layer: str, node: Node) -> dict[str, Any]:
    return {"layer": layer, "name": node.name, "kind": node.kind, "status": node.status, "seconds": node.seconds}


def _link(link: Path, target: str) -> None:
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def _remove(path: Path) -> None:
    for part in (path, path.with_name(path.name + ".wal"), _record_of(path)):
        part.unlink(missing_ok=True)
