"""Today's work of an account: its cases, narrowed by a filter, one group a household, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from include.cases.states import FIELD, OFFICE
from include.desk.accounts import Account
from include.desk.board import IN_THE_FIELD, IN_THE_OFFICE, Case

PAGE = 40
_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Filter:
    """What is looked for: words in names, numbers and titles, a severity, a state, only what is overdue, a page."""

    words: str = ""
    severity: str = ""
    state: str = ""
    overdue: bool = False
    page: int = 1

    @classmethod
    def of(cls, asked: dict[str, str]) -> Filter:
        """The filter of a page's query."""
        return cls(
            words=asked.get("words", "").strip()[:60],
            severity=asked.get("severity", ""),
            state=asked.get("state", ""),
            overdue=asked.get("overdue") == "1",
            page=page_asked(asked),
        )


def page_asked(asked: dict[str, str]) -> int:
    """The page of a query, from 1; the first where it is no such number."""
    page = asked.get("page", "1")
    return max(1, int(page)) if page.isdigit() and len(page) < 6 else 1


@dataclass(frozen=True)
class Work:
    """One page of groups, and how much there is in all."""

    groups: list[list[Case]]
    pages: int
    counts: dict[str, int]


def work_of(cases: list[Case], account: Account, asked: Filter, today: date) -> Work:
    """The cases that are with this account's office (or in the state asked for), grouped and ordered."""
    mine = [case for case in cases if not case.alert.quiet_reason and case.state in _with(account)]
    counts = {
        "all": len(mine),
        "critical": sum(case.alert.severity == "critical" for case in mine),
        "overdue": sum(case.is_overdue(today) for case in mine),
        "recalled": sum(case.is_recalled for case in cases),
        "soon": sum(bool(case.alert.due_on and today <= case.alert.due_on <= today + _SOON) for case in mine),
    }
    shown = [case for case in (cases if asked.state else mine) if _fits(case, account, asked, today)]
    groups: dict[str, list[Case]] = {}
    for case in shown:
        groups.setdefault(case.alert.group, []).append(case)
    ordered = sorted(
        (sorted(group, key=lambda case: _urgency(case, today)) for group in groups.values()),
        key=lambda group: _urgency(group[0], today),
    )
    pages = max(1, -(-len(ordered) // PAGE))
    first = (min(asked.page, pages) - 1) * PAGE
    return Work(ordered[first : first + PAGE], pages, counts)


def _with(account: Account) -> tuple[str, ...]:
    if account.role in FIELD:
        return IN_THE_FIELD
    if account.role in OFFICE:
        return (*IN_THE_OFFICE, *IN_THE_FIELD, "suspended")
    return (*IN_THE_OFFICE, *IN_THE_FIELD, "suspended", "closed")


def _fits(case: Case, account: Account, asked: Filter, today: date) -> bool:
    alert = case.alert
    said = [alert.alert_no, alert.title, alert.rule_id, alert.town, alert.village]
    if account.sees_names:
        said += [alert.name, alert.household_no]
    return (
        (not asked.words or any(asked.words in text for text in said))
        and (not asked.severity or alert.severity == asked.severity)
        and (not asked.state or case.state == asked.state)
        and (not asked.overdue or case.is_overdue(today))
    )


def _urgency(case: Case, today: date) -> tuple[bool, int, date, str]:
    return (not case.is_overdue(today), case.alert.priority, case.alert.due_on or date.max, case.alert.alert_no)
