"""The process in which dbt runs: ``python -m include.warehouse.dbt_process`` with its commands on standard input.

It is a process of its own because dbt keeps the lock on the file it wrote until it ends; all commands of a build
share it, because importing dbt and reading the project cost more than most of its models.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest


def main() -> int:
    """Run the commands in order, keep each one's results beside the others; stop where a model did not come to be.

    A failed test is a result, not a failure; the exit code says only whether dbt could run.
    """
    job = json.loads(sys.stdin.read())
    target = Path(job["target"])
    parsed = dbtRunner().invoke(["parse", *job["options"]])
    if not isinstance(parsed.result, Manifest):
        return 2
    runner = dbtRunner(manifest=parsed.result)
    for number, (verb, *more) in enumerate(job["commands"]):
        outcome = runner.invoke([verb, *job["options"], *more])
        results = target / "run_results.json"
        if not results.exists():
            return 2
        shutil.move(results, target / f"results_{number:02d}.json")
        if verb != "test" and not outcome.success:
            break
    return 0


if __name__ == "__main__":
    sys.exit(main())
