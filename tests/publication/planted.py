"""Deliveries of all datasets about a handful of people whose every trait must stay inside the house.

Every identifier below is planted in each dataset that has room for it, in accepted rows and in rows that are refused.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from include.contracts import Column, Contract, load_contracts

TOWN, VILLAGE = "三星镇", "叠石桥村"
MONTHS = ("202109", "202110")
PLATE, UNIT, PHONE = "苏F·7Z9KK", "320684100003GB00207F48110028", "13912345678"
ACCOUNT, ADDRESS, HOUSEHOLD = "6228480402564890018", "北岸路九号院西厢", "HM-2021-00017"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Person:
    """Somebody planted: a name nobody else bears and a valid identity number."""

    name: str
    first_digits: str

    @property
    def id_no(self) -> str:
        """The whole number."""
        total = sum(int(digit) * weight for digit, weight in zip(self.first_digits, _WEIGHTS, strict=True))
        return self.first_digits + "10X98765432"[total % 11]

    @property
    def certificate_no(self) -> str:
        """A disability certificate's number: the identity number, limbs, grade two."""
        return self.id_no + "42"


PEOPLE = (
    Person("龚翯翀", "32062519380412041"),
    Person("欧阳奭奡", "32068419620715102"),
    Person("阿卜杜·翾翾", "32061420120303018"),
)
REFUSED = Person("昝氻氽", "32062519450101023")
_OF_PEOPLE = [
    text
    for person in (*PEOPLE, REFUSED)
    for text in (person.name, person.name.replace("·", ""), person.id_no, person.id_no[:-1])
]
SECRETS = (*_OF_PEOPLE, PLATE, PLATE.replace("·", ""), UNIT, PHONE, ACCOUNT, ADDRESS, HOUSEHOLD)


def plant(inbox: Path) -> int:
    """Write the deliveries; returns how many files there are."""
    files = 0
    for contract in load_contracts().values():
        for month in MONTHS if contract.delivery == "snapshot" else MONTHS[-1:]:
            _write(inbox, contract, month)
            files += 1
    return files


def _write(inbox: Path, contract: Contract, month: str) -> None:
    folder = inbox / contract.department / contract.short_name
    folder.mkdir(parents=True, exist_ok=True)
    part = f"_{TOWN}" if contract.parts else ""
    path = folder / f"{contract.short_name}_{month}{part}.csv"
    rows = _regions() if contract.short_name == "region" else _rows(contract, month)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [column.header for column in contract.columns.values()])
        writer.writeheader()
        writer.writerows(rows)
    path.with_name(path.name + ".done").touch()


def _regions() -> list[dict[str, str]]:
    rows = (("320614000000", "海门区", "区县", ""), ("320614416000", TOWN, "镇街", "320614000000"))
    rows += (("320614416201", VILLAGE, "村居", "320614416000"),)
    return [dict(zip(("区划代码", "名称", "级别", "上级代码"), row, strict=True)) for row in rows]


def _rows(contract: Contract, month: str) -> list[dict[str, str]]:
    rows = []
    for number, person in enumerate((*PEOPLE, REFUSED)):
        row = {column.header: _value(column, person, number, month) for column in contract.columns.values()}
        if person is REFUSED:
            for column in contract.columns.values():
                if column.type in ("date", "month", "money"):
                    row[column.header] = f"{person.name}{person.id_no}"
        rows.append(row)
    return rows


def _value(column: Column, person: Person, number: int, month: str) -> str:
    by_type = {
        "id_no": person.id_no,
        "name": person.name,
        "date": "2031-12-31" if column.name.endswith("until") else f"{month[:4]}-08-{10 + number}",
        "month": month,
        "money": "60.00",
        "int": "1",
        "number": "0.5",
        "bool": "是" if number == 0 else "否",
        "enum": column.values[0] if column.values else "",
        "region": TOWN if column.level == "town" or column.name == "town" else VILLAGE,
    }
    if column.type != "text":
        is_open_end = column.name.startswith("end") and not column.required
        return "" if is_open_end else by_type[column.type]
    named = {
        "household_no": HOUSEHOLD,
        "certificate_no": person.certificate_no,
        "plate_no": PLATE[:-1] + "KLMN"[number],
        "unit_no": f"{UNIT[:-1]}{number}",
        "asset_no": PLATE[:-1] + "XYZW"[number],
        "phone": PHONE,
        "account_no": ACCOUNT,
        "unit": f"城管站（{person.id_no}）",
        "relation": "本人" if number == 0 else "子女",
        "region": "崇川区",
        "alert_no": "E01-0000000000000000000F",
    }
    if column.name in named:
        return named[column.name]
    if column.sens == "contact":
        return f"{ADDRESS}{person.name}"
    if column.name.endswith("_no") or column.name == "credit_code":
        return f"N{month}{number:04d}"
    return f"文字{person.id_no}"
