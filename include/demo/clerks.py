"""How each clerk writes: the forms of dates, months, money and words, the headers, titles and foot rows of one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from include.demo.geography import TOWNS
from include.demo.moments import EMPTY, iso
from include.demo.rendering import cents_text, number_text

_DATES: tuple[Callable[[int], str], ...] = (
    iso,
    lambda value: iso(value).replace("-", "/"),
    lambda value: "{}/{}/{}".format(*(int(part) for part in iso(value).split("-"))),
    lambda value: "{}.{}.{}".format(*(int(part) for part in iso(value).split("-"))),
    lambda value: iso(value).replace("-", ""),
    lambda value: "{}年{}月{}日".format(*(int(part) for part in iso(value).split("-"))),
    lambda value: iso(value) + " 00:00:00",
)
_MONTHS: tuple[Callable[[int], str], ...] = (
    lambda value: f"{value // 12}{value % 12 + 1:02d}",
    lambda value: f"{value // 12}-{value % 12 + 1:02d}",
    lambda value: f"{value // 12}/{value % 12 + 1}",
    lambda value: f"{value // 12}年{value % 12 + 1}月",
    lambda value: f"{value // 12}-{value % 12 + 1:02d}-01",
)


_MONEY: tuple[Callable[[int], str], ...] = (
    cents_text,
    lambda cents: cents_text(cents).rstrip("0").rstrip("."),
    lambda cents: f"{cents / 100:,.2f}",
    lambda cents: cents_text(cents) + "元",
    lambda cents: "￥" + cents_text(cents),
    lambda cents: cents_text(cents).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
)
_BOOLS = (("是", "否"), ("有", "无"), ("Y", "N"), ("1", "0"), ("√", "×"))
_SYNONYMS: tuple[dict[str, str], ...] = (
    {},
    {
        "一级": "一级残疾",
        "二级": "二级残疾",
        "三级": "三级残疾",
        "四级": "四级残疾",
        "在享": "正常发放",
        "肢体": "肢体残疾",
    },
    {
        "一级": "1级",
        "二级": "2级",
        "三级": "3级",
        "四级": "4级",
        "视力": "视力残疾",
        "听力": "听力残疾",
        "暂停": "暂停发放",
    },
    {
        "一级": "壹级",
        "二级": "贰级",
        "三级": "叁级",
        "四级": "肆级",
        "精神": "精神残疾",
        "智力": "智力残疾",
        "在享": "享受中",
    },
)
_ID_HEADERS = ("身份证号码", "公民身份号码", "证件号码")


@dataclass(frozen=True)
class Style:
    """The habits of the clerk who writes one file."""

    date: Callable[[int], str]
    month: Callable[[int], str]
    money: Callable[[int], str]
    bools: tuple[str, str]
    blank: str
    synonyms: dict[str, str]
    town: int
    short_villages: bool
    titles: int
    two_levels: bool
    has_foot: bool
    order: int
    spaced_headers: bool
    units: bool
    renames_id: int
    serial_numbers: bool
    remarks: bool
    real_numbers: bool
    real_dates: bool

    def formatter(self, kind: str) -> Callable[[int], str | None] | None:
        """How a column of a kind is written; None leaves it as it is."""
        forms: dict[str, Callable[[int], str | None]] = {
            "date": lambda value: None if value == EMPTY else self.date(value),
            "month": lambda value: None if value == EMPTY else self.month(value),
            "money": lambda value: (self.blank or None) if value == EMPTY else self.money(value),
            "int": lambda value: None if value == EMPTY else str(value),
            "number": lambda value: number_text(value) or None,
            "bool": lambda value: None if value == EMPTY else self.bools[0 if value else 1],
            "code": lambda word: self.synonyms.get(str(word), str(word)),
            "town": self._town,
            "village": self._village,
        }
        return forms.get(kind)

    def _town(self, name: int | str) -> str:
        town = next(town for town in TOWNS if town.name == str(name))
        short = town.name.removesuffix("镇")
        if self.town == 1 and town.name.endswith("镇"):
            return short
        return {
            2: town.former[0],
            3: f"{town.name}人民政府" if town.name.endswith("镇") else f"{town.name}办事处",
            4: f"320614{town.code}",
        }.get(self.town, town.name)

    def _village(self, name: int | str) -> str:
        text = str(name)
        return text.removesuffix("社区").removesuffix("村") if self.short_villages else text

    def header(self, text: str, kind: str) -> str:
        """The header as this clerk spells it."""
        if kind == "id" and text == "身份证号" and self.renames_id < len(_ID_HEADERS):
            return _ID_HEADERS[self.renames_id]
        if kind == "money" and self.units:
            return f"{text}（元）"
        if self.spaced_headers and len(text) == 2:
            return f"{text[0]}　{text[1]}"
        if self.spaced_headers and len(text) > 5:
            return f"{text[:4]}\n{text[4:]}"
        return text


def style_of(random: np.random.Generator, *, plain: bool = False) -> Style:
    """Draw a clerk; a plain one only varies what a system's export varies."""

    def chance(share: float) -> bool:
        return bool(random.random() < share) and not plain

    def one_of(choices: tuple[Any, ...], first: float) -> Any:
        place = 0 if random.random() < first else int(random.integers(0, len(choices)))
        return choices[place]

    return Style(
        date=one_of(_DATES, 0.4),
        month=one_of(_MONTHS, 0.45),
        money=one_of(_MONEY, 0.5),
        bools=one_of(_BOOLS, 0.5),
        blank="-" if chance(0.2) else "",
        synonyms=one_of(_SYNONYMS, 0.4),
        town=0 if random.random() < 0.55 or plain else int(random.integers(0, 5)),
        short_villages=chance(0.15),
        titles=int(random.integers(0, 3)) if chance(0.7) else 0,
        two_levels=chance(0.3),
        has_foot=chance(0.6),
        order=int(random.integers(1, 1_000)) if chance(0.25) else 0,
        spaced_headers=chance(0.25),
        units=chance(0.3),
        renames_id=int(random.integers(0, 6)) if chance(0.5) else 9,
        serial_numbers=chance(0.3),
        remarks=chance(0.15),
        real_numbers=chance(0.5),
        real_dates=chance(0.35),
    )
