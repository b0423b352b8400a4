"""A rule, or a draft of one, over the recorded months: what it would have found, cost and been right about."""

from __future__ import annotations

from pathlib import Path

from include.backtest.draft import Draft, DraftError, read_draft
from include.backtest.figures import Figures, backtest
from include.backtest.report import show, write_page
from include.settings import Settings
from include.warehouse.workbench import Workbench

__all__ = ["Draft", "DraftError", "Figures", "backtest", "read_draft", "run", "show", "write_page"]


def run(
    settings: Settings, rule_id: str, draft: Path | None = None, compared_with: str | None = None
) -> tuple[Path, Figures]:
    """Backtest a rule over the warehouse that stands and write its page; returns the page and what it shows.

    Raises DraftError where the draft is not one of this rule, and NoWarehouseError where nothing stands.
    """
    with Workbench.over_standing(settings) as workbench:
        compiled = read_draft(settings, draft, workbench.as_of) if draft else None
        if compiled and compiled.rule_id != rule_id:
            raise DraftError(f"草稿属于规则 {compiled.rule_id}", f"the draft is of rule {compiled.rule_id}")
        figures = backtest(workbench, rule_id, compiled, compared_with or rule_id)
    return write_page(settings, figures), figures
