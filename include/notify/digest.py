"""What each account is told on a day: how much is with it, what is late and by whose turn, or that nothing is.

A first answer that is late is the town's matter as well, and the district's where the town lets as long again pass or
has nobody; a decision that is late is also the district's. Taking a case in hand is no answer: whoever accepts one and
forgets it is late like everybody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from include.alerts.working_days import calendar
from include.cases.states import FIELD, OFFICE, TOWN
from include.desk.accounts import Account
from include.desk.board import IN_THE_FIELD, Case
from include.desk.work import Filter, work_of

_ANSWERS, _BEGINS_ANEW = ("answer", "report"), ("dispatch", "reopen", "decide", "execute", "close")
_LONGEST_LIST = 12


@dataclass(frozen=True)
class Digest:
    """One message: whose it is, what it says, and how much of that is late."""

    account: Account
    subject: str
    body: str
    late: int = 0


def digest_of(cases: list[Case], account: Account, today: date, accounts: Sequence[Account] = ()) -> Digest | None:
    """The day's message for an account, from the cases that it sees; nothing for whoever only reads.

    ``accounts`` are all who may sign in: what a place without anybody should answer goes up at once.
    """
    if account.role not in (*FIELD, *OFFICE):
        return None
    counts = work_of(cases, account, Filter(), today).counts
    told = [case for case in cases if not case.alert.quiet_reason]
    first_late = [case for case in told if is_first_answer_late(case, today)]
    gone_up = [case for case in first_late if _is_the_districts(case, accounts, today)]
    decision_late = [case for case in told if case.is_overdue(today)]
    if not counts["all"]:
        return Digest(account, f"{today:%m月%d日}　今日无待办", "今日没有待办预警，系统运行正常。")
    lines = [
        f"待办 {counts['all']} 条，其中紧急 {counts['critical']} 条，三日内到期 {counts['soon']} 条。",
        f"首次反馈超期 {len(first_late)} 条，办结超期 {len(decision_late)} 条。",
    ]
    if account.role == TOWN and first_late:
        lines.append("首次反馈超期的村居：" + _listed([case.alert.village or "未定村居" for case in first_late]))
    if account.role in OFFICE and gone_up:
        lines.append("首次反馈逾期已上报区里的镇街：" + _listed([case.alert.town or "未定镇街" for case in gone_up]))
    if account.role in OFFICE and decision_late:
        lines.append("办结超期的镇街：" + _listed([case.alert.town or "未定镇街" for case in decision_late]))
    lines.append("请登录工作台办理。本消息不含任何人的姓名和号码。")
    late = len(decision_late) or len(first_late if account.role in FIELD else gone_up)
    subject = f"{today:%m月%d日}　待办 {counts['all']} 条" + (f"，超期 {late} 条" if late else "")
    return Digest(account, subject, "\n".join(lines), late)


def is_first_answer_late(case: Case, today: date) -> bool:
    """Whether nobody has said what was found by the last working day of the rule's first answer."""
    if case.state not in IN_THE_FIELD or _is_answered(case):
        return False
    return after_working_days(case.alert.detected_on, case.alert.sla_first_days) < today


def is_working_day(day: date) -> bool:
    """Whether offices work on a day."""
    number_of, day_of = _working_days()
    return day_of[number_of[day]] == day


def after_working_days(day: date, count: int) -> date:
    """The working day that lies ``count`` working days after a day (both in the years of the calendar).

    No working day after a day of rest is the next one: nothing is due before it was found.
    """
    number_of, day_of = _working_days()
    due = day_of[number_of[day] + count]
    return due if due >= day else day_of[number_of[day] + count + 1]


def _is_answered(case: Case) -> bool:
    """Whether somebody said what was found since the case was last sent out or opened anew."""
    events = [step.entry.event for step in case.steps if step.entry.event in (*_ANSWERS, *_BEGINS_ANEW)]
    return bool(events) and events[-1] in _ANSWERS


def _is_the_districts(case: Case, accounts: Sequence[Account], today: date) -> bool:
    """Whether a late first answer has gone up past its town."""
    has_town = any(one.role == TOWN and one.sees(case.alert.town_code, "") for one in accounts)
    return not has_town or after_working_days(case.alert.detected_on, 2 * case.alert.sla_first_days) < today


@lru_cache(maxsize=1)
def _working_days() -> tuple[dict[date, int], dict[int, date]]:
    days = list(calendar())
    return (
        {each.day: each.working_day_number for each in days},
        {each.working_day_number: each.day for each in reversed(days) if each.is_working},
    )


def _listed(places: list[str]) -> str:
    counted = Counter(places).most_common()
    told = "、".join(f"{place} {count}" for place, count in counted[:_LONGEST_LIST])
    return told + (f" 等 {len(counted)} 处" if len(counted) > _LONGEST_LIST else "")
