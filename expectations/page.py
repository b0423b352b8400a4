"""One page a run that shows what was checked: our own, because the library's pages load from outside hosts."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations.results import STATES, blocks, count_states
from include import runs
from include.periods import SHANGHAI
from include.settings import Settings, private_folder

_TEMPLATE = "page.html.j2"
_SUITE_TITLES = {
    "gate": ("质量关口", "The gate"),
    "dbt": ("仓库完整性", "Warehouse integrity"),
    "self_check": ("检查工具自检", "Self-check of the checking tool"),
    "acceptance": ("交付验收", "Delivery acceptance"),
    "publication": ("发布前检查", "Publication"),
}
_STATUS_WORDS = {
    "passed": ("通过", "passed"),
    "failed": ("未通过", "failed"),
    "error": ("未能检查", "error"),
    "not_evaluated": ("无可检查", "not evaluated"),
}
_SEVERITY_WORDS = {"critical": ("严重", "critical"), "warning": ("提醒", "warning"), "info": ("参考", "info")}


def page_path(settings: Settings, run_id: str) -> Path:
    """Where the page of a run lies."""
    return settings.outbox / "quality" / f"{run_id}.html"


def write(settings: Settings, run_id: str, gate: dict[str, Any], checks: list[dict[str, Any]]) -> Path:
    """Render the page, and point ``latest.html`` at it."""
    path = page_path(settings, run_id)
    private_folder(path.parent)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(render(_run_facts(settings, run_id), gate, checks), encoding="utf-8")
    temporary.replace(path)
    link = path.with_name(f".latest_{run_id}")
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    link.replace(path.with_name("latest.html"))
    return path


def render(run: dict[str, Any], gate: dict[str, Any], checks: list[dict[str, Any]]) -> str:
    """The page as one HTML text without any reference to another file or host."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(_TEMPLATE).render(
        run=run,
        gate=gate,
        blocking=[check for check in checks if blocks(check)],
        groups=_groups(checks),
        status_words=_STATUS_WORDS,
        severity_words=_SEVERITY_WORDS,
        states=STATES,
    )


def _groups(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Checks by kind, and within a kind by suite; suites with something to look at come first."""
    kinds: dict[str, dict[str, list[dict[str, Any]]]] = {kind: defaultdict(list) for kind in _SUITE_TITLES}
    for check in checks:
        kind = check["suite"].partition(".")[0]
        kinds[kind if kind in kinds else "dbt"][check["suite"]].append(check)
    return [
        {
            "chinese": _SUITE_TITLES[kind][0],
            "english": _SUITE_TITLES[kind][1],
            "counts": count_states(check for members in suites.values() for check in members),
            "suites": [
                {
                    "target": members[0]["target"] if name != "dbt" else "dbt",
                    "counts": count_states(members),
                    "checks": sorted(members, key=lambda check: (STATES.index(check["status"]), check["severity"])),
                }
                for name, members in sorted(suites.items(), key=lambda item: (_worst(item[1]), item[0]))
            ],
        }
        for kind, suites in kinds.items()
        if suites
    ]


def _worst(checks: list[dict[str, Any]]) -> int:
    return min(STATES.index(check["status"]) for check in checks)


def _run_facts(settings: Settings, run_id: str) -> dict[str, Any]:
    record = runs.read(settings, run_id, "run") if runs.done(settings, run_id, "run") else {}
    build = runs.read(settings, run_id, "build") if runs.done(settings, run_id, "build") else {}
    started = record.get("started_at")
    return {
        "run_id": run_id,
        "as_of": build.get("as_of") or record.get("as_of") or "–",
        "known_at": record.get("known_at"),
        "started_at": f"{datetime.fromisoformat(started).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if started else "–",
        "code_version": record.get("code_version", "–"),
        "parameter_version": record.get("parameter_version", "–"),
    }
