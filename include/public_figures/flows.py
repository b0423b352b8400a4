"""Where the bands of a flow picture lie: two columns of blocks, each as high as it is large, and bands between them."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, BLOCK_WIDTH, GAP = 900, 14, 12
_LEFT, _RIGHT = 210, WIDTH - 210 - BLOCK_WIDTH


@dataclass(frozen=True)
class Block:
    """A group on one side."""

    name: str
    count: int
    x: float
    y: float
    height: float
    is_left: bool


@dataclass(frozen=True)
class Band:
    """Those who went from a group on the left to one on the right; ``path`` is its outline."""

    from_name: str
    to_name: str
    count: int
    path: str
    stays: bool


@dataclass(frozen=True)
class Picture:
    """A flow picture, ``height`` units high and ``WIDTH`` wide."""

    blocks: list[Block]
    bands: list[Band]
    height: float


def picture(
    flows: dict[tuple[str, str], int],
    order: list[str],
    before: dict[str, int],
    after: dict[str, int],
    room: float = 330.0,
) -> Picture:
    """Lay out flows (from, to → how many); groups stand in ``order`` on both sides, blocks fill ``room`` in sum.

    ``before`` and ``after`` say how large the groups are: larger than their bands, where a band is left out.
    """
    scale = room / max(sum(before.values()), sum(after.values()), 1)
    blocks: list[Block] = []
    places: dict[tuple[str, bool], float] = {}
    lowest = 0.0
    for is_left, groups in ((True, before), (False, after)):
        y = 4.0
        for name in order:
            count = groups.get(name, 0)
            if not count:
                continue
            height = max(count * scale, 1.0)
            blocks.append(Block(name, count, _LEFT if is_left else _RIGHT, y, height, is_left))
            places[name, is_left] = y
            y += max(height, 14.0) + GAP
        lowest = max(lowest, y)
    bands = []
    for start in order:
        for end in order:
            count = flows.get((start, end), 0)
            if not count:
                continue
            height = max(count * scale, 0.6)
            left, right = places[start, True], places[end, False]
            places[start, True] += height
            places[end, False] += height
            bands.append(Band(start, end, count, _outline(left, right, height), start == end))
    return Picture(blocks, bands, lowest)


def _outline(left: float, right: float, height: float) -> str:
    begin, end = _LEFT + BLOCK_WIDTH, _RIGHT
    middle = (begin + end) / 2
    there = f"M{begin} {left:.1f} C{middle} {left:.1f} {middle} {right:.1f} {end} {right:.1f}"
    left, right = left + height, right + height
    return f"{there} V{right:.1f} C{middle} {right:.1f} {middle} {left:.1f} {begin} {left:.1f} Z"
