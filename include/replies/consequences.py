"""What a dataset's silence does to the rules, read from the seeds that the models read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from include.contracts import Contract
from include.periods import Month
from include.settings import DBT_PROJECT

_SEEDS = DBT_PROJECT / "seeds"
_RULE_MODELS = DBT_PROJECT / "models" / "intermediate" / "rules"


def lines(contract: Contract, newest: Month | None, month: Month) -> list[str]:
    """For a notice: from when on which rules can no longer be evaluated; never silently clean."""
    needing, leaning = _rules(contract.dataset, "requires"), _rules(contract.dataset, "requires_any")
    programmes = [row["title_zh"] for row in _seed("rules/programme_roster") if row["dataset"] == contract.dataset]
    if not (needing or leaning or programmes):
        return ["目前没有规则以本数据为前提。"]
    first = first_month_without(contract, newest)
    since = f"如仍未到，自 {max(first, month).year}年{max(first, month).number}月起：" if first else "目前即："
    found = [since]
    if needing:
        found += ["以下规则因缺数据而不评估（not_evaluated），不会当作“没有问题”：", *needing]
    if programmes:
        found.append(f"以下待遇在各规则中不评估：{'、'.join(programmes)}。")
    if leaning:
        found += ["以下规则少一个来源，其他来源都缺时才不评估：", *leaning]
    return found


def first_month_without(contract: Contract, newest: Month | None) -> Month | None:
    """The first month for which the newest delivery is too old; None when nothing was ever delivered."""
    if newest is None:
        return None
    [tolerated] = [
        int(row["value"])
        for row in _seed("policy/parameters")
        if row["parameter"] == "stale_after_months" and row["category"] == contract.cadence
    ]
    return newest.plus(tolerated + 1)


def _rules(dataset: str, column: str) -> list[str]:
    written = {path.stem.split("__")[0].removeprefix("rule_").upper() for path in _RULE_MODELS.glob("rule_*.sql")}
    return [
        f"· {row['rule_id']} {row['title_zh']}"
        for row in _seed("rules/rule_catalogue")
        if row["rule_id"] in written and dataset in row[column].split(";")
    ]


def _seed(name: str) -> Iterator[dict[str, str]]:
    path: Path = _SEEDS / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
