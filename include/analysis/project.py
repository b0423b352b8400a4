"""The dbt project read over a publication instead of a warehouse: nothing is built, everything can be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.privacy import DoudiError
from include.settings import DBT_PROJECT
from include.warehouse.engine import WAREHOUSE_ALIAS


@dataclass(frozen=True)
class Project:
    """The project with a publication's marts, read-only; what dbt writes lies in ``folder``."""

    folder: Path
    marts: Path

    def run(self, *command: str) -> None:
        """Run a command of dbt in this process; raises DoudiError when it does not succeed."""
        from dbt.cli.main import dbtRunner

        folder = str(self.folder)
        (self.folder / "profiles.yml").write_text(json.dumps(self._profile()), encoding="utf-8")
        places = ["--log-path", folder, "--project-dir", str(DBT_PROJECT), "--profiles-dir", folder]
        done = dbtRunner().invoke(["--quiet", *command, *places])
        if not done.success:
            words = " ".join(command[:2])
            raise DoudiError(
                f"dbt 不能读取项目（{words}）", f"dbt could not read the project: {words}"
            ) from done.exception

    def _profile(self) -> dict[str, Any]:
        """A connection under the name that the models give the warehouse; YAML holds JSON."""
        attached = {"path": str(self.marts), "alias": WAREHOUSE_ALIAS, "read_only": True}
        output = {
            "type": "duckdb", "path": ":memory:", "database": WAREHOUSE_ALIAS, "schema": "main", "threads": 1,
            "attach": [attached],
        }  # fmt: skip
        return {"doudi": {"target": "published", "outputs": {"published": output}}}
