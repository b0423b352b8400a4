"""Writes ``outbox/rule_book/``: an index and a page a rule, for officers and for whoever checks on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from include import runs
from include.alerts.open_alerts import PROGRAMMES, SEVERITIES
from include.contracts import load_contracts
from include.pages import put_page, render
from include.privacy import guarded
from include.settings import Settings, private_folder
from include.warehouse.dbt import rule_models
from include.warehouse.publication import open_publication, standing
from include.warehouse.rule_facts import rule_facts
from include.warehouse.workbench import rows

DIRECTIONS = {"exit": "应退应减", "cover": "应保应补", "payment": "错发漏发", "quality": "数据疑点"}
_VERIFIERS = {"village": "村居", "town": "镇街", "district": "区级"}
_SUBJECTS = {"person": "人", "household": "家庭", "payment": "款项", "delivery": "报送"}
_RULES = "select * from monitoring.dim_rule order by rule_id"
_EVALUATION = """
    select * from monitoring.fct_rule_evaluation
    where month = (select max(month) from monitoring.fct_rule_evaluation)
"""
_PARAMETERS = """
    select * from core.dim_parameter
    where valid_from <= (select max(month) from monitoring.fct_rule_evaluation)
        and (valid_to is null or valid_to > (select max(month) from monitoring.fct_rule_evaluation))
    order by parameter, category
"""
_ALERTS = """
    select rule_id, count(*) filter (state = 'open') as open, count(*) as alerts,
        count(*) filter (state = 'open' and quiet_reason is not null) as quiet
    from monitoring.fct_alert group by rule_id
"""


@dataclass(frozen=True)
class Page:
    """What a rule's page says: its catalogue row, what it reads, the policy values, and how it stands."""

    rule: dict[str, Any]
    direction: str
    severity: str
    verifier: str
    subject: str
    programmes: list[str]
    sources: list[tuple[str, str]]
    parameters: list[dict[str, Any]]
    evaluation: dict[str, Any] | None
    alerts: dict[str, Any]


@guarded("rule book")
def write(settings: Settings, run_id: str) -> int:
    """Write the standing publication's rule book; returns its pages. A replay looks at the past and writes none."""
    if runs.is_replay(settings, run_id):
        return 0
    publication = standing(settings)
    with open_publication(settings, publication) as connection:
        pages = read_pages(connection)
    folder = private_folder(settings.outbox / "rule_book")
    template = Path(__file__).parent
    for page in pages:
        put_page(folder / f"{page.rule['rule_id']}.html", render(template / "rule.html.j2", page=page))
    put_page(
        folder / "index.html",
        render(template / "index.html.j2", pages=pages, directions=DIRECTIONS, version=publication.version),
    )
    return len(pages)


def read_pages(connection: duckdb.DuckDBPyConnection) -> list[Page]:
    """The pages of every rule of the catalogue, in order, from a connection on the marts."""
    facts = rule_facts(rule_models())
    titles = {name: contract.title_zh for name, contract in load_contracts().items()}
    evaluation = {row["rule_id"]: row for row in rows(connection, _EVALUATION)}
    alerts = {row["rule_id"]: row for row in rows(connection, _ALERTS)}
    values = rows(connection, _PARAMETERS)
    pages = []
    for rule in rows(connection, _RULES):
        rule_id = rule["rule_id"]
        asked = {row["parameter"] for row in facts["rule_parameters"] if row["rule_id"] == rule_id}
        pages.append(
            Page(
                rule=rule,
                direction=DIRECTIONS[rule["direction"]],
                severity=SEVERITIES[rule["severity"]],
                verifier=_VERIFIERS.get(rule["verifier"], rule["verifier"]),
                subject=_SUBJECTS.get(rule["subject_type"], rule["subject_type"]),
                programmes=[PROGRAMMES.get(code, code) for code in (rule["programmes"] or "").split(";") if code],
                sources=[
                    (titles[row["dataset"]], row["columns_zh"])
                    for row in facts["rule_reads"]
                    if row["rule_id"] == rule_id and row["is_named"]
                ],
                parameters=[row for row in values if row["parameter"] in asked],
                evaluation=evaluation.get(rule_id),
                alerts=alerts.get(rule_id, {"open": 0, "alerts": 0, "quiet": 0}),
            )
        )
    return pages
