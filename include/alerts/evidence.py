"""Evidence in words: the facts an alert stands on, as an officer reads them.

Lists start from the published evidence, which holds no value of a sensitive column. From the full evidence they add
only what somebody at the door needs to recognise the thing in question; illness, disability, diagnosis and the
amounts of assets are not among it, and details of custody go to the district alone.
"""

from __future__ import annotations

import json
import re
from typing import Any

_FACT, _SOURCE = "事实", "来源"
#: Full evidence that may stand on every list, and the published fact that it makes superfluous.
_AT_THE_DOOR = {
    "号牌号码": None,
    "所有人": None,
    "坐落": None,
    "死亡日期": "死亡年月",
    "满岁日期": "满岁年月",
    "迁出日期": "迁出年月",
    "发放流水号": None,
}
_DISTRICT_ONLY = {
    "姓名": None,
    "单位名称": "单位",
    "类型": None,
    "开始日期": None,
    "结束日期": None,
}
_YUAN = re.compile(r"(金额|标准|补贴)$")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def in_words(evidence: str | None, full_evidence: str | None, for_district: bool = False) -> str:
    """The evidence of an alert as one text: the fact, then what belongs to it, then where it comes from."""
    facts = _facts(evidence)
    full = _facts(full_evidence)
    added = {**_AT_THE_DOOR, **(_DISTRICT_ONLY if for_district else {})}
    for key, superfluous in added.items():
        if _is_said(full.get(key)):
            facts = _put(facts, key, full[key], superfluous)
    fact, source = facts.pop(_FACT, None), facts.pop(_SOURCE, None)
    said = [f"{key}：{_value(key, value)}" for key, value in facts.items() if _is_said(value)]
    text = "；".join([*([str(fact)] if fact else []), *said])
    return f"{text}。（来源：{_value(_SOURCE, source)}）" if source else f"{text}。"


def _facts(text: str | None) -> dict[str, Any]:
    facts = json.loads(text) if text else {}
    return facts if isinstance(facts, dict) else {_FACT: facts}


def _put(facts: dict[str, Any], key: str, value: Any, superfluous: str | None) -> dict[str, Any]:
    """Add a fact, in the place of the one that it makes superfluous where that is there."""
    if superfluous not in facts:
        return {**facts, key: value}
    return {key if name == superfluous else name: value if name == superfluous else old for name, old in facts.items()}


def _is_said(value: Any) -> bool:
    return value not in (None, "", [], "null")


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value("", item) for item in value)
    text = str(value)
    if match := _DAY.fullmatch(text):
        return f"{match[1]}年{int(match[2])}月{int(match[3])}日"
    if match := _MONTH.fullmatch(text):
        return f"{match[1]}年{int(match[2])}月"
    if _YUAN.search(key) and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f"{float(text):,.2f}元".replace(".00元", "元")
    return text
