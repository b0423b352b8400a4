"""When a delivery waits for a person's word before it replaces anything.

Either more than a tenth of its rows are bad (:attr:`Counts.too_many_bad`), or it is a snapshot that is more than
30 % smaller or larger than what it would replace. Only snapshots replace: facts that are added up may swing.

What a snapshot is held against is what stands at its own period, by the rule by which deliveries follow each other
(``int_delivery_validity``); so a correction meets what it corrects, and a late file what stood in its old month:

* a whole-district file meets everything that stands, the towns' parts together;
* a town's part meets that town's last part, or the town's own rows of a whole-district file;
* a numbered part (``_1``, ``_2``; ``_三星镇_1`` of a town) meets the part of the same number before it. Where the
  files are cut differently than last time, the parts of the period that are accepted so far, this one with them, meet
  all of the last period: whoever changes the cut is asked once, rather than having a third of a list end everybody on
  the rest;
* the first of its kind meets nothing, and so does what follows an empty list.

A short list moves by nature (a village of three loses one), so fewer than three rows are never a hold, as with bad
rows; unless nobody is left, which would end everybody on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from include.contracts import Contract
from include.ingest.judging import FEWEST_BAD_ROWS_TO_HOLD, Counts
from include.ingest.landing import data_file, dataset_ledger, literal
from include.ingest.reasons import reason_record
from include.ingest.schema import quoted
from include.settings import Settings

MOST_PERCENT_MOVED = 30
FEWEST_ROWS_MOVED = FEWEST_BAD_ROWS_TO_HOLD

Entry = dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What a delivery would replace: those deliveries, their rows, and the rows that would stand instead."""

    replaced: tuple[Entry, ...]
    before: int
    now: int

    @property
    def percent(self) -> float:
        """By how much it grows (or, below nought, shrinks); nought after an empty list."""
        return (self.now - self.before) * 100 / self.before if self.before else 0.0

    @property
    def is_too_far(self) -> bool:
        """Beyond 30 %, and at least three rows or everybody."""
        moved = abs(self.now - self.before)
        return moved * 100 > self.before * MOST_PERCENT_MOVED and (moved >= FEWEST_ROWS_MOVED or not self.now)

    def __str__(self) -> str:
        return f"上一份 before {self.before:,} 行, 本次 now {self.now:,} 行, {self.percent:+.1f} %"


class Standing:
    """The accepted deliveries of each dataset: read from the ledger once, kept up by whoever lands more."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._accepted: dict[str, list[Entry]] = {}

    def of(self, dataset: str) -> list[Entry]:
        """Every accepted delivery of a dataset, in the order in which they follow each other."""
        if dataset not in self._accepted:
            known = dataset_ledger(self._settings, dataset)
            self._accepted[dataset] = [entry for entry in known if entry["status"] == "accepted"]
        return sorted(self._accepted[dataset], key=position)

    def note(self, entry: Entry) -> None:
        """Count a delivery that has just been landed."""
        if entry["status"] == "accepted" and entry["dataset"] in self._accepted:
            self._accepted[entry["dataset"]].append(entry)

    def compare(self, contract: Contract, entry: Entry) -> Comparison | None:
        """A snapshot beside what it would replace; None when that is nothing."""
        if contract.delivery != "snapshot":
            return None
        older = [each for each in self.of(contract.dataset) if position(each) < position(entry)]
        standing = in_force(older, contract, entry["period"])
        if _is_numbered(contract, entry):
            of_the_place = [each for each in older if not entry["part_code"] or each["part_code"] == entry["part_code"]]
            return self._compare_numbered(contract, of_the_place if contract.parts else older, entry)
        if not entry["part_code"]:
            return self._compared(contract, standing, entry["rows_accepted"])
        return self._compare_town(contract, standing, entry)

    def _compare_town(self, contract: Contract, standing: list[Entry], entry: Entry) -> Comparison | None:
        own = [each for each in standing if each["part_code"] == entry["part_code"]]
        if own:
            return self._compared(contract, own, entry["rows_accepted"])
        whole = [each for each in standing if not each["part_code"]]
        if not whole or contract.town_column is None:
            return None
        own_rows = f"{quoted(contract.town_column)} = {literal(entry['part_code'])}"
        return Comparison(tuple(whole), self._count(contract, [(whole[0], own_rows)]), entry["rows_accepted"])

    def _compare_numbered(self, contract: Contract, older: list[Entry], entry: Entry) -> Comparison | None:
        together = [each for each in older if each["period"] == entry["period"]]
        last = in_force([each for each in older if each["period"] < entry["period"]], contract, entry["period"])
        for of_one_period in (together, last):
            same = [each for each in of_one_period if _part(each) == _part(entry)]
            if same:
                return self._compared(contract, same[-1:], entry["rows_accepted"])
        together = in_force(together, contract, entry["period"])
        return self._compared(contract, last, sum(each["rows_accepted"] for each in (*together, entry)))

    def _compared(self, contract: Contract, replaced: list[Entry], now: int) -> Comparison | None:
        if not replaced:
            return None
        towns = [each["part_code"] for each in replaced if each["part_code"]]
        if contract.parts == "town" and 0 < len(towns) < len(replaced):
            before = self._count(contract, rows_that_stand(contract, replaced))
        else:
            before = sum(each["rows_accepted"] for each in replaced)
        return Comparison(tuple(replaced), before, now)

    def _count(self, contract: Contract, rows: Iterable[tuple[Entry, str]]) -> int:
        """Keys in some rows of some deliveries; one that stands in two of them counts once."""
        keys = ", ".join(map(quoted, contract.key))
        selected = " UNION ".join(
            f"SELECT {keys} FROM read_parquet({literal(data_file(self._settings, entry))}) WHERE {condition}"
            for entry, condition in rows
        )
        with duckdb.connect() as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({selected}))").fetchone() or (
                0,
            )
        return int(count)


def rows_that_stand(contract: Contract, standing: list[Entry]) -> list[tuple[Entry, str]]:
    """Deliveries that stand together, each with the SQL condition for its rows that do.

    A whole-district file stands beside newer files of single towns, but not with the rows of those towns.
    """
    rows = []
    for number, entry in enumerate(standing):
        newer = ", ".join(literal(each["part_code"]) for each in standing[number + 1 :] if each["part_code"])
        column = contract.town_column if newer and not entry["part_code"] else None
        rows.append((entry, f"{quoted(column)} NOT IN ({newer})" if column else "true"))
    return rows


def position(entry: Entry) -> tuple[str, str, str]:
    """The order in which deliveries of a dataset follow each other."""
    return entry["period"], entry["received_at"], entry["delivery_id"]


def in_force(accepted: Iterable[Entry], contract: Contract, month: str) -> list[Entry]:
    """Of accepted deliveries, in their order, those that stand in a month."""
    come = sorted((entry for entry in accepted if entry["period"] <= month), key=position)
    return [
        older
        for number, older in enumerate(come)
        if not any(_replaces(contract, newer, older) for newer in come[number + 1 :])
    ]


def _replaces(contract: Contract, newer: Entry, older: Entry) -> bool:
    is_newer = newer["period"] > older["period"]
    if contract.parts is None:
        return newer["part_code"] in ("", older["part_code"]) or is_newer
    is_whole = not newer.get("sequence") or _part(newer) == _part(older)
    return newer["part_code"] in ("", older["part_code"]) and (is_whole or is_newer)


def _is_numbered(contract: Contract, entry: Entry) -> bool:
    """Whether it is one of several files that are one delivery together; what was landed long ago does not say."""
    return bool(entry.get("sequence") or (contract.parts is None and entry["part_code"]))


def _part(entry: Entry) -> tuple[str, str]:
    return entry["part_code"], entry.get("sequence", "")


def why_held(contract: Contract, entry: Entry, counts: Counts, standing: Standing) -> dict[str, str] | None:
    """The reason for which a delivery waits for a person, or None: it may stand at once."""
    if counts.too_many_bad:
        return reason_record("too_many_bad_rows")
    compared = standing.compare(contract, entry)
    if compared is None or not compared.before or not compared.is_too_far:
        return None
    return reason_record("shrunk_too_far" if compared.now < compared.before else "grown_too_far", str(compared))
