"""What else the desk reads of a person or a household: the months across departments, the tier, and, once, identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from include.alerts.open_alerts import PROGRAMMES
from include.desk.board import Alert, Board, Case

_ENROLMENT = """
select programme, month, status from core.fct_enrolment_month
where {key} = ? order by programme, month
"""
_PAYMENT = """
select programme, benefit_month as month, sum(amount) as paid from core.fct_payment
where {key} = ? and result = '成功' and kind <> '扣回' and amount > 0
group by programme, benefit_month order by programme, benefit_month
"""
_DIED = "select died_month as month from core.dim_person where person_key = ?"
_MEMBERS = "select distinct person_key from core.fct_enrolment_month where household_key = ?"
_SHARING = """
select distinct other.household_key
from core.fct_enrolment_month as mine
inner join core.fct_enrolment_month as other using (person_key)
where mine.household_key = $1 and other.household_key <> $1
"""
_PERSONAL = """
select id_no, name, birth_date, died_on, certificate_no from identity.restricted.person_identity where person_key = ?
"""
_HOUSEHOLD = """
select household_no, head_name, address, phone from identity.restricted.household_identity where household_key = ?
"""
_MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Bar:
    """One row of the picture: a name, and the months (0 the first shown) that are filled; ``tone`` is its colour."""

    name: str
    months: list[int]
    tone: str
    notes: dict[int, str]


@dataclass(frozen=True)
class Timeline:
    """The picture of a person's or a household's months."""

    months: list[date]
    bars: list[Bar]


def timeline_of(board: Board, key: str, value: str | None, cases: list[Case]) -> Timeline:
    """What was held, paid and found, and a death, month by month; ``key`` is person_key or household_key."""
    if value is None:
        return Timeline([], [])
    held = board.ask(_ENROLMENT.format(key=key), [value])
    paid = board.ask(_PAYMENT.format(key=key), [value])
    found = [case.alert for case in cases if getattr(case.alert, key) == value and not case.alert.is_sample]
    ends = [row["month"] for row in (*held, *paid)] + [
        month for one in found for month in (one.first_month, one.last_month)
    ]
    if not ends:
        return Timeline([], [])
    months = _months(min(ends), max(ends))[-_MONTHS_SHOWN:]
    place = {month: number for number, month in enumerate(months)}
    bars = [
        *_bars("在册 ", held, place, "held", lambda row: str(row["status"])),
        *_bars("发放 ", paid, place, "paid", lambda row: f"{row['paid']:,.2f} 元"),
    ]
    died = board.ask(_DIED, [value]) if key == "person_key" else []
    bars += [Bar("死亡", [place[row["month"]]], "died", {}) for row in died if row["month"] in place]
    for one in sorted(found, key=lambda one: (one.first_month, one.rule_id)):
        filled = [place[month] for month in _months(one.first_month, one.last_month) if month in place]
        bars.append(Bar(f"{one.rule_id} {one.title}", filled, "found", {}))
    return Timeline(months, bars)


def household_of(board: Board, household_key: str) -> dict[str, Any] | None:
    """The household's newest line of the monitoring mart: the tier that it holds beside every flag."""
    rows = board.ask(
        "select * from monitoring.mart_low_income_monitoring where household_key = ? order by month desc limit 1",
        [household_key],
    )
    return rows[0] if rows else None


def cases_of_household(board: Board, cases: list[Case], household_key: str) -> tuple[list[Case], list[Case]]:
    """Of some cases those of a household and of whoever is or was in it, and those of households it split from or into.

    A case follows its person; what was opened about a household before it split is told to both.
    """
    members = {row["person_key"] for row in board.ask(_MEMBERS, [household_key])}
    sharing = sharing_households(board, household_key)
    own = [case for case in cases if case.alert.household_key == household_key or case.alert.person_key in members]
    linked = [case for case in cases if case.alert.household_key in sharing and case not in own]
    return own, linked


def sharing_households(board: Board, household_key: str | None) -> set[str]:
    """The other households in which somebody of a household is or was."""
    return {row["household_key"] for row in board.ask(_SHARING, [household_key])} if household_key else set()


def recall_of(board: Board) -> list[dict[str, Any]]:
    """The months whose sample was answered, newest first: what was found of what there was to find."""
    return board.ask("select * from reporting.rpt_recall_monthly where answered > 0 order by month desc limit 12")


def personal_of(board: Board, alert: Alert) -> dict[str, Any]:
    """Number, name, dates, address and telephone: shown only after the purpose was written down."""
    person = board.ask(_PERSONAL, [alert.person_key]) if alert.person_key else []
    household = board.ask(_HOUSEHOLD, [alert.household_key]) if alert.household_key else []
    return {**(person[0] if person else {}), **(household[0] if household else {})}


def _bars(before: str, rows: list[dict[str, Any]], place: dict[date, int], tone: str, note: Any) -> list[Bar]:
    bars: dict[str, Bar] = {}
    for row in rows:
        if row["month"] in place:
            name = before + PROGRAMMES.get(row["programme"], row["programme"])
            bar = bars.setdefault(name, Bar(name, [], tone, {}))
            bar.months.append(place[row["month"]])
            bar.notes[place[row["month"]]] = note(row)
    return list(bars.values())


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count)]
