"""Metrics by name: ``python -m include metrics caseload spending --by month town``, reckoned by MetricFlow.

What a metric is stands once, in ``dbt_project/models/marts/metrics``; MetricFlow makes the SQL and asks the standing
publication, read-only. Its own command would ask another host for updates, so only its engine is used here.
"""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.analysis.answers import Answer, Metric
from include.analysis.project import Project
from include.periods import Month
from include.privacy import DoudiError
from include.settings import Settings, private_folder
from include.warehouse.publication import standing

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine

#: What a metric may be broken down by, and MetricFlow's name for it.
BREAKDOWNS = {
    "month": "metric_time__month",
    "town": "town__name",
    "programme": "programme",
    "rule": "rule__title_zh",
    "direction": "rule__direction",
    "severity": "rule__severity",
}


class NoSuchMetricError(DoudiError):
    """A metric is not known, or cannot be broken down so."""


class Metrics:
    """The metrics over the standing publication; reading the project takes some seconds, each question far less."""

    def __init__(self, settings: Settings) -> None:
        with tempfile.TemporaryDirectory(dir=private_folder(settings.scratch)) as folder:
            self._manifest, self._engine = _load(Path(folder), standing(settings).marts)

    @property
    def offered(self) -> list[Metric]:
        """Every metric, by name."""
        found = [Metric(each["name"], each["label"], each["description"]) for each in self._manifest["metrics"]]
        return sorted(found, key=lambda metric: metric.name)

    def ask(self, names: list[str], by: list[str], first: Month | None = None, last: Month | None = None) -> Answer:
        """Metrics side by side, broken down; raises NoSuchMetricError for what is not known."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

        unknown = sorted({*names} - {metric.name for metric in self.offered} | {*by} - {*BREAKDOWNS})
        if unknown or not names:
            raise NoSuchMetricError(
                f"没有这样的指标或分组：{'、'.join(unknown) or '（未指明）'}",
                f"no such metric or breakdown: {', '.join(unknown) or '(none named)'}",
            )
        breakdowns = [BREAKDOWNS[each] for each in by]
        within = [
            f"{{{{ TimeDimension('metric_time', 'month') }}}} {sign} '{month.first}'"
            for sign, month in ((">=", first), ("<=", last))
            if month is not None
        ]
        request = MetricFlowQueryRequest.create(
            metric_names=names, group_by_names=breakdowns, order_by_names=breakdowns, where_constraints=within
        )
        try:
            found = self._engine.query(request).result_df
        except Exception as error:
            # Its messages run over pages; what a person can do about it is always the same.
            raise NoSuchMetricError(
                f"这些指标不能这样分组：{'、'.join(names)}；{'、'.join(by)}",
                f"these metrics cannot be broken down so: {', '.join(names)}; {', '.join(by)}",
            ) from error
        assert found is not None
        place = {name: number for number, name in enumerate(found.column_names)}
        order = [place[name] for name in (*breakdowns, *names)]
        return Answer([*by, *names], [tuple(_day(row[number]) for number in order) for row in found.rows])


def _day(value: Any) -> Any:
    """MetricFlow gives a month as a moment."""
    return value.date() if isinstance(value, datetime) else value


def _load(folder: Path, marts: Path) -> tuple[dict[str, Any], MetricFlowEngine]:
    from dbt.adapters.factory import get_adapter_by_type
    from dbt_metricflow.cli.dbt_connectors.adapter_backed_client import AdapterBackedSqlClient
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    project = Project(folder, marts)
    project.run("parse", "--target-path", str(folder))
    project.run("debug")  # makes the adapter known
    text = (folder / "semantic_manifest.json").read_text(encoding="utf-8")
    lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(manifest_json_string=text))
    return json.loads(text), MetricFlowEngine(lookup, AdapterBackedSqlClient(get_adapter_by_type("duckdb")))
