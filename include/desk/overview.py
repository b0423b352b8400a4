"""The lead's figures: by town and by rule, what is with whom, late, true or held, and the money at risk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from include.desk.board import IN_THE_FIELD, IN_THE_OFFICE, Case
from include.share import Share

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
    def precision(self) -> Share:
        """Share of the answers that say true or partly true."""
        return Share(self.true, self.answered)

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
class Held:
    """How many alerts of a rule wait for the district, and why."""

    rule: str
    why: str
    waiting: int


@dataclass(frozen=True)
class Overview:
    """All, and the same by town and by rule; ``held`` are those that no village is sent to for now."""

    total: Figures
    towns: list[Figures]
    rules: list[Figures]
    held: list[Held]


def overview(cases: list[Case], today: date) -> Overview:
    """The figures over some cases, but quiet ones, which another speaks for, and visits that the lot drew."""
    told = [case for case in cases if not (case.alert.quiet_reason or case.alert.is_sample)]
    total = Figures("合计")
    for case in told:
        total.add(case, today)
    return Overview(
        total,
        _by(told, lambda case: case.alert.town or "未定镇街", today),
        _by(told, _rule_of, today),
        _held(told),
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


def _held(cases: list[Case]) -> list[Held]:
    waiting = Counter(
        (_rule_of(case), case.held_zh) for case in cases if case.held_because and case.state in IN_THE_FIELD
    )
    return [Held(rule, why, count) for (rule, why), count in sorted(waiting.items())]


def _rule_of(case: Case) -> str:
    return f"{case.alert.rule_id} {case.alert.title}"


def _by(cases: list[Case], name_of: Callable[[Case], str], today: date) -> list[Figures]:
    lines: dict[str, Figures] = defaultdict(lambda: Figures(""))
    for case in cases:
        line = lines[name_of(case)]
        line.name = name_of(case)
        line.add(case, today)
    return [lines[name] for name in sorted(lines)]


def _yuan(text: str | None) -> Decimal:
    return Decimal(text) if text and text.replace(".", "", 1).isdigit() else Decimal(0)
