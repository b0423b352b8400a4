"""How a person's name is normalised, and how it is folded so that two spellings of it meet.

The fold is for comparison only; landing keeps the name itself and its raw text beside it. Traditional characters
become simplified ones character by character (OpenCC), and a small table of our own adds variants that OpenCC
leaves alone because both forms are standard characters, though clerks write one for the other in names.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

DOTS = "\u00b7\u2022\u30fb\uff0e\u2027\u2219\u22c5\u2024\u0387\u16eb\u318d\uff65\ufe52.\u02d9"
DOT = "\u00b7"
DAMAGED = "?*\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"

# Variant characters met in names, each with the form that population registers use.
VARIANTS = {
    "昇": "升", "陞": "升", "菉": "录", "旻": "民", "喆": "哲", "堃": "坤",
    "峯": "峰", "羣": "群", "勳": "勋", "煇": "辉", "燿": "耀", "濬": "浚", "靑": "青",
    "祕": "秘", "徧": "遍", "衞": "卫", "鉅": "巨", "寳": "宝", "寶": "宝", "愼": "慎", "敎": "教", "槪": "概",
    "淸": "清", "溫": "温", "眞": "真", "硏": "研", "綠": "绿", "緖": "绪", "錄": "录", "鎭": "镇", "顏": "颜",
    "飮": "饮", "黃": "黄", "吳": "吴", "呉": "吴", "暎": "映", "囯": "国",
    "囶": "国", "圀": "国", "兪": "俞", "尙": "尚", "强": "强", "強": "强", "彊": "强", "畧": "略", "秌": "秋",
    "穐": "秋", "菓": "果", "蘂": "蕊", "蕋": "蕊", "鑑": "鉴", "鍳": "鉴", "鍾": "钟", "锺": "钟", "镕": "熔",
    "鎔": "熔", "珎": "珍", "瑠": "琉", "祐": "佑", "薐": "棱", "𠮷": "吉",
    "恵": "惠", "徳": "德", "悳": "德", "栢": "柏", "桟": "栈", "斎": "斋", "斉": "齐", "沢": "泽", "浄": "净",
}  # fmt: skip
_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|(?<=.)[(\[【〔][^()\[\]【】〔〕]*$")
_SPACE = re.compile("[\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3164\ufeff]+")
_CHINESE = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20))


@cache
def fold_table() -> dict[int, str]:
    """Every character that folding changes, with the character it becomes; ``·`` vanishes."""
    characters = [chr(code) for start, end in _CHINESE for code in range(start, end)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {
        ord(character): simple
        for character, simple in zip(characters, simplified, strict=True)
        if character != simple and len(simple) == 1
    }
    for variant, standard in VARIANTS.items():
        if variant != standard:
            table[ord(variant)] = table.get(ord(standard), standard)
    table[ord(DOT)] = ""
    return table


def normalise_name(text: str) -> str:
    """A name in its normal form: NFKC, no white space, one kind of dot, no remark in brackets behind it."""
    bare = _SPACE.sub("", unicodedata.normalize("NFKC", _unify_dots(text)))
    return _NOTE.sub("", bare).strip(DOT)


def fold_name(name: str) -> str:
    """A normalised name as it is compared: simplified, variants unified, without dots, Latin letters upper-case."""
    return name.translate(fold_table()).upper()


@cache
def folding_class() -> str:
    """A regular expression that finds a character for which folding may matter."""
    return "[a-z" + "".join(sorted(chr(code) for code in fold_table())) + "]"


@cache
def _dot_table() -> dict[int, str]:
    return dict.fromkeys(map(ord, DOTS), DOT)


def _unify_dots(text: str) -> str:
    return text.translate(_dot_table())
