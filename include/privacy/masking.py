"""One filter for everything that is logged: identity numbers, certificates, accounts, phones, plates, properties.

Names cannot be told from other words by their shape; they are kept out by never being logged
(see :mod:`include.privacy.guard`) and, in the output of other programs, by hiding what stands in quotes.
"""

from __future__ import annotations

import re
from pathlib import Path

MASK = "[masked]"

# Full-width ASCII, the multiplication sign some clerks type for X, and full-width space, each one character for
# one character, so that a place found in the translated text is the same place in the original.
_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("×"): ord("X"), 0x3000: 0x20}

_GAP = r"[\s\u00a0\u200b-\u200f\u2060\ufeff'’.·_\-]{0,2}"
_WORD_BEFORE = r"(?<![0-9])"
_WORD_AFTER = r"(?![0-9])"


def _spaced(*groups: str) -> str:
    return _GAP.join(groups)


_DIGIT = r"\d"
_CENTURY = rf"(?:1{_GAP}[89]|2{_GAP}0)"
_MONTH = rf"(?:0{_GAP}\d|1{_GAP}[0-2])"
_IDENTITY_18 = _spaced(r"[1-8]", *[_DIGIT] * 5, _CENTURY, _DIGIT, _DIGIT, _MONTH, r"[0-3]", *[_DIGIT] * 4, r"[\dXx]")
_IDENTITY_15 = _spaced(r"[1-8]\d{5}", r"\d{2}(?:0[1-9]|1[0-2])[0-3]\d", r"\d{3}")
_PLATE_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # identity numbers with anything between their digits, then a certificate's category, grade and re-issue
        rf"{_WORD_BEFORE}{_IDENTITY_18}(?:{_GAP}[1-7]{_GAP}[1-4](?:{_GAP}[Bb]\d)?)?{_WORD_AFTER}",
        rf"{_WORD_BEFORE}{_IDENTITY_15}{_WORD_AFTER}",
        # the same as a number that lost its precision, or already half hidden
        r"\d\.\d{5,}[Ee]\+?1\d",
        r"\d{4,6}[*＊xX#]{4,}\d{0,4}[\dXx]?",
        # property units and title deeds, marriage certificates
        r"\d{6,12}[A-Z]{2}\d{5}[A-Z]\d{8}",
        r"不动产权(?:证)?第?\s*\d+\s*号?",
        r"[JL]\d{6}-\d{4}-\d{4,}",
        # account numbers, and whatever other long number somebody typed
        r"\d{13,}[Xx]?\d{0,2}(?:[Bb]\d)?",
        r"(?<!\d)(?:\d{4}[ -]){3,4}\d{1,4}(?!\d)",
        # mobile phones and land lines
        rf"{_WORD_BEFORE}(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_WORD_AFTER}",
        rf"{_WORD_BEFORE}0\d{{2,3}}[ -]\d{{7,8}}{_WORD_AFTER}",
        rf"[{_PLATE_PROVINCE}]\s?[A-Z]\s?[·•.\-]?\s?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]",
    )
)

# Digests and keys of ours hold long runs of digits by chance; they are words of a fixed length with letters in them.
_HEX_WORD = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-Fa-f]*[A-Fa-f])(?:[PH]?[0-9a-f]{31,32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9A-F]{20})(?![0-9A-Za-z])"
)
_MOMENT = re.compile(
    r"(?<!\d)(?:19|20)\d{2}-?(?:0[1-9]|1[0-2])-?[0-3]\d[ T_]?[0-2]\d[:]?[0-5]\d[:]?[0-5]\d(?:[.,]?\d{1,6})?(?!\d)"
)
_QUOTED = re.compile(r"(['\"`“‘「])((?:(?!['\"`”’」]).){1,400})(['\"`”’」])")
_PLAIN_WORDS = re.compile(r"[A-Za-z_][\w.,/:\-\s\[\]()=<>]*", re.ASCII)


def mask(text: str) -> str:
    """Replace everything in ``text`` that has the shape of an identifier by ``[masked]``."""
    translated = text.translate(_ASCII)
    kept = [match.span() for pattern in (_HEX_WORD, _MOMENT) for match in pattern.finditer(translated)]
    spans = [
        match.span()
        for pattern in _PATTERNS
        for match in pattern.finditer(translated)
        if not any(start <= match.start() and match.end() <= end for start, end in kept)
    ]
    if not spans:
        return text
    pieces, end = [], 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        if start >= end:
            pieces += [text[end:start], MASK]
        end = stop
    return "".join(pieces) + text[end:]


def mask_output(line: str) -> str:
    """Mask a line that another program wrote: identifiers, and quoted text that is no plain identifier or path.

    Databases quote the value that they could not convert, which may be a name.
    """

    def hide(match: re.Match[str]) -> str:
        opening, inner, closing = match.groups()
        return match[0] if _PLAIN_WORDS.fullmatch(inner) else f"{opening}{MASK}{closing}"

    return mask(_QUOTED.sub(hide, line))


def mask_path(path: Path | str) -> str:
    """The last part of a path, masked: what an error message may say of a file."""
    return mask(Path(path).name)
