"""One normal form for headers and for wordings, so that clerks' spellings meet the contract's."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_UNIT = re.compile(r"[/:,](?:单位:?)?(?:元|万元|月|人|平方米|岁)(?:/[月人年])?$")
_NUMBERING = re.compile(r"^[0-9]{1,2}[.、](?=\D)")
_ORNAMENT = "*:#·_-"


def normalise_wording(text: str) -> str:
    """NFKC without white space or invisible characters: how values of enums and names of regions are compared."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def normalise_header(text: str) -> str:
    """A header as it is compared: as a wording, without bracketed remarks, units and ornaments around it."""
    bare = normalise_wording(text)
    without_remarks = _BRACKETED.sub("", _BRACKETED.sub("", bare))  # a remark may hold another
    trimmed = _UNIT.sub("", _NUMBERING.sub("", without_remarks.strip(_ORNAMENT)))
    return trimmed or bare
