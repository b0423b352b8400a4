"""Finding the header row by its names, under titles, in one level or two, with columns in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from include.contracts import Contract
from include.contracts.wording import normalise_header
from include.ingest.reasons import RefusedFileError

SEARCHED_ROWS = 60
_OTHER_UNIT = re.compile(r"(?:[百千万亿]元|[(/:]\s*(?:单位:?)?[分角]\s*(?:\)|$))")
_UNIT_OF_ALL = re.compile(r"单位:?\s*(?:人民币)?(?:[百千万亿]元|[分角])")
Row = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """Where the header ends, which position each contract column has, and what else the file brings."""

    rows: int
    positions: dict[str, int]
    texts: tuple[str, ...]
    drift: tuple[str, ...]
    claims: dict[str, tuple[int, ...]]

    def refuse_if_unfit(self, contract: Contract, place: str) -> None:
        """Refuse the whole file when two columns claim one header, or a required column is missing."""
        for name, positions in self.claims.items():
            if len(positions) > 1:
                raise RefusedFileError("duplicate_column", f"{contract.columns[name].header}{place}")
        missing = [column.header for column in contract.required_columns if column.name not in self.positions]
        if missing:
            raise RefusedFileError("missing_column", "、".join(missing) + place)

    def refuse_other_units(self, contract: Contract, above: Sequence[Row], place: str) -> None:
        """Refuse the whole file when a header of money, or a line above it, counts in anything but yuan."""
        money = [name for name in self.positions if contract.columns[name].type == "money"]
        for name in money:
            if _OTHER_UNIT.search(unicodedata.normalize("NFKC", self.texts[self.positions[name]])):
                raise RefusedFileError("other_unit", f"{contract.columns[name].header}{place}")
        titles = (unicodedata.normalize("NFKC", cell or "") for row in above for cell in row)
        if money and any(_UNIT_OF_ALL.search(title) for title in titles):
            raise RefusedFileError("other_unit", place.strip())


def find_header(contract: Contract, rows: Sequence[Row]) -> Header | None:
    """The best header among the first rows: the one that names most columns, the simplest and highest of equals."""
    best: tuple[int, int, int] | None = None
    found: Header | None = None
    for index in range(min(len(rows), SEARCHED_ROWS)):
        if best is not None and index + best[2] > 2:
            break  # a header two rows further down would be no header of this one's columns
        single = _match(contract, index + 1, [_text(cell) for cell in rows[index]])
        candidates = [(0, single)]
        if index + 1 < len(rows) and index + 1 < SEARCHED_ROWS:
            candidates.append((1, _match_two_levels(contract, index + 2, rows[index], rows[index + 1])))
        for levels, header in candidates:
            rank = (len(header.positions), -levels, -index)
            if _is_header(contract, header) and (best is None or rank > best):
                best, found = rank, header
    return found


def _is_header(contract: Contract, header: Header) -> bool:
    required = {column.name for column in contract.required_columns}
    named = len(header.positions)
    return named >= min(2, len(contract.columns)) and 2 * len(required & set(header.positions)) >= len(required)


def _text(cell: str | None) -> str:
    return (cell or "").strip()


def _match(contract: Contract, rows: int, texts: list[str]) -> Header:
    normalised = [normalise_header(text) if text else "" for text in texts]
    by_exact = {column.headers[0]: column.name for column in contract.columns.values()}
    by_alias = {alias: column.name for column in contract.columns.values() for alias in column.headers[1:]}
    exact: dict[str, list[int]] = {}
    alias: dict[str, list[int]] = {}
    for position, text in enumerate(normalised):
        if text in by_exact:
            exact.setdefault(by_exact[text], []).append(position)
        elif text in by_alias:
            alias.setdefault(by_alias[text], []).append(position)
    # A column's own header settles the claim; other wordings count only where it is absent.
    claims = {name: tuple(exact.get(name) or alias[name]) for name in {**alias, **exact}}
    positions = {name: claims[name][0] for name in contract.columns if name in claims}
    taken = {position for claimed in claims.values() for position in claimed}
    drift = tuple(text for position, text in enumerate(texts) if text and position not in taken)
    return Header(rows, positions, tuple(texts), drift, claims)


def _match_two_levels(contract: Contract, rows: int, upper: Row, lower: Row) -> Header:
    """A merged header: for each column the joined text if it is a header, else the lower, else the upper one."""
    width = max(len(upper), len(lower))
    known = {header for column in contract.columns.values() for header in column.headers}
    texts, group = [], ""
    for position in range(width):
        above = _text(upper[position]) if position < len(upper) else ""
        below = _text(lower[position]) if position < len(lower) else ""
        group = above or (group if below else "")
        choices = [group + below, below, above]
        texts.append(next((text for text in choices if text and normalise_header(text) in known), below or above))
    return _match(contract, rows, texts)
