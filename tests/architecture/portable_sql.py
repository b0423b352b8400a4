"""The words whose meaning differs, mostly in silence, between DuckDB and Spark; they belong in ``macros/portable/``.

A model is read as text: comments and strings are blanked, Jinja calls become one word, so that what a macro hides
stays hidden and what a model says itself is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMMENTS = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.DOTALL)
_STATEMENTS = re.compile(r"\{%.*?%\}", re.DOTALL)
_EXPRESSIONS = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STRINGS = re.compile(r"'(?:[^']|'')*'")

_WORDS = {
    r"/(?![/*])": "division: integer or not differs between engines",
    r"\bround\s*\(": "round of a double differs",
    r"\bconcat\s*\(": "concat with null differs; || is the same on both",
    r"\bregexp_\w+\s*\(": "first or every match differs",
    r"\bany_value\s*\(": "which value, and whether null counts, differs",
    r"\bhash\s*\(": "hash differs",
    r"\btrim\s*\(": "U+3000 is white space on one engine only",
    r"\blevenshtein\w*\s*\(": "counts bytes on one, characters on the other",
    r"\b(dayofweek|isodow|weekday|dow)\b": "the first day of a week differs",
    r"\b(strftime|strptime|try_strptime|to_date|date_format)\s*\(": "formats differ",
    r"\b(date_diff|datediff|datesub|date_sub|date_add)\s*\(": "argument order and bounds differ",
    r"\b(list|array)_\w+\s*\(": "list functions are named and indexed differently",
    r"\b(string_agg|group_concat|listagg)\s*\(": "ordering inside differs",
    r"\bjson_\w+\s*\(": "JSON functions differ",
    r"\bsha2?(256)?\s*\(": "named differently",
    r"\blog\s*\(": "the base differs",
    r"\bdistinct\s+on\b": "unknown to Spark",
    r"\*\s+exclude\b": "spelt differently",
    r"\binterval\s+\S+\s+\w+\b(?!\s+as\s+(date|timestamp)\b)": "the type of a date plus an interval differs: cast it",
    r"\b(current_date\b|current_timestamp\b|now\s*\(|today\s*\()": "a model never reads the clock",
    r"\bunnest\s*\(": "explode on Spark",
    r"\bvarchar\b": "needs a length on Spark; string is the same on both",
}
_ORDER_END = re.compile(r"\b(rows|range|limit|qualify|union|window|offset)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Slip:
    """One use of a word that is not portable."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.reason}"


def slips(path: Path) -> Iterator[Slip]:
    """Every slip of one model or test."""
    text = _blank(path.read_text(encoding="utf-8"))
    found = [*_words(text), *_orders(text), *_windows(text)]
    for position, reason in sorted(found):
        yield Slip(path, text.count("\n", 0, position) + 1, reason)


def _blank(text: str) -> str:
    for pattern, filler in ((_COMMENTS, " "), (_STATEMENTS, " "), (_EXPRESSIONS, "x"), (_STRINGS, "s")):
        text = pattern.sub(lambda match, filler=filler: filler + "\n" * match[0].count("\n"), text)
    return text.lower()


def _words(text: str) -> Iterator[tuple[int, str]]:
    for pattern, reason in _WORDS.items():
        for match in re.finditer(pattern, text):
            yield match.start(), f"`{match[0].strip()}` — {reason}"


def _orders(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"\border\s+by\b", text):
        clause = _until_close(text, match.end())
        end = _ORDER_END.search(clause)
        for item in _items(clause[: end.start()] if end else clause):
            if not re.search(r"\bnulls\s+(first|last)\b", item):
                yield match.start(), f"order by {item.strip()[:40]!r} does not say where nulls go"


def _windows(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"\bover\s*\(", text):
        if "partition by" not in _until_close(text, match.end()):
            yield match.start(), "a window without a partition moves all rows to one machine"


def _until_close(text: str, start: int) -> str:
    depth = 0
    for position in range(start, len(text)):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
            if depth < 0:
                return text[start:position]
    return text[start:]


def _items(clause: str) -> Iterator[str]:
    depth, begun = 0, 0
    for position, character in enumerate(clause):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield clause[begun:position]
            begun = position + 1
    yield clause[begun:]
