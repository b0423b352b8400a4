"""Read the scenarios: one file a rule, each sentence with its people, their rows and what must come of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from include.contracts import load_contracts
from include.periods import Month

FOLDER = Path(__file__).resolve().parent
FIRST, LAST = Month(2024, 1), Month(2024, 6)
WINDOW = [FIRST.plus(offset) for offset in range(6)]


@dataclass(frozen=True)
class Expected:
    """One alert as an auditor would write it down."""

    rule: str
    programme: str
    subject: str
    event: str
    first: Month
    last: Month
    severity: str
    grade: str = "M1"
    state: str = ""
    episodes: int = 1

    @property
    def identity(self) -> tuple[Any, ...]:
        """Everything that must agree with the alert found, in a form that reads well in a failure."""
        state = self.state or ("open" if self.last == LAST else "cleared")
        return (
            self.rule, self.programme, self.subject, self.event, f"{self.first}..{self.last}", self.severity,
            self.grade, state, self.episodes,
        )  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """A sentence, the people in it, and the alerts about them: these and no others."""

    rule: str
    sentence: str
    people: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    expected: list[Expected]
    absent: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How the test is called."""
        return f"{self.rule} {self.sentence}"

    @property
    def subjects(self) -> set[str]:
        """The people in it, and whatever else an alert is expected about."""
        return {*self.people, *(alert.subject for alert in self.expected)}


def load_scenarios(folder: Path = FOLDER) -> list[Scenario]:
    """Every scenario of every file ``<rule>_*.yaml``."""
    return [
        _scenario(document["rule"], given)
        for path in sorted(folder.glob("[cedp][0-9][0-9]_*.yaml"))
        for document in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for given in document["scenarios"]
    ]


def load_yaml(name: str) -> dict[str, Any]:
    """A YAML file that lies beside the scenarios."""
    return dict(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))


def months(text: Any) -> list[Month]:
    """``3``, ``2..4``, ``..3`` or ``4..`` as months of the window; a year may stand before: ``2024-03``."""
    first, dots, last = str(text).partition("..")
    if not dots:
        return [_month(first)]
    start, end = _month(first or FIRST), _month(last or LAST)
    return [month for month in WINDOW if start <= month <= end]


def _month(text: Any) -> Month:
    if isinstance(text, Month):
        return text
    return Month.parse(str(text)) if len(str(text)) > 2 else Month(FIRST.year, int(text))


def _scenario(rule: str, given: dict[str, Any]) -> Scenario:
    facts = dict(given)
    short_names = {contract.short_name: dataset for dataset, contract in load_contracts().items()}
    short_names["household"] = "civil_affairs.assistance_household"
    short_names["housing_fund"] = "housing_fund.contribution"
    scenario = Scenario(
        rule=rule,
        sentence=facts.pop("it"),
        people=facts.pop("people"),
        expected=[_expected(rule, alert) for alert in facts.pop("expect", [])],
        absent=[str(event) for event in facts.pop("absent", [])],
        rows={short_names[name]: rows for name, rows in facts.items()},
    )
    if not scenario.people:
        raise ValueError(f"{scenario.name}: nobody lives here")
    return scenario


def _expected(rule: str, alert: dict[str, Any]) -> Expected:
    found = months(alert["months"])
    return Expected(
        rule=alert.get("rule", rule),
        programme=alert["programme"],
        subject=alert.get("household") or alert.get("person") or alert["subject"],
        event=str(alert["event"]),
        first=found[0],
        last=found[-1],
        severity=alert["severity"],
        grade=alert.get("grade", "M1"),
        state=alert.get("state", ""),
        episodes=alert.get("episodes", 1),
    )
