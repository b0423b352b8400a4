"""How people and numbers are shown where they may be shown in part."""

from __future__ import annotations

import re

from include.privacy.masking import mask

_COMPOUND_SURNAMES = frozenset(
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 端木 "  # noqa: SIM905 - a list of words reads best so
    "南宫 长孙 宇文 轩辕 独孤 闻人 申屠 太史 濮阳 淳于 单于 钟离 百里".split()
)
_SHORT_FIGURE = re.compile(r"[0-9.,/:年月日元万%\-+ ]{1,10}")


def masked_name(name: str | None) -> str:
    """A name with only its surname readable: 张*, 欧阳**; of names written with a dot only the first character."""
    if not name:
        return ""
    if len(name) == 1:
        return "*"
    shown = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:shown] + "".join("·" if character == "·" else "*" for character in name[shown:])


def last_four(number: str | None) -> str:
    """The last four characters of a number, which is all that lists carry; shorter numbers are hidden whole."""
    return number[-4:] if number and len(number) > 4 else ""


def masked_id(number: str | None) -> str:
    """An identity number as district staff see it: the first six and last four characters."""
    if not number or len(number) < 15:
        return ""
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def masked_phone(number: str | None) -> str:
    """A mobile number with its middle hidden: 138****0001."""
    return f"{number[:3]}****{number[-4:]}" if number and len(number) == 11 else ""


def partly_shown(text: str, is_personal: bool) -> str:
    """A cell as its own sender may see it again: enough to find it by, never enough to tell whose it is.

    Only a short run of digits and marks (a date, an amount) in a column about nobody is shown whole; of everything
    else a few characters at each end.
    """
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text.strip())
    if not shown:
        return ""
    if not is_personal and _SHORT_FIGURE.fullmatch(shown) and mask(shown) == shown:
        return shown
    ends = min(3, max(1, len(shown) // 6))
    last = shown[-ends:] if len(shown) > 2 else ""
    return f"{shown[:ends]}{'*' * min(12, max(1, len(shown) - ends - len(last)))}{last}"
