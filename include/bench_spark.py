"""What a build costs where Spark makes the tables, in one process here: the same landing, checks and file."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

from include import runs
from include.bench import cost_of
from include.privacy import guarded, mask_logging
from include.settings import Settings
from include.warehouse.build import build

# Everything is known by then; what stands was built without a moment, and would be found to be the same.
_KNOWN_AT = "2999-12-31"


def _build_anew(settings: Settings) -> None:
    chosen = {**settings.environment, "WAREHOUSE_TARGET": "spark_local_large"}
    build(replace(settings, known_at=_KNOWN_AT, environment=chosen), runs.new_run_id())


if __name__ == "__main__":
    mask_logging()
    with guarded("bench spark"):
        sys.stdout.write(json.dumps(cost_of(lambda: _build_anew(Settings.from_environment()))) + "\n")
