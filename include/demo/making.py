"""Makes the district and writes its deliveries and the truth about them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from include.demo.anomalies.everything import plant_everything
from include.demo.anomalies.habits import plant_habits
from include.demo.casebook import Casebook
from include.demo.deliveries import DATASETS, Dataset, Office, write_dataset
from include.demo.departments.property import make_estates
from include.demo.departments.public_security import make_fleet
from include.demo.moments import WINDOW, month_iso, month_text
from include.demo.programmes import payments
from include.demo.programmes.assistance import SINGLE
from include.demo.slips import Slips
from include.demo.truth import payment_totals, write_totals, write_truth
from include.demo.world import make_world

MONTHS = tuple(month_text(at) for at in WINDOW)
_LARGE = 0.05
_JOB: dict[str, Any] = {}


def make_deliveries(inbox: Path, truth: Path, scale: float, seed: int, months: Sequence[str] = MONTHS) -> None:
    """Write the deliveries of ``months`` (a beginning of 202101…202110) and, below ``truth``, what is in them.

    The same seed and scale give the same bytes. The work of large districts is shared by two processes.
    """
    if tuple(months) != MONTHS[: len(months)] or not months:
        raise ValueError(f"月份须从 {MONTHS[0]} 起连续 / months must run from {MONTHS[0]} on: {','.join(months)}")
    world = make_world(scale, seed)
    book = plant_everything(world)
    plant_habits(book)
    office = Office(world, Slips(world), make_fleet(world), make_estates(world))
    jobs = [(dataset, index) for dataset in DATASETS for index in range(len(months))]
    _write_all(office, inbox, jobs, parallel=scale >= _LARGE)
    _write_truth(book, office, truth, len(months))


def _write_all(office: Office, inbox: Path, jobs: list[tuple[Dataset, int]], parallel: bool) -> None:
    if not parallel:
        for dataset, index in jobs:
            write_dataset(dataset, office, inbox, index)
        return
    _JOB.update(office=office, inbox=inbox, jobs=jobs)
    try:
        with multiprocessing.get_context("fork").Pool(2) as pool:
            for _ in pool.imap_unordered(_run_job, range(len(jobs)), chunksize=1):
                pass
    finally:
        _JOB.clear()


def _run_job(place: int) -> None:
    dataset, index = _JOB["jobs"][place]
    write_dataset(dataset, _JOB["office"], _JOB["inbox"], index)


def _write_truth(book: Casebook, office: Office, truth: Path, months: int) -> None:
    """Totals of the payment files; a payment row that is unreadable leaves its town's batch one short (P16)."""
    totals = []
    world = office.world
    for index in range(months):
        table = payments.payment_table(world, index)
        programme, town = table.marks["programme"], table.marks["town"]
        amounts = next(column for column in table.columns if column.kind == "money").values
        totals += payment_totals(WINDOW[index], programme, np.asarray(amounts), payments.LABELS)
        for row in office.slips.broken_rows("payment", index, table.person):
            code = payments.CODES[programme[row]]
            if world.assistance.programme[table.marks["household"][row]] == SINGLE and code == "dibao":
                code = "dibao_single"
            if table.marks["kind"][row] == 0 and code != "temporary_assistance":
                key = f"{code}|{world.geography.town_code[town[row]]}|{month_iso(WINDOW[index])}"
                book.plant("P16", code, -1, key, [index], "critical", "unreadable_row", subject="payment", kind="habit")
    truth.mkdir(parents=True, exist_ok=True)
    write_truth(book, truth, months - 1)
    write_totals(truth, totals)
