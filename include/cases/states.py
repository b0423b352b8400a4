"""The states of an alert and the steps between them, in the bureau's own words.

What the data say (open, cleared, recalled) comes from the warehouse; what people do comes from the journal. The state
is a function of both and of nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.journal.entries import SYSTEM, Written
from include.periods import bureau_day
from include.privacy import DoudiError

VILLAGE, TOWN, DISTRICT, LEAD, AUDITOR, ANALYST = "village", "town", "district", "lead", "auditor", "analyst"
OFFICE = (DISTRICT, LEAD)
FIELD = (VILLAGE, TOWN)

STATE_ZH = {
    "open": "待派发",
    "dispatched": "已派发",
    "accepted": "已认领",
    "visiting": "入户核查",
    "town_reviewed": "镇已初核",
    "district_reviewed": "区已复核",
    "decided": "已处置",
    "executed": "已执行",
    "closed": "已归档",
    "returned": "已退回",
    "suspended": "已挂起",
    "reopened": "重新打开",
    "cleared": "条件消失",
    "recalled": "已撤回",
}
#: The dataset by which lists come back.
ANSWERS = "civil_affairs.verification_result"
LONGEST_SUSPENSION_DAYS = 60
_FORMS = {
    "finding": (re.compile("属实|部分属实|不属实|无法核实|转其他救助"), "核查结论不在选项中"),
    "amount_recovered": (re.compile(r"\d{1,12}(\.\d{1,2})?"), "追缴金额应为不带逗号的数字"),
    "effective_month": (re.compile(r"\d{4}-\d{2}(-\d{2})?|\d{6}"), "执行年月应如 2021-10"),
    "verified_on": (re.compile(r"\d{4}-\d{2}-\d{2}"), "核查日期应如 2021-10-08"),
}
_IN_THE_FIELD = ("dispatched", "accepted", "visiting", "returned", "reopened")


@dataclass(frozen=True)
class Step:
    """One thing that can be done: by whom, from which states, and the state it leads to.

    ``asks`` are the details it cannot be taken without.
    """

    title_zh: str
    to: str
    before: tuple[str, ...]
    roles: tuple[str, ...]
    asks: tuple[str, ...] = ()


STEPS = {
    "dispatch": Step("派发", "dispatched", ("open", "reopened"), (SYSTEM, *OFFICE)),
    "accept": Step("认领", "accepted", ("dispatched", "returned", "reopened"), FIELD),
    "visit": Step("入户", "visiting", ("accepted", "returned"), FIELD),
    "answer": Step(
        "填报核查结果", "town_reviewed", (*_IN_THE_FIELD, "open"), (TOWN, *OFFICE, SYSTEM), ("finding", "action")
    ),
    "report": Step("上报核查情况", "visiting", ("accepted", "visiting", "returned"), (VILLAGE,), ("finding", "action")),
    "review": Step("复核", "district_reviewed", ("town_reviewed",), OFFICE),
    "decide": Step("处置", "decided", ("district_reviewed",), OFFICE, ("action",)),
    "execute": Step("登记执行", "executed", ("decided",), (TOWN, *OFFICE), ("effective_month",)),
    "close": Step("归档", "closed", ("district_reviewed", "decided", "executed"), OFFICE),
    "return": Step("退回", "returned", ("town_reviewed", "district_reviewed"), OFFICE, ("reason",)),
    "suspend": Step("挂起", "suspended", (*_IN_THE_FIELD, "town_reviewed"), (*FIELD, *OFFICE), ("until", "reason")),
    "resume": Step("恢复", "accepted", ("suspended",), (*FIELD, *OFFICE)),
    "reopen": Step("重开", "reopened", ("closed", "executed", "decided"), OFFICE, ("reason",)),
}


class ForbiddenStepError(DoudiError):
    """A step that this role may not take, or not from this state, or not without more being said."""


@dataclass(frozen=True)
class Found:
    """What the warehouse says of an alert: open, cleared or recalled, and in which of its episodes."""

    state: str
    episode: int


def state_of(found: Found, steps: list[Written]) -> str:
    """The alert's state: people's last step, unless the data have said something since.

    A condition that returns after people had finished reopens the case; one that is gone before anybody took it in hand
    is cleared; a recalled alert is nobody's work any more. A suspension ends by itself after its last day, as if it had
    been resumed.
    """
    if found.state == "recalled":
        return "recalled"
    if not steps:
        return found.state
    last = steps[-1].entry
    state = last.state or "open"
    is_over = STEPS[last.event].to in ("decided", "executed", "closed")
    if is_over:
        has_returned = found.state == "open" and found.episode > int(last.detail.get("episode", 0))
        return "reopened" if has_returned else state
    if state == "suspended" and date.fromisoformat(last.detail["until"]) < bureau_day():
        return STEPS["resume"].to
    return "cleared" if found.state == "cleared" and state == "dispatched" else state


def next_state(event: str, state: str, role: str, detail: dict[str, Any]) -> str:
    """The state that a step leads to.

    Raises:
        ForbiddenStepError: with what is wrong, in Chinese and English.
    """
    step = STEPS.get(event)
    if step is None:
        raise ForbiddenStepError("没有这样的操作", "there is no such step")
    if role not in step.roles:
        raise ForbiddenStepError(f"您的岗位不能{step.title_zh}", f"role {role} may not {event}")
    if state not in step.before:
        raise ForbiddenStepError(
            f"预警现在是“{STATE_ZH[state]}”，不能{step.title_zh}", f"an alert that is {state} cannot take step {event}"
        )
    missing = [name for name in step.asks if not str(detail.get(name) or "").strip()]
    if missing:
        raise ForbiddenStepError(f"{step.title_zh}缺少必填内容", f"{event} needs {', '.join(missing)}")
    for name, (form, chinese) in _FORMS.items():
        if detail.get(name) and not form.fullmatch(str(detail[name])):
            raise ForbiddenStepError(chinese, f"{name} is not as it should be")
    if str(detail.get("verified_on") or "") > bureau_day().isoformat():
        raise ForbiddenStepError("核查日期不能晚于今天", "the visit lies in the future")
    if event == "suspend":
        _check_until(str(detail["until"]))
    return step.to


def possible(state: str, role: str) -> list[str]:
    """The steps that a role can take from a state."""
    return [name for name, step in STEPS.items() if role in step.roles and state in step.before]


def _check_until(until: str) -> None:
    try:
        days = (date.fromisoformat(until) - bureau_day()).days
    except ValueError as error:
        raise ForbiddenStepError("挂起截止日期无法识别", "until is not a date") from error
    if not 0 < days <= LONGEST_SUSPENSION_DAYS:
        raise ForbiddenStepError(
            f"挂起最长{LONGEST_SUSPENSION_DAYS}天",
            f"a suspension ends within {LONGEST_SUSPENSION_DAYS} days from tomorrow",
        )
