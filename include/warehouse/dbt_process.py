"""The process in which dbt runs: ``python -m include.warehouse.dbt_process`` with its commands on standard input.

It is a process of its own because dbt keeps the lock on the file it wrote until it ends; all commands of a build
share it, because importing dbt and reading the project cost more than most of its models.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

from include.settings import put_in_place


def main() -> int:
    """Run the commands in order, keep each one's results beside the others; stop where a model did not come to be.

    A failed test is a result, not a failure; the exit code says only whether dbt could run.
    """
    job = json.loads(sys.stdin.read())
    target = Path(job["target"])
    manifest = _manifest(job)
    if manifest is None:
        return 2
    runner = dbtRunner(manifest=manifest)
    for number, (verb, *more) in enumerate(job["commands"]):
        outcome = runner.invoke([verb, *job["options"], *more])
        results = target / "run_results.json"
        if not results.exists():
            return 2
        shutil.move(results, target / f"results_{number:02d}.json")
        if verb != "test" and not outcome.success:
            break
    return 0


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
