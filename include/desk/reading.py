"""What else the desk reads of a person or a household: the months across departments, the tier, and, once, identity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.alerts.open_alerts import PROGRAMMES, SEALED_PROGRAMMES
from include.desk.accounts import Account
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
_SAID = """
select distinct month, fact from identity.restricted.department_month
where {people} order by fact, month
"""
_PEOPLE = {
    "person_key": "person_key = ?",
    "household_key": "person_key in (select person_key from core.fct_enrolment_month where household_key = ?)",
}
#: What departments say of somebody, as flags; that somebody is in custody is for the district alone.
_FACTS = {
    "employment": "单位参保",
    "pension": "领取养老待遇",
    "vehicle": "名下车辆",
    "business": "工商登记",
    "medical": "医保结算",
    "custody": "在押或强制戒毒",
}
_DISTRICT_FACTS = frozenset({"custody"})
_DIED = "select died_month as month from core.dim_person where person_key = ?"
_MEMBER_KEYS = "select distinct person_key from core.fct_enrolment_month where household_key = ?"
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
# Whoever lives in the household in its newest month, and everything that each of them holds then.
_MEMBERS = """
with newest as (
    select max(month) as month from core.fct_enrolment_month where household_key = $1
), member as (
    select distinct enrolment.person_key
    from core.fct_enrolment_month as enrolment inner join newest on enrolment.month = newest.month
    where enrolment.household_key = $1
)
select
    enrolment.month, enrolment.person_key, coalesce(person.name, '') as name, enrolment.programme, enrolment.status,
    enrolment.entitled_amount, enrolment.paid_amount
from member
inner join core.fct_enrolment_month as enrolment on enrolment.person_key = member.person_key
inner join newest on enrolment.month = newest.month
left join identity.restricted.person_identity as person on person.person_key = member.person_key
where enrolment.household_key is null or enrolment.household_key = $1
order by person.name, enrolment.person_key, enrolment.programme
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


def timeline_of(board: Board, account: Account, key: str, value: str | None, cases: list[Case]) -> Timeline:
    """What was held and paid, what departments say, what was found, and a death, month by month.

    ``key`` is person_key or household_key.
    """
    if value is None:
        return Timeline([], [])
    held = _open_to(account, board.ask(_ENROLMENT.format(key=key), [value]))
    paid = _open_to(account, board.ask(_PAYMENT.format(key=key), [value]))
    said = [
        row
        for row in board.ask(_SAID.format(people=_PEOPLE[key]), [value])
        if not (account.is_in_the_field and row["fact"] in _DISTRICT_FACTS)
    ]
    found = [case.alert for case in cases if getattr(case.alert, key) == value and not case.alert.is_sample]
    ends = [row["month"] for row in (*held, *paid, *said)] + [
        month for one in found for month in (one.first_month, one.last_month)
    ]
    if not ends:
        return Timeline([], [])
    months = _months(min(ends), max(ends))[-_MONTHS_SHOWN:]
    place = {month: number for number, month in enumerate(months)}
    bars = [
        *_bars(held, place, "held", lambda row: f"在册 {_programme(row)}", lambda row: str(row["status"])),
        *_bars(paid, place, "paid", lambda row: f"发放 {_programme(row)}", lambda row: f"{row['paid']:,.2f} 元"),
        *_bars(said, place, "said", lambda row: _FACTS[row["fact"]], lambda row: ""),
    ]
    died = board.ask(_DIED, [value]) if key == "person_key" else []
    bars += [Bar("死亡", [place[row["month"]]], "died", {}) for row in died if row["month"] in place]
    for one in sorted(found, key=lambda one: (one.first_month, one.rule_id)):
        filled = [place[month] for month in _months(one.first_month, one.last_month) if month in place]
        bars.append(Bar(f"{one.rule_id} {one.title}", filled, "found", {}))
    return Timeline(months, bars)


def household_of(board: Board, household_key: str, account: Account) -> dict[str, Any] | None:
    """The household's newest line of the monitoring mart: tier and members, and for the district what adds up to risk.

    The risk is the sum of every rule's, so that it would tell a village that a rule of the district's had fired.
    """
    columns = ["month", "recorded_tier", "member_count"]
    if not account.is_in_the_field:
        columns += ["flag_count", "risk_score", "risk_parts"]
    rows = board.ask(
        f"select {', '.join(columns)} from monitoring.mart_low_income_monitoring where household_key = ? "
        "order by month desc limit 1",
        [household_key],
    )
    return rows[0] if rows else None


def members_of(board: Board, household_key: str, account: Account) -> list[dict[str, Any]]:
    """What each member of the household holds in its newest month, a line a programme, amounts in yuan."""
    return _open_to(account, board.ask(_MEMBERS, [household_key]))


def cases_of_household(board: Board, cases: list[Case], household_key: str) -> tuple[list[Case], list[Case]]:
    """Of some cases those of a household and of whoever is or was in it, and those of households it split from or into.

    A case follows its person; what was opened about a household before it split is told to both.
    """
    members = {row["person_key"] for row in board.ask(_MEMBER_KEYS, [household_key])}
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


def _open_to(account: Account, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of programmes that an account may know of; which children are protected is the district's alone."""
    return [row for row in rows if not (account.is_in_the_field and row["programme"] in SEALED_PROGRAMMES)]


def _bars(
    rows: list[dict[str, Any]], place: dict[date, int], tone: str, name_of: Callable[[dict[str, Any]], str],
    note_of: Callable[[dict[str, Any]], str],
) -> list[Bar]:  # fmt: skip
    bars: dict[str, Bar] = {}
    for row in rows:
        if row["month"] in place:
            bar = bars.setdefault(name_of(row), Bar(name_of(row), [], tone, {}))
            bar.months.append(place[row["month"]])
            bar.notes[place[row["month"]]] = note_of(row)
    return list(bars.values())


def _programme(row: dict[str, Any]) -> str:
    return PROGRAMMES.get(row["programme"], row["programme"])


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count)]
