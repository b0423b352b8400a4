"""The command ``python -m include explain``: rule, clause, policy rows and delivered rows of an alert."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from include.alerts.evidence import in_words
from include.periods import SHANGHAI
from include.privacy import DoudiError
from include.settings import Settings
from include.warehouse.publication import open_publication

_ALERT = """
    select
        alert.alert_no, alert.state, alert.severity, alert.first_month, alert.last_month, alert.match_grade,
        alert.evidence, rule.rule_id, rule.title_zh, rule.title_en, told.rule_version, told.legal_basis,
        told.explanation_zh, told.clears_zh, alert.proposed_action, told.parameters, told.sources
    from monitoring.fct_alert as alert
    inner join monitoring.dim_rule as rule on alert.rule_id = rule.rule_id
    inner join monitoring.fct_alert_explanation as told on alert.alert_no = told.alert_no
    where alert.alert_no = ?
"""


class NoSuchAlertError(DoudiError):
    """A number under which nothing stands in the publication."""


@dataclass(frozen=True)
class Explanation:
    """An alert with everything it stands on; ``parameters`` and ``sources`` are rows of dictionaries."""

    facts: dict[str, Any]
    parameters: list[dict[str, Any]]
    sources: list[dict[str, Any]]


def explain(settings: Settings, alert_no: str) -> Explanation:
    """Read an alert's explanation from the publication; raises NoSuchAlertError where there is no such alert."""
    with open_publication(settings) as connection:
        cursor = connection.execute(_ALERT, [alert_no])
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone()
    if row is None:
        raise NoSuchAlertError("没有这一编号的预警", "the publication has no alert of this number")
    facts = dict(zip(names, row, strict=True))
    parameters, sources = (json.loads(facts.pop(name)) for name in ("parameters", "sources"))
    return Explanation(facts, parameters, sorted(sources, key=_place))


def show(console: Console, told: Explanation) -> None:
    """Print the explanation, for an auditor or for whoever doubts the alert."""
    facts = told.facts
    for name, value in (
        ("预警 alert", f"{facts['alert_no']}（{facts['state']}，{facts['severity']}，匹配 {facts['match_grade']}）"),
        ("规则 rule", f"{facts['rule_id']} {facts['title_zh']} {facts['title_en']}，第 {facts['rule_version']} 版"),
        ("依据 clause", facts["legal_basis"]),
        ("说明 in words", facts["explanation_zh"]),
        ("事实 facts", in_words(facts["evidence"], None)),
        ("月份 months", f"{facts['first_month']:%Y-%m} – {facts['last_month']:%Y-%m}"),
        ("解除 clears", facts["clears_zh"]),
        ("建议 proposed", facts["proposed_action"]),
    ):
        console.print(f"[cyan]{name}[/]  ", end="")
        console.print(value, markup=False)
    policy = Table("参数 parameter", "类别", "自 from", "值 value", "单位 unit", "来源 source", "等级 grade")
    for row in told.parameters:
        grade = f"{row['grade']}（暂定 placeholder）" if row["is_placeholder"] else row["grade"]
        policy.add_row(
            row["parameter"],
            row["category"],
            row["valid_from"],
            _number(row["value"]),
            row["unit"],
            row["source"],
            grade,
        )
    if told.parameters:
        console.print(policy)
    sources = Table(
        "数据 dataset", "文件 file", "工作表 sheet", "行 row", "收到 received", "所读的列 columns read", "交付 delivery"
    )
    for row in told.sources:
        sources.add_row(
            row["dataset"], row["file"], _sheet(row), "" if row["row"] is None else str(row["row"]),
            _moment(row["received_at"]), row["columns"] or "", row["delivery"][:12],
        )  # fmt: skip
    console.print(sources)


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["dataset"], row["received_at"], row["file"], row["row"] or 0


def _sheet(row: dict[str, Any]) -> str:
    return " / ".join(part for part in (row["member"], row["sheet"]) if part)


def _number(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text + '+00:00').astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
