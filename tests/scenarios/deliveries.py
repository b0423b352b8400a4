"""Lay the district's rows down as the files departments would send."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from include.contracts import Contract, load_contract
from include.periods import Month
from tests.scenarios.district import REGION, District, as_month, regions
from tests.scenarios.people import TOWNS
from tests.scenarios.stories import WINDOW

#: Quarters, terms and months of silence, so that a rule can be seen not to be evaluated.
PERIODS: dict[str, list[Month]] = {
    "public_security.exit_entry": [WINDOW[0], WINDOW[3]],
    "human_resources.work_injury": [WINDOW[0], WINDOW[3]],
    "education.enrolment": [WINDOW[0], WINDOW[2]],
    "justice.custody": [month for month in WINDOW if month.number not in (4, 5)],
    "civil_affairs.child_welfare": [month for month in WINDOW if month.number not in (2, 3)],
}


def write_deliveries(district: District, inbox: Path) -> int:
    """Write every file of every period; returns how many."""
    written = _write(inbox, load_contract(REGION), WINDOW[0], "", list(regions()))
    for dataset in district.defaults:
        contract = load_contract(dataset)
        for month in PERIODS.get(dataset, WINDOW):
            rows = [row.columns for row in district.rows.get(dataset, []) if month in row.periods]
            for part, part_rows in _parts(contract, district, rows):
                written += _write(inbox, contract, month, part, part_rows)
    return written


def _parts(
    contract: Contract, district: District, rows: list[dict[str, Any]]
) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    if contract.parts is None:
        return [("", rows)]
    homes = {number: district.register.people[head].town for number, head in district.households.items()}
    return [
        (town, [row for row in rows if row.get("town", homes.get(row.get("household_no", ""))) == town])
        for town in TOWNS
    ]


def _write(inbox: Path, contract: Contract, month: Month, part: str, rows: list[dict[str, Any]]) -> int:
    folder = inbox / contract.department / contract.short_name
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{contract.short_name}_{month}" + (f"_{part}" if part else "")
    table = [[column.header for column in contract.columns.values()]]
    table += [[_cell(row.get(name), column.type) for name, column in contract.columns.items()] for row in rows]
    if "csv" in contract.formats or contract.transport != "file":
        path = folder / f"{stem}.csv"
        text = io.StringIO(newline="")
        csv.writer(text).writerows(table)
        path.write_bytes(text.getvalue().encode(contract.encoding))
    else:
        path = folder / f"{stem}.xlsx"
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet()
            for number, cells in enumerate(table):
                for position, cell in enumerate(cells):
                    sheet.write_string(number, position, cell)
    path.with_name(path.name + ".done").touch()
    return 1


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "month":
        return str(as_month(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
