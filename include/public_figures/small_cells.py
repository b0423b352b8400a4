"""Which cells of a table are left out so that nobody can tell the few people behind a small one.

A cell below ``SMALLEST_SHOWN`` is left out. Because totals are shown, others have to go with it: each small cell
is made a corner of a rectangle whose four corners are left out, so that the same sums hold for tables in which it is
larger or smaller, ``SMALLEST_SHOWN`` apart at least (the hypercube method of statistical offices). What was left out
once stays left out, and a number that changed by a few since it was published is left out, because the difference
would be those few.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

#: Cells of one to four people are not shown: k = 5 of the privacy rules.
SMALLEST_SHOWN = 5

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
_Place = tuple[int, int]
# A total is left out when nothing else covers a small cell.
_PRICE_OF_A_TOTAL = 1 << 40


def with_totals(counts: Counts, has_row_totals: bool) -> Counts:
    """A table of shape (rows, columns) with a last row of column totals and, if asked, a last column of row totals."""
    table = np.vstack([counts, counts.sum(axis=0, keepdims=True)])
    return np.hstack([table, table.sum(axis=1, keepdims=True)]) if has_row_totals else table


def hidden_cells(
    table: Counts, has_row_totals: bool, earlier: Counts | None = None, earlier_hidden: Mask | None = None
) -> Mask:
    """Which cells of a table with totals (as ``with_totals`` gives it) are left out.

    ``earlier`` and ``earlier_hidden`` are the same table as it was published before, of the same shape. Where no
    rectangle covers a cell, nothing of the table is shown.
    """
    small = (table > 0) & (table < SMALLEST_SHOWN)
    if earlier is not None and earlier_hidden is not None:
        moved = np.abs(table - earlier)
        small |= ~earlier_hidden & (moved > 0) & (moved < SMALLEST_SHOWN)
        hidden = small | earlier_hidden
    else:
        hidden = small.copy()
    for row, column in np.argwhere(small):
        cover = _cover(table, hidden, (int(row), int(column)), has_row_totals)
        if cover is None:
            return np.ones(table.shape, dtype=bool)
        for place in cover:
            hidden[place] = True
    return hidden


def _cover(table: Counts, hidden: Mask, cell: _Place, has_row_totals: bool) -> list[_Place] | None:
    """The cells to leave out with a small one that cost the least: the smallest in sum, totals only at need."""
    row, column = cell
    rows = [other for other in range(table.shape[0]) if other != row]
    columns: list[int | None] = [None]
    if has_row_totals:
        columns = [other for other in range(table.shape[1]) if other != column]
    best: tuple[int, list[_Place]] | None = None
    for other_row, other_column in product(rows, columns):
        corners = _corners(table.shape, cell, other_row, other_column)
        if _width(table, corners) < SMALLEST_SHOWN:
            continue
        added = [place for place, _ in corners if not hidden[place]]
        price = sum(
            int(table[place]) + _PRICE_OF_A_TOTAL * _totals(table.shape, place, has_row_totals) for place in added
        )
        if best is None or (price, added) < best:
            best = price, added
    return best[1] if best else None


def _corners(
    shape: tuple[int, int], cell: _Place, other_row: int, other_column: int | None
) -> list[tuple[_Place, int]]:
    """The corners of a rectangle (of a column's pair, where rows have no total) and how each moves when the cell grows.

    In a line two cells move against each other, but a cell and the line's total move together.
    """
    (row, column), (last_row, last_column) = cell, (shape[0] - 1, shape[1] - 1)
    down = 1 if last_row in (row, other_row) else -1
    corners = [(cell, 1), ((other_row, column), down)]
    if other_column is not None:
        across = 1 if last_column in (column, other_column) else -1
        corners += [((row, other_column), across), ((other_row, other_column), down * across)]
    return corners


def _width(table: Counts, corners: list[tuple[_Place, int]]) -> float:
    """How far apart the largest and the smallest number are that the cell could be; no cell is below nothing."""
    falling = [int(table[place]) for place, sign in corners if sign < 0]
    rising = [int(table[place]) for place, sign in corners if sign > 0]
    return min(falling, default=float("inf")) + min(rising)


def _totals(shape: tuple[int, int], place: _Place, has_row_totals: bool) -> int:
    return (place[0] == shape[0] - 1) + (has_row_totals and place[1] == shape[1] - 1)
