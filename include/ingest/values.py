"""One SQL expression a type: what a cell says, and whether it can be read at all.

Every expression takes a cell's cleaned text (``clean_sql``) and gives NULL for what it cannot read; the caller
tells "empty" from "unreadable" by ``blank_sql``. No floating-point number is met on the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from include.contracts import Column
from include.ingest import identity_numbers
from include.ingest.landing import literal

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_SPACES = re.compile(r"\s+")
_PLAIN = "[!-<>-~一-鿿][!-~一-鿿]*( [!-~一-鿿]+)*"
# How a text file keeps a spreadsheet from reading a text as a number: ="0123".
_KEPT_TEXT = re.compile(r'="(.*)"')
_PLAIN_IDENTIFIER = "[-0-9A-Z]+"
_PLAIN_NAME = "[一-鿿]+"
_PLAIN_MONEY = "-?[0-9]{1,15}([.][0-9]{1,2})?"

_SEPARATOR = "\x1f"
_FAILED_FORMULAS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")
_NOTHING = ("-", "--", "—", "——", "－", "NULL", "null", "<NULL>", "<null>", "(null)", "N/A", "<NA>", "None", "none",
            "NaN", "nan", "NAN", "NaT", *_FAILED_FORMULAS)  # fmt: skip
_NOTHING_TYPED = (*_NOTHING, "/", "\\", "无", "暂无", "空", "不详", "未知")
# What databases and forms write where a day was left empty: the first that a spreadsheet knows.
_NO_DAY = ("1900-01-01", "1900/1/1", "1900/01/01", "1900.1.1", "19000101", "1900-01-01 00:00:00", "1900/1/1 0:00:00",
           "1900年1月1日", "190001", "1900-01", "1900-01-00", "1900/1/0")  # fmt: skip
# Years that records can hold; 9999 is how databases write "never".
_YEAR = "(?:1[89][0-9]{2}|2[01][0-9]{2}|9999)"
_TIME = "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_SPOKEN_TIME = f"(?:(?:上午|下午) ?{_TIME}|(?:上午|下午)? ?[0-9]{{1,2}}[时点](?:[0-9]{{1,2}}分?)?(?:[0-9]{{1,2}}秒)?)"
# A spreadsheet's day number from 1906 on: a smaller one looks like a bare year, which is no date.
_SERIAL = "(?:2[2-9]|[3-9][0-9]|[1-9][0-9]{2})[0-9]{2}(?:[.][0-9]+)?"
FOREVER = ("长期", "长期有效", "永久", "永久有效")

TRUE_WORDS = ("是", "有", "Y", "YES", "1", "TRUE", "T", "√", "✓", "✔", "☑", "对", "1.0")
FALSE_WORDS = ("否", "无", "N", "NO", "0", "FALSE", "F", "×", "X", "✗", "✘", "☒", "✕", "错", "没有", "不是", "0.0")


def normalise_text(text: str) -> str:
    """NFKC, without invisible characters, white space at the ends gone and inside made one blank; ="0123" is 0123."""
    bare = _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()
    kept = _KEPT_TEXT.fullmatch(bare)
    return kept[1].strip() if kept else bare


def clean_sql(raw: str) -> str:
    """A cell's text in normal form, NULL when nothing is left; only unusual cells leave the engine."""
    return f"CASE WHEN regexp_full_match({raw}, '{_PLAIN}') THEN {raw} ELSE nullif(normalise_text({raw}), '') END"


def among_sql(text: str, words: Iterable[str]) -> str:
    """Whether a text is one of some words, as one call: a list of constants costs more to plan than to run.

    The separator is white space to ``normalise_text``, so no cleaned text holds it.
    """
    listed = literal(_SEPARATOR + _SEPARATOR.join(words) + _SEPARATOR)
    return f"contains({listed}, '{_SEPARATOR}' || {text} || '{_SEPARATOR}')"


def mojibake_sql(raw: str) -> str:
    """Whether a cell shows that its bytes were decoded wrongly somewhere."""
    return f"(contains({raw}, '\ufffd') OR contains({raw}, '锟斤拷') OR contains({raw}, chr(0)))"


def blank_sql(column: Column, text: str) -> str:
    """Whether a cleaned cell says nothing: empty, or a placeholder that its type cannot mean."""
    words: tuple[str, ...] = _NOTHING if column.type in ("text", "name") else _NOTHING_TYPED
    if column.type == "name" and not column.required:
        words = (*words, "无", "/")
    if column.type == "text":
        words = (*words, "/")
    if column.type in ("date", "month"):
        words = (*words, *_NO_DAY)
    if column.type == "bool":
        words = tuple(word for word in words if word not in FALSE_WORDS)
    if column.type == "enum":
        words = tuple(word for word in words if word not in column.wordings)
    return f"({text} IS NULL OR {_is_short_sql(text, words)} AND {among_sql(text, words)})"


def _is_short_sql(text: str, words: Iterable[str]) -> str:
    """Whether a text may be one of some words at all, told by its length and, where none begins so, by a digit."""
    longest = max(len(word.encode()) for word in words)
    begins_so = "" if any(word[0].isdigit() for word in words) else f" AND NOT ({text} >= '0' AND {text} < ':')"
    return f"(strlen({text}) <= {longest}{begins_so})"


def plain_form(column: Column) -> str | None:
    """A pattern for cells that need no cleaning and whose text is the value; None where one pattern does not pay.

    Nearly all cells of such columns differ and have this form: it is told once, and no other pattern is tried on them.
    """
    if is_identifier(column):
        return _PLAIN_IDENTIFIER
    return {"id_no": identity_numbers.PLAIN, "name": _PLAIN_NAME, "money": _PLAIN_MONEY}.get(column.type)


def is_identifier(column: Column) -> bool:
    """Whether a text column holds a number or code, in which blanks and case mean nothing."""
    return column.type == "text" and (column.name.endswith(("_no", "_code")) or column.keyed or column.holds_id_no)


def identifier_sql(text: str) -> str:
    """A number or code without blanks and quotes at its front, upper-case; 123.0 is the number 123."""
    return (
        f"CASE WHEN regexp_full_match({text}, '{_PLAIN_IDENTIFIER}') THEN {text} "
        f"WHEN {whole_float_sql(text)} THEN split_part({text}, '.', 1) "
        f"ELSE nullif(upper(ltrim(replace({text}, ' ', ''), '''’‘`')), '') END"
    )


def region_alias_sql(text: str) -> str:
    """A town or village as the lookup knows it: without blanks and what lies above, a code without a number's zero."""
    name = f"from_district(replace({text}, ' ', ''))"
    return f"CASE WHEN {whole_float_sql(text)} THEN split_part({text}, '.', 1) ELSE {name} END"


def whole_float_sql(text: str) -> str:
    """Whether a whole number was written as a floating-point one, as data frames write columns with gaps."""
    return f"regexp_full_match({text}, '[0-9]+[.]0')"


def lost_identifier_sql(text: str) -> str:
    """Whether a number or code was stored as a floating-point number, so that its end is lost."""
    return f"regexp_full_match({text}, '[0-9][.][0-9]+[eE][+][0-9]+')"


def date_sql(text: str, open_ended: bool = False) -> str:
    """A day: ISO, with slashes or dots, eight digits, 年月日, a spreadsheet's serial; a time behind it is dropped.

    Eight digits may also be what a data frame made of them, 20210701.0, or be followed by the digits of a time.
    """
    separated = f"({_YEAR}) ?[-/.年] ?([0-9]{{1,2}}) ?[-/.月] ?([0-9]{{1,2}}) ?[日号]?([ T]?{_TIME}| ?{_SPOKEN_TIME})?"
    return f"""CASE
        WHEN regexp_full_match({text}, '{_YEAR}-[0-9]{{2}}-[0-9]{{2}}') THEN try_cast({text} AS DATE)
        WHEN regexp_full_match({text}, '{_YEAR}[0-9]{{4}}([.]0|[ T]?[0-2][0-9][0-5][0-9]([0-5][0-9])?|[ T]{_TIME})?')
            THEN try_cast(left({text}, 4) || '-' || substr({text}, 5, 2) || '-' || substr({text}, 7, 2) AS DATE)
        WHEN regexp_full_match({text}, '{_SERIAL}')
            THEN DATE '1899-12-30' + try_cast(split_part({text}, '.', 1) AS INTEGER)
        {_forever(text, open_ended, "DATE '9999-12-31'")}
        WHEN regexp_full_match({text}, '{separated}')
            THEN try_cast(regexp_replace({text}, '^{separated}$', '\\1-\\2-\\3') AS DATE) END"""


def month_sql(text: str, open_ended: bool = False) -> str:
    """A month as its first day: six digits, with a dash, slash or 年月, or any form of a date inside it."""
    separated = f"({_YEAR}) ?[-/年] ?([0-9]{{1,2}}) ?(月份?)?"
    # A dot and a bare 1 could be October that a spreadsheet cut short, so it is no month.
    dotted = f"({_YEAR})[.](0[1-9]|1[0-2]|[2-9])"
    return f"""CASE
        WHEN regexp_full_match({text}, '{_YEAR}[0-9]{{2}}([.]0)?')
            THEN try_cast(left({text}, 4) || '-' || substr({text}, 5, 2) || '-01' AS DATE)
        WHEN regexp_full_match({text}, '{separated}')
            THEN try_cast(regexp_replace({text}, '^{separated}$', '\\1-\\2-01') AS DATE)
        WHEN regexp_full_match({text}, '{dotted}')
            THEN try_cast(regexp_replace({text}, '^{dotted}$', '\\1-\\2-01') AS DATE)
        {_forever(text, open_ended, "DATE '9999-12-01'")}
        ELSE CAST(date_trunc('month', {date_sql(text)}) AS DATE) END"""


def money_sql(text: str) -> str:
    """Yuan as DECIMAL(18,2): thousands separators, ￥, 元 and 万 are understood, halves of a cent rounded up."""
    bare = f"regexp_replace({text}, '^人民币|^RMB|[¥￥$\\s]|元整?$|元?/月$', '', 'gi')"
    number = _ungrouped(f"rtrim({bare}, '万')")
    scaled = f"try_cast(try_cast({number} AS DECIMAL(28,8)) * 10000 AS DECIMAL(18,2))"
    scientific = f"regexp_full_match({text}, '[-+]?[0-9]([.][0-9]{{1,16}})?[eE][-+]?[0-9]{{1,2}}')"
    return f"""CASE
        WHEN regexp_full_match({text}, '{_PLAIN_MONEY}') THEN try_cast({text} AS DECIMAL(18,2))
        WHEN {scientific} THEN try_cast({text} AS DECIMAL(18,2))
        WHEN regexp_full_match({bare}, '.*[0-9]万') THEN {scaled}
        ELSE try_cast({_ungrouped(bare)} AS DECIMAL(18,2)) END"""


def int_sql(text: str) -> str:
    """A whole number, with or without thousands separators; a counting word behind it and zero decimals are dropped."""
    bare = f"regexp_replace({text}, '\\s|个?[人口户岁月年次个]$|[.]0+$', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({bare}, '[-+]?[0-9]{{1,18}}') THEN try_cast({bare} AS BIGINT) "
        f"WHEN regexp_full_match({bare}, '[-+]?[0-9]{{1,3}}(,[0-9]{{3}})+') "
        f"THEN try_cast(replace({bare}, ',', '') AS BIGINT) END"
    )


def number_sql(text: str) -> str:
    """A number with up to six decimals: plain, in per cent, a fraction such as 1/2, or with a unit of area."""
    bare = f"regexp_replace({text}, '\\s|m2$|平方米$|平米$|㎡$', '', 'gi')"
    percent = f"try_cast(try_cast(rtrim({bare}, '%') AS DECIMAL(24,10)) * 0.01 AS DECIMAL(18,6))"
    numerator = f"try_cast(split_part({bare}, '/', 1) AS DECIMAL(18,6))"
    denominator = f"nullif(try_cast(split_part({bare}, '/', 2) AS DECIMAL(18,6)), 0)"
    return f"""CASE
        WHEN regexp_full_match({bare}, '[-+]?[0-9]+([.][0-9]+)?%') THEN {percent}
        WHEN regexp_full_match({bare}, '[0-9]+/[0-9]+') THEN try_cast({numerator} / {denominator} AS DECIMAL(18,6))
        WHEN regexp_full_match({bare}, '[-+]?[0-9]([.][0-9]+)?[eE][-+]?[0-9]{{1,2}}')
            THEN try_cast({bare} AS DECIMAL(18,6))
        ELSE try_cast({_ungrouped(bare)} AS DECIMAL(18,6)) END"""


def bool_sql(text: str) -> str:
    """是/否, 有/无, Y/N, 1/0, √/× and their like."""
    word = f"upper({text})"
    return f"CASE WHEN {among_sql(word, TRUE_WORDS)} THEN true WHEN {among_sql(word, FALSE_WORDS)} THEN false END"


def enum_sql(column: Column, text: str) -> str:
    """The listed value that a wording stands for."""
    word = f"replace({text}, ' ', '')"
    if any(wording.isdecimal() for wording in column.wordings):
        word = f"regexp_replace({word}, '^([0-9]+)[.]0$', '\\1')"
    branches = [f"WHEN {among_sql(text, column.values)} THEN {text}"]
    for value in column.values:
        others = [wording for wording, meant in column.wordings.items() if meant == value]
        branches.append(f"WHEN {among_sql(word, others)} THEN {literal(value)}")
    return f"CASE {' '.join(branches)} END"


def typed_sql(column: Column, text: str, open_ended: bool = False) -> str:
    """The value of a cell of any type that is read by its form alone."""
    if column.type == "date":
        return date_sql(text, open_ended)
    if column.type == "month":
        return month_sql(text, open_ended)
    if column.type == "enum":
        return enum_sql(column, text)
    return {"money": money_sql, "int": int_sql, "number": number_sql, "bool": bool_sql}[column.type](text)


def _forever(text: str, open_ended: bool, day: str) -> str:
    return f"WHEN {among_sql(text, FOREVER)} THEN {day}" if open_ended else ""


def _ungrouped(text: str) -> str:
    """A plain decimal from one with or without thousands separators; NULL when separators stand elsewhere."""
    return (
        f"CASE WHEN regexp_full_match({text}, '[-+]?([0-9]{{1,15}}([.][0-9]*)?|[.][0-9]+)') THEN {text} "
        f"WHEN regexp_full_match({text}, '[-+]?[0-9]{{1,3}}(,[0-9]{{3}})+([.][0-9]+)?') "
        f"THEN replace({text}, ',', '') END"
    )
