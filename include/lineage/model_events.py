"""``state/lineage/models.ndjson``: OpenLineage events of the newest build, a line an event, for whatever reads those.

An event says which model was built from which, by which SQL, and which column comes from which. It is made of the
project and of how long things took; no event knows a value of a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.artifacts.schemas.run import RunExecutionResult, RunResultsArtifact
from openlineage.client.serde import Serde
from openlineage.common.provider.dbt.facets import DbtRunRunFacet
from openlineage.common.provider.dbt.processor import DbtArtifactProcessor

from include.lineage import NAMESPACE
from include.settings import put_in_place

_TAKEN = ("unique_id", "status", "timing")


def write(path: Path, manifest: dict[str, Any], built: list[RunExecutionResult]) -> None:
    """Write the events of dbt's build commands, from its manifest and what became of each."""
    lines = [Serde.to_json(event) for each in built for event in _Build(manifest, each).parse().events()]
    with put_in_place(path) as temporary:
        temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


class _Build(DbtArtifactProcessor):
    """OpenLineage's reading of what one dbt command left, over records at hand instead of files."""

    def __init__(self, manifest: dict[str, Any], built: RunExecutionResult) -> None:
        super().__init__(producer=NAMESPACE, job_namespace=NAMESPACE)
        self._manifest, self._built = manifest, built

    def get_dbt_metadata(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], None]:
        record = RunResultsArtifact.from_execution_results(
            self._built.results, self._built.elapsed_time, self._built.generated_at, self._built.args
        ).to_dict()
        # A result's message could quote a value.
        record["results"] = [
            {name: result[name] for name in _TAKEN} for result in record["results"] if result["status"] == "success"
        ]
        return self._manifest, record, {"type": "duckdb", "path": "warehouse"}, None

    def dbt_run_run_facet(self) -> dict[str, DbtRunRunFacet]:
        return {}
