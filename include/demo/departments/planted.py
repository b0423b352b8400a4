"""Rows of planted cases, which a department's export lists behind those of ordinary life."""

from __future__ import annotations

from typing import Any

import numpy as np

from include.demo.world import World


def planted(world: World, dataset: str, index: int) -> list[dict[str, Any]]:
    """The planted rows that a month's delivery of a dataset shows."""
    return [row for row in world.extra.get(dataset, []) if index in row["shown"]]


def followed(ordinary: np.ndarray, rows: list[dict[str, Any]], name: str) -> np.ndarray:
    """A column of ordinary rows with the planted rows' values behind them."""
    values = [row[name] for row in rows]
    if ordinary.dtype.kind in "iuf":
        return np.concatenate([ordinary, np.array(values, dtype=ordinary.dtype)])
    return np.concatenate([ordinary.astype(object), np.array(values, dtype=object)])


def concerned(world: World, dataset: str, name: str) -> np.ndarray:
    """Everybody, or every household, of whom a dataset has planted rows in any month."""
    return np.array(sorted({row[name] for row in world.extra.get(dataset, [])}), dtype="int64")
