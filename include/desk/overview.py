"""The lead's figures: by town and by rule, what is with whom, what is late, how often it was true, money at risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from include.desk.board import IN_THE_FIELD, IN_THE_OFFICE, Case

TRUE, PARTLY, FALSE = "属实", "部分属实", "不属实"


@dataclass
class Figures:
    """Counts of one line; ``at_risk`` and ``recovered`` in yuan."""

    name: str
    in_the_field: int = 0
    in_the_office: int = 0
    over: int = 0
    overdue: int = 0
    critical: int = 0
    true: int = 0
    answered: int = 0
    at_risk: Decimal = field(default_factory=Decimal)
    recovered: Decimal = field(default_factory=Decimal)

    @property
    def precision(self) -> float | None:
        """Share of the answers that say true or partly true; nothing before any answer."""
        return self.true / self.answered if self.answered else None

    def add(self, case: Case, today: date) -> None:
        """Count one case."""
        state, alert = case.state, case.alert
        is_live = state in IN_THE_FIELD or state in IN_THE_OFFICE or state == "suspended"
        self.in_the_field += state in IN_THE_FIELD or state == "suspended"
        self.in_the_office += state in IN_THE_OFFICE
        self.over += state == "closed"
        self.overdue += case.is_overdue(today)
        self.critical += is_live and alert.severity == "critical"
        self.at_risk += alert.amount_at_risk if is_live else 0
        finding, recovered = answer_of(case)
        self.answered += finding in (TRUE, PARTLY, FALSE)
        self.true += finding in (TRUE, PARTLY)
        self.recovered += recovered


@dataclass(frozen=True)
class Overview:
    """All, and the same by town and by rule."""

    total: Figures
    towns: list[Figures]
    rules: list[Figures]


def overview(cases: list[Case], today: date) -> Overview:
    """The figures over some cases; quiet alerts, which another speaks for, are left out."""
    told = [case for case in cases if not case.alert.quiet_reason]
    total = Figures("合计")
    for case in told:
        total.add(case, today)
    return Overview(
        total,
        _by(told, lambda case: case.alert.town or "未定镇街", today),
        _by(told, lambda case: f"{case.alert.rule_id} {case.alert.title}", today),
    )


def answer_of(case: Case) -> tuple[str, Decimal]:
    """The newest finding of a case (empty before any), and the yuan that were recovered.

    Reopening takes both back: what was found by mistake counts for nothing until somebody answers again.
    """
    finding, recovered = "", Decimal(0)
    for step in case.steps:
        if step.entry.event == "reopen":
            finding, recovered = "", Decimal(0)
        finding = step.entry.detail.get("finding", finding)
        recovered = _yuan(step.entry.detail.get("amount_recovered")) or recovered
    return finding, recovered


def _by(cases: list[Case], name_of: Callable[[Case], str], today: date) -> list[Figures]:
    lines: dict[str, Figures] = defaultdict(lambda: Figures(""))
    for case in cases:
        line = lines[name_of(case)]
        line.name = name_of(case)
        line.add(case, today)
    return [lines[name] for name in sorted(lines)]


def _yuan(text: str | None) -> Decimal:
    return Decimal(text) if text and text.replace(".", "", 1).isdigit() else Decimal(0)
