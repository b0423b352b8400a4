"""The last page of a run: what was read, refused, checked, found and written, and where it lies."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape

from include import runs
from include.departments import name_of
from include.pipeline import DEPARTMENTS, Outcome
from include.settings import Settings

_HEADLINES = {
    Outcome.PUBLISHED: "[bold green]已发布 published",
    Outcome.NOTHING_NEW: "[bold green]没有新内容，现有发布有效 nothing new; the standing publication is current",
    Outcome.RED: "[bold red]质量关口为红，旧发布保留 the gate is red; the old publication stands",
    Outcome.FAILED: "[bold red]未能完成 could not finish",
}
_MOST_HOLDS_SHOWN = 5
_SEVERITIES = ("critical", "high", "medium", "low")


@dataclass
class Summary:
    """Counts only; nothing that names a person."""

    run_id: str
    outcome: str
    exit_code: int
    month: str | None = None
    seconds: float | None = None
    files: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    checks: dict[str, int] = field(default_factory=dict)
    alerts: dict[str, int] = field(default_factory=dict)
    quiet: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    journal: str = ""
    flooding: str = ""
    in_doubt: str = ""
    amount_at_risk: Decimal = Decimal(0)
    changes: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def collect(settings: Settings, run_id: str, outcome: Outcome, seconds: float | None = None) -> Summary:
    """Read the run's records and the publication, and keep the result beside them."""
    summary = Summary(run_id, outcome.value, outcome.exit_code, seconds=seconds)
    summary.month = _month(settings, run_id)
    _add_intake(summary, settings, run_id)
    summary.sources = _sources_in_trouble(settings, run_id)
    summary.holds = _holds(settings)
    _add_checks(summary, settings, run_id)
    publication = _publication(settings, run_id, outcome)
    if publication["marts"].exists():
        _add_alerts(summary, publication["marts"])
    counts: dict[str, int] = _record(settings, run_id, "changes").get("counts", {})
    summary.changes = {kind: count for kind, count in counts.items() if count}
    summary.cases = {
        "dispatched": _record(settings, run_id, "deliver").get("dispatched", 0),
        **{f"answers {name}": count for name, count in _record(settings, run_id, "answers").items()},
    }
    journal = _record(settings, run_id, "deliver").get("journal")
    summary.journal = f"{journal['entries']:,} entries · {journal['head']}" if journal else ""
    summary.flooding = "、".join(_record(settings, run_id, "deliver").get("flooding", []))
    summary.in_doubt = "、".join(_record(settings, run_id, "deliver").get("in_doubt", []))
    summary.quiet = _record(settings, run_id, "deliver").get("quiet", {})
    summary.places = _places(settings, run_id, publication)
    runs.write(settings, run_id, "summary", asdict(summary))
    return summary


def show(console: Console, summary: Summary) -> None:
    """Print the summary."""
    console.print(f"\n{_HEADLINES[Outcome(summary.outcome)]}[/]  {summary.run_id}")
    lines = _lines(summary)
    width = max(cell_len(name) for name, _ in lines)
    for name, value in lines:
        console.print(f"  [cyan]{set_cell_size(name, width)}[/]  {escape(value)}")


def _lines(summary: Summary) -> list[tuple[str, str]]:
    lines = [
        ("月份 month", summary.month or "—"),
        ("文件 files", _counts(summary.files)),
        ("行 rows", _counts(summary.rows)),
        *(("数据源 source", trouble) for trouble in summary.sources),
        *_held_lines(summary.holds),
        ("检查 checks", _counts(summary.checks)),
        ("预警 open alerts", _counts(summary.alerts)),
        *([("暂不派发 not asked about now", _counts(summary.quiet))] if summary.quiet else []),
        *([("激增，只派区级 floods, held for the district", summary.flooding)] if summary.flooding else []),
        *([("属实率过低，只派区级 in doubt, held for the district", summary.in_doubt)] if summary.in_doubt else []),
        ("办理 cases", _counts(summary.cases)),
        *([("记录链 journal", summary.journal)] if summary.journal else []),
        ("涉及金额 money at risk", f"¥{summary.amount_at_risk:,.2f}"),
        ("以往月份变动 changes to published months", _counts(summary.changes)),
    ]
    if summary.seconds is not None:
        lines.append(("用时 time", f"{summary.seconds:,.0f} s"))
    return lines + list(summary.places.items())


def _held_lines(holds: list[str]) -> list[tuple[str, str]]:
    if not holds:
        return []
    lines = [("暂扣待核 held", hold) for hold in holds[:_MOST_HOLDS_SHOWN]]
    more = f"另有 {len(holds) - _MOST_HOLDS_SHOWN} 份 more; " if len(holds) > _MOST_HOLDS_SHOWN else ""
    return [*lines, ("", f"{more}请决定 decide: python -m include holds")]


def _counts(counts: dict[str, int]) -> str:
    return " · ".join(f"{name} {count:,}" for name, count in counts.items()) or "—"


def _month(settings: Settings, run_id: str) -> str | None:
    if runs.done(settings, run_id, "build"):
        month = runs.read(settings, run_id, "build").get("as_of")
        return str(month) if month else settings.as_of
    return settings.as_of


def _add_intake(summary: Summary, settings: Settings, run_id: str) -> None:
    deliveries: list[dict[str, Any]] = []
    for department in DEPARTMENTS:
        if runs.done(settings, run_id, f"ingest_{department}"):
            deliveries += runs.read(settings, run_id, f"ingest_{department}")["deliveries"]
    status = Counter(delivery["status"] for delivery in deliveries)
    summary.files = {
        "read": len(deliveries),
        "accepted": status["accepted"],
        "refused": status["quarantined"],
        "held": status["held"],
        "already known": status["duplicate"],
    }
    for name in ("read", "accepted", "quarantined", "duplicate"):
        summary.rows[name] = sum(delivery[f"rows_{name}"] or 0 for delivery in deliveries)


def _holds(settings: Settings) -> list[str]:
    """Every delivery that waits for a person's word, also those of earlier runs."""
    from include.ingest.decisions import open_holds
    from include.ingest.hold_questions import part_name

    return [
        " ".join(filter(None, (hold["delivery_id"][:12], hold["dataset"], hold["period"], part_name(settings, hold))))
        + f"  {hold['reason']['text']}"
        for hold in open_holds(settings)
    ]


def _add_checks(summary: Summary, settings: Settings, run_id: str) -> None:
    results = [
        check
        for step in ("checks_dbt", "checks_gx")
        if runs.done(settings, run_id, step)
        for check in runs.read(settings, run_id, step)
    ]
    status = Counter(str(check["status"]) for check in results)
    summary.checks = {name: status[name] for name in ("passed", "failed", "not_evaluated", "error") if status[name]}


def _publication(settings: Settings, run_id: str, outcome: Outcome) -> dict[str, Path]:
    """The pair this run made, a replay's beside; where it made none, the one that stands."""
    if outcome is Outcome.PUBLISHED and runs.done(settings, run_id, "publish"):
        published = runs.read(settings, run_id, "publish")
        if published["is_replay"]:
            return {name: Path(published[name]) for name in ("marts", "parquet", "identity")}
    return {
        "marts": settings.published / "marts.duckdb",
        "parquet": settings.published / "parquet",
        "identity": settings.restricted / "identity.duckdb",
    }


def _add_alerts(summary: Summary, marts: Path) -> None:
    import duckdb

    with duckdb.connect(str(marts), read_only=True) as connection:
        found = connection.execute(
            "select severity, count(*), coalesce(sum(amount_at_risk), 0)"
            " from monitoring.fct_alert where state = 'open' group by severity"
        ).fetchall()
    by_severity = {severity: count for severity, count, _ in found}
    summary.alerts = {name: by_severity.get(name, 0) for name in _SEVERITIES}
    summary.amount_at_risk = sum((amount for _, _, amount in found), Decimal(0))


def _places(settings: Settings, run_id: str, publication: dict[str, Path]) -> dict[str, str]:
    places = {
        "数据集市 marts": publication["marts"],
        "列存 parquet": publication["parquet"],
        "名册 identity (encrypted)": publication["identity"],
        "清单 worklists": _record(settings, run_id, "deliver").get("folder"),
        "统计报表 reports": _record(settings, run_id, "reports").get("file"),
        "变动清单 changes": _record(settings, run_id, "changes").get("file"),
        "检查报告 checks page": _record(settings, run_id, "gate").get("page"),
        "拒收 quarantine": settings.quarantine,
        "运行记录 records": runs.folder(settings, run_id),
    }
    return {name: str(path) for name, path in places.items() if path and Path(path).exists()}


def _sources_in_trouble(settings: Settings, run_id: str) -> list[str]:
    """What a department's database or API did not give this run, and why: each reason once, in both languages."""
    return [
        f"{name_of(department)}：{reason}"
        for department in DEPARTMENTS
        for pulled in [_record(settings, run_id, f"pull_{department}")]
        for reason in [*pulled.get("problems", []), *pulled.get("not_ready", [])]
    ]


def _record(settings: Settings, run_id: str, step: str) -> dict[str, Any]:
    return dict(runs.read(settings, run_id, step)) if runs.done(settings, run_id, step) else {}
