"""What an officer may answer: the columns of ``civil_affairs.verification_result`` and the choices offered in them.

Headers and findings come from the contract, so that a list that comes back is read by it. The actions are offered,
not imposed: the contract takes any text, and real life knows more than this page.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.cases.states import ANSWERS as DATASET
from include.contracts import load_contract

_ACTIONS = {
    "exit": (
        "终止",
        "减员重算",
        "减发",
        "转低保边缘或支出型",
        "进入渐退期",
        "追缴",
        "暂停",
        "维持-豁免资产",
        "维持-源数据错误",
        "维持-冒名或人证不符",
        "维持-已在办理",
        "户主变更停旧建新",
        "移送",
    ),
    "cover": (
        "纳入低保",
        "纳入单人保",
        "纳入特困",
        "纳入低保边缘",
        "纳入刚性支出困难",
        "纳入困难残疾人生活补贴",
        "纳入重度残疾人护理补贴",
        "纳入尊老金",
        "纳入孤儿",
        "纳入事实无人抚养儿童",
        "纳入困境儿童",
        "临时救助",
        "增发或升档",
        "转介",
        "不符合-告知原因",
        "本人放弃（签字）",
        "已享受",
        "持续关注",
    ),
    "payment": (
        "停发重复项目",
        "追缴",
        "补发",
        "调整金额",
        "暂缓批次",
        "重新发放",
        "维持-规则允许",
        "维持-源数据错误",
        "维持-已在办理",
    ),
    "quality": ("已更正", "退回来源部门", "核实无误"),
}


@dataclass(frozen=True)
class AnswerColumn:
    """One column to be filled in: its header in the contract, its kind and, where there are any, its choices."""

    name: str
    header: str
    kind: str
    choices: tuple[str, ...] = ()


def alert_header() -> str:
    """The header of the alert's number, by which an answer finds its alert."""
    return load_contract(DATASET).columns["alert_no"].header


def answer_columns() -> list[AnswerColumn]:
    """The columns an officer fills in, in the contract's order."""
    return [
        AnswerColumn(column.name, column.header, column.type, tuple(column.values))
        for column in load_contract(DATASET).columns.values()
        if column.name != "alert_no"
    ]


def actions(direction: str) -> tuple[str, ...]:
    """What can be done about alerts of a direction."""
    return _ACTIONS[direction]


DIRECTIONS = tuple(_ACTIONS)
