"""The process in which dbt runs: ``python -m include.warehouse.dbt_process`` with its commands on standard input.

It is a process of its own because dbt keeps the lock on the file it wrote until it ends; all commands of a build
share it, because importing dbt and reading the project cost more than most of its models. Of dbt's own artifacts
nothing is written: each command's hold the whole project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from dbt.artifacts.resources.types import NodeType
from dbt.artifacts.schemas.results import ExecutionResult, NodeResult
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

from include.settings import put_in_place


def main() -> int:
    """Run the commands in order, keep what became of each; stop where a model did not come to be.

    A failed test is a result, not a failure; the exit code says only whether dbt could run.
    """
    job = json.loads(sys.stdin.read())
    manifest = _manifest(job)
    if manifest is None:
        return 2
    runner = dbtRunner(manifest=manifest)
    outcomes, built = [], []
    for verb, *more in job["commands"]:
        outcome = runner.invoke([verb, *job["options"], *more])
        if not isinstance(outcome.result, ExecutionResult):
            return 2
        outcomes.append(_outcome(outcome.result))
        if isinstance(outcome.result, RunExecutionResult) and verb == "build":
            built.append(outcome.result)
        if verb != "test" and not outcome.success:
            break
    Path(job["outcome"]).write_text(json.dumps(outcomes), encoding="utf-8")
    Path(job["models"]).write_text(json.dumps(_models(manifest)), encoding="utf-8")
    if job["events"]:
        _tell(Path(job["events"]), manifest, built)
    return 0


def _outcome(result: ExecutionResult) -> dict[str, Any]:
    nodes = [_node(one) for one in result.results if isinstance(one, NodeResult)]
    return {"seconds": round(result.elapsed_time, 2), "nodes": nodes}


def _node(result: NodeResult) -> dict[str, Any]:
    """As ``include.warehouse.dbt.Node`` takes it."""
    node = result.node
    target = getattr(node, "attached_node", None) or next(iter(node.depends_on_nodes), node.unique_id)
    return {
        "name": node.name,
        "kind": str(node.resource_type),
        "status": str(result.status),
        "seconds": round(result.execution_time, 3),
        "failures": result.failures,
        "severity": str(getattr(node.config, "severity", "error")).lower(),
        "target": target.rsplit(".", 1)[-1],
        "message": (result.message or "") if result.status in ("error", "fail") else "",
    }


def _models(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Of every model that was compiled its schema, kind and SQL, and the names of those it reads."""
    names = {unique_id: node.name for unique_id, node in manifest.nodes.items()}
    return {
        node.name: {
            "schema": node.schema,
            "kind": node.config.materialized,
            "sql": node.compiled_code,
            "reads": [names[read] for read in node.depends_on_nodes if read in names],
        }
        for node in manifest.nodes.values()
        if node.resource_type == NodeType.Model and node.compiled_code
    }


def _tell(path: Path, manifest: Manifest, built: list[RunExecutionResult]) -> None:
    from include.lineage import model_events  # a second to import, which only a build needs to spend

    model_events.write(path, manifest.writable_manifest().to_dict(), built)


def _manifest(job: dict[str, Any]) -> Manifest | None:
    """The project as dbt understood it, from the file that keeps it while the project stays the same.

    dbt's own partial parsing begins anew with every other variable or warehouse file, which each build has.
    """
    kept, digest = Path(job["parsed"]), job["digest"].encode("ascii")
    if kept.exists() and (content := kept.read_bytes()).startswith(digest):
        manifest = Manifest.from_msgpack(content[len(digest) :], decoder=extended_mashumuro_decoder)
        manifest.build_flat_graph()
        return manifest
    parsed = dbtRunner().invoke(["parse", *job["options"]]).result
    if not isinstance(parsed, Manifest):
        return None
    with put_in_place(kept) as path:
        path.write_bytes(digest + bytes(parsed.to_msgpack(extended_mashumaro_encoder)))
    return parsed


if __name__ == "__main__":
    sys.exit(main())
