"""Writes down what the deliveries contain: planted and accidental findings, near misses, totals."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from include.demo.casebook import Case, Casebook
from include.demo.moments import WINDOW, month_text
from include.demo.world import World

_ALERTS = (
    "rule_id",
    "programme",
    "subject_type",
    "id_no",
    "household_no",
    "event_key",
    "first_month",
    "last_month",
    "severity",
    "kind",
    "limb",
)


def newest_episode(case: Case, until: int) -> tuple[int, int] | None:
    """First and last month of the newest run of months, up to a month of the window."""
    months = sorted(index for index in case.severity if index <= until)
    if not months:
        return None
    first = last = months[-1]
    while first - 1 in case.severity:
        first -= 1
    return first, last


def write_truth(book: Casebook, folder: Path, until: int) -> None:
    """Write ``alerts.csv`` and ``near_misses.csv`` for the window's months up to ``until``."""
    folder.mkdir(parents=True, exist_ok=True)
    world = book.world
    rows = []
    for case in book.cases:
        episode = newest_episode(case, until)
        if episode is not None:
            rows.append(
                (
                    case.rule_id,
                    case.programme,
                    case.subject_type,
                    world.people.id_of(case.person),
                    _number(world, case.household),
                    case.event_key,
                    month_text(WINDOW[episode[0]]),
                    month_text(WINDOW[episode[1]]),
                    case.severity[episode[1]],
                    case.kind,
                    case.limb,
                )
            )
    _write(folder / "alerts.csv", _ALERTS, sorted(set(rows)))
    misses = [
        (miss.rule_id, miss.programme, world.people.id_of(miss.person), _number(world, miss.household), miss.why)
        for miss in book.near_misses
    ]
    _write(folder / "near_misses.csv", ("rule_id", "programme", "id_no", "household_no", "why"), sorted(misses))


def write_totals(folder: Path, rows: list[tuple[str, str, int, int]]) -> None:
    """Write how many payments of each programme a month's file holds, and how many cents they are."""
    _write(folder / "payments.csv", ("month", "programme", "payments", "cents"), rows)


def _number(world: World, household: int) -> str:
    return str(world.assistance.number[household]) if household >= 0 else ""


def _write(path: Path, header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def payment_totals(
    month: int, programme: np.ndarray, amount: np.ndarray, labels: tuple[str, ...]
) -> list[tuple[str, str, int, int]]:
    """One row a programme of a month's payments."""
    return [
        (month_text(month), label, int((programme == place).sum()), int(amount[programme == place].sum()))
        for place, label in enumerate(labels)
    ]
