"""The signed id of a handed-out list: which month's and whose it is, held against what comes back in its file.

It is a custom property of the workbook: editing the sheets does not touch it, and the columns of an answer stay those
of the contract. A file that bears none, made by hand or by another program, is read by its rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest

from include.ingest.keys import keyed_hash

#: Whose the district's own list is; a town's or village's is its region code's.
DISTRICT = "district"
_DOMAIN = "worklist"


@dataclass(frozen=True)
class ListId:
    """A list: its month (YYYYMM) and the town or village it was made for."""

    month: str
    place: str

    def covers(self, town_code: str, village_code: str) -> bool:
        """Whether an alert of this place can stand on the list."""
        return self.place in (DISTRICT, town_code, village_code)


def signed(key: str, listed: ListId) -> str:
    """The id of a list, which only the holder of the key can make."""
    told = f"{listed.month}-{listed.place}"
    return f"{told}-{keyed_hash(key, _DOMAIN, told)[:32]}"


def read_signed(key: str, text: str) -> ListId | None:
    """The list that an id names; None where nobody here signed it."""
    month, _, place = text.rpartition("-")[0].partition("-")
    named = ListId(month, place)
    return named if compare_digest(text.encode(), signed(key, named).encode()) else None
