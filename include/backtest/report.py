"""A backtest as a page with charts, below ``outbox/backtests/<YYYYMM>/``."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from include.backtest.figures import Figures
from include.pages import put_page, render
from include.periods import Month
from include.settings import Settings, private_folder
from include.share import Share

_TEMPLATE = Path(__file__).parent / "page.html.j2"
_SEVERITIES = {"critical": "紧急", "high": "高", "medium": "中", "low": "低"}


def show(console: Console, figures: Figures) -> None:
    """Print what was found a month and what visits have shown."""
    table = Table("月份 month", title=f"回测 backtest {figures.rule_id} {figures.title}", title_justify="left")
    for name in ("发现 found", "新增 raised", "涉及金额 yuan"):
        table.add_column(name, justify="right")
    for month in figures.months:
        if month["is_evaluated"]:
            cells = (f"{month['found']:,}", f"{month['raised']:,}", f"{month['amount']:,.2f}")
        else:
            cells = ("未评估 not evaluated", "", "")
        table.add_row(f"{month['month']:%Y-%m}", *cells)
    console.print(table)
    console.print(f"准确率 precision {_words(figures.precision)}　查全率 recall {_words(figures.recall)}")
    console.print(f"核查用工 officers' days {figures.officer_days:,.1f}")


def _words(share: Share) -> str:
    """A share with its interval, or that nothing was counted."""
    if share.value is None or share.interval is None:
        return "尚无核查结论"
    low, high = share.interval
    return f"{share.value:.1%}（{low:.1%}–{high:.1%}，{share.right}/{share.of}）"


def write_page(settings: Settings, figures: Figures) -> Path:
    """Write the page and return its path; the same figures give the same page."""
    month = Month(figures.as_of.year, figures.as_of.month)
    folder = private_folder(settings.outbox / "backtests" / str(month))
    path = folder / f"backtest_{figures.rule_id}{'_draft' if figures.is_draft else ''}.html"
    put_page(path, _page(figures))
    return path


def _page(figures: Figures) -> str:
    return render(
        _TEMPLATE,
        figures=figures,
        evaluated=[month for month in figures.months if month["is_evaluated"]],
        columns=[(f"{month['month']:%y-%m}", month["raised"]) for month in figures.months],
        town_bars=[
            (town["town"], town["alerts"], f"{town['alerts']:,}（在查 {town['open']:,}）") for town in figures.towns
        ],
        severities=[(word, figures.severities.get(code, 0)) for code, word in _SEVERITIES.items()],
        share=_words,
    )
