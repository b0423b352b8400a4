"""Nobody who does the sums of a published table can tell a small group: proved with linear programmes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from include.public_figures.small_cells import SMALLEST_SHOWN, Counts, Mask, hidden_cells, with_totals

TABLES = arrays(
    np.int64, st.tuples(st.integers(2, 6), st.integers(2, 5)), elements=st.sampled_from([0, 1, 2, 4, 5, 7, 30])
)


def widths(table: Counts, hidden: Mask, has_row_totals: bool) -> dict[tuple[int, int], float]:
    """How far apart the smallest and largest number are that each left-out cell could be, by all shown sums at once."""
    rows, columns = table.shape
    lines = [[(row, column) for row in range(rows)] for column in range(columns)]
    if has_row_totals:
        lines += [[(row, column) for column in range(columns)] for row in range(rows)]
    places = [tuple(map(int, place)) for place in np.argwhere(hidden)]
    sums = np.zeros((len(lines), len(places)))
    shown = np.zeros(len(lines))
    for number, line in enumerate(lines):
        for place in line:
            sign = -1 if place == line[-1] else 1
            if hidden[place]:
                sums[number, places.index(place)] = sign
            else:
                shown[number] -= sign * table[place]
    found = {}
    for number, place in enumerate(places):
        aim = np.zeros(len(places))
        aim[number] = 1
        ends = [linprog(sign * aim, A_eq=sums, b_eq=shown, bounds=(0, None)) for sign in (1, -1)]
        found[place] = float("inf") if ends[1].status == 3 else -ends[1].fun - ends[0].fun
    return found


@given(TABLES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_small_cell_can_be_told_from_what_is_shown(counts: Counts, has_row_totals: bool) -> None:
    table = with_totals(counts, has_row_totals)
    hidden = hidden_cells(table, has_row_totals)
    small = (table > 0) & (table < SMALLEST_SHOWN)
    assert hidden[small].all()
    if hidden.all():
        return
    told = widths(table, hidden, has_row_totals)
    assert [place for place in map(tuple, np.argwhere(small)) if told[place] < SMALLEST_SHOWN - 1e-6] == []


def test_a_table_of_large_groups_and_empty_ones_is_shown_whole() -> None:
    table = with_totals(np.array([[0, 5, 90], [12, 8, 0]]), has_row_totals=True)
    assert not hidden_cells(table, has_row_totals=True).any()


def test_one_small_cell_takes_the_cheapest_rectangle_and_no_total() -> None:
    table = with_totals(np.array([[3, 40, 9], [20, 50, 6], [8, 70, 90]]), has_row_totals=True)
    hidden = hidden_cells(table, has_row_totals=True)
    assert np.argwhere(hidden).tolist() == [[0, 0], [0, 2], [1, 0], [1, 2]]


def test_a_column_alone_needs_one_other_cell() -> None:
    table = with_totals(np.array([[2], [30], [11]]), has_row_totals=False)
    assert hidden_cells(table, has_row_totals=False).ravel().tolist() == [True, False, True, False]


def test_what_nothing_covers_is_not_shown_at_all() -> None:
    assert hidden_cells(with_totals(np.array([[2]]), has_row_totals=True), has_row_totals=True).all()


@pytest.mark.parametrize(("now", "is_hidden"), [(21, True), (24, True), (25, False), (20, False)])
def test_a_number_that_changed_by_a_few_since_it_was_published_is_left_out(now: int, is_hidden: bool) -> None:
    before = with_totals(np.array([[20, 40], [60, 80]]), has_row_totals=True)
    after = with_totals(np.array([[now, 40], [60, 80]]), has_row_totals=True)
    shown_before = np.zeros(before.shape, dtype=bool)
    assert hidden_cells(after, True, before, shown_before)[0, 0] == is_hidden


def test_what_was_left_out_once_stays_left_out() -> None:
    table = with_totals(np.array([[20, 40], [60, 80]]), has_row_totals=True)
    earlier = np.zeros(table.shape, dtype=bool)
    earlier[1, 1] = True
    assert np.argwhere(hidden_cells(table, True, table, earlier)).tolist() == [[1, 1]]
