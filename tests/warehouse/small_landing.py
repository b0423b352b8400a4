"""Deliveries laid into landing by hand, row by row, so that a test decides who came when with what."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from include.contracts import Contract, load_contract
from include.ingest.keys import keyed_hash
from include.ingest.landing import delivery_folder, refused_folder, write_ledger_entry
from include.ingest.person_names import DAMAGED, fold_name
from include.ingest.reasons import reason_record
from include.ingest.schema import data_columns, quarantined_columns
from include.settings import Settings, private_folder

Row = dict[str, Any]

TOWN, OTHER_TOWN = "320614416000", "320614107000"
VILLAGE, NEIGHBOUR, OTHER_VILLAGE = "320614416201", "320614416202", "320614107201"
DISTRICT = "320614000000"

#: What a row needs so that it can stand; a test names only what it is about.
DEFAULTS: dict[str, Row] = {
    "civil_affairs.region": {},
    "civil_affairs.assistance_household": {
        "programme": "低保", "head_name": "顾户主", "head_id_no": "320625196001010019", "area_kind": "农村",
        "town": TOWN, "village": VILLAGE, "member_count": 1, "covered_count": 1, "monthly_amount": 500,
        "start_month": "2020-01",
        "status": "在享", "annual_income": 3000,
    },
    "civil_affairs.assistance_member": {"role": "共同生活", "covered": True, "uplift": "无"},
    "civil_affairs.extreme_poverty": {
        "town": TOWN, "village": VILLAGE, "support_mode": "分散", "basic_amount": 1010, "care_amount": 75,
        "start_month": "2020-01", "status": "在享",
    },
    "civil_affairs.disability_subsidy": {
        "subsidy": "重度残疾人护理补贴", "tier": "护理", "certificate_no": "", "town": TOWN, "village": VILLAGE,
        "monthly_amount": 120, "start_month": "2020-01", "status": "在享",
    },
    "civil_affairs.elder_allowance": {
        "town": TOWN, "village": VILLAGE, "monthly_amount": 50, "start_month": "2020-01", "status": "在享",
    },
    "civil_affairs.child_welfare": {
        "kind": "孤儿", "town": TOWN, "village": VILLAGE, "monthly_amount": 1855, "start_month": "2020-01",
        "status": "在享",
    },
    "civil_affairs.payment": {
        "batch_no": "B1", "programme": "尊老金", "town": TOWN, "amount": 50, "kind": "正常", "result": "成功",
    },
    "public_security.population": {
        "birth_date": date(1940, 1, 1), "sex": "男", "status": "正常", "town": TOWN, "village": VILLAGE,
    },
    "disabled_federation.certificate": {"category": "肢体", "grade": "二级", "status": "正常"},
}  # fmt: skip

REGIONS: list[Row] = [
    {"region_code": DISTRICT, "name": "海门区", "level": "区县", "former_names": "海门市；海门县"},
    {"region_code": TOWN, "name": "三星镇", "level": "镇街", "parent_code": DISTRICT},
    {"region_code": OTHER_TOWN, "name": "正余镇", "level": "镇街", "parent_code": DISTRICT},
    {"region_code": VILLAGE, "name": "叠石桥村", "level": "村居", "parent_code": TOWN},
    {"region_code": NEIGHBOUR, "name": "汇南村", "level": "村居", "parent_code": TOWN},
    {"region_code": OTHER_VILLAGE, "name": "新桥村", "level": "村居", "parent_code": OTHER_TOWN},
]


def person_key(settings: Settings, id_no: str) -> str:
    """The key that the models give a citizen number."""
    secret = keyed_hash(settings.identity_key(), "id_no", id_no)
    return "P" + hashlib.sha256(f"person:{secret}".encode()).hexdigest()[:31]


def household_key(settings: Settings, household_no: str) -> str:
    """The key that the models give a household number."""
    secret = keyed_hash(settings.identity_key(), "household_no", household_no)
    return "H" + hashlib.sha256(f"household:{secret}".encode()).hexdigest()[:31]


@dataclass
class Landing:
    """A landing folder that a test fills, one delivery at a time; each comes a minute after the one before."""

    settings: Settings
    clock: datetime = datetime(2021, 2, 1, 8)
    serial: int = 0
    ids: list[str] = field(default_factory=list)

    def deliver(
        self,
        dataset: str,
        period: str,
        rows: list[Row],
        part: str = "",
        quarantined: list[Row] | None = None,
        received_at: str | None = None,
        status: str = "accepted",
        drift: tuple[str, ...] = (),
    ) -> str:
        """Lay a delivery down, accepted or held, and return its id; a quarantined row may have ``reasons``."""
        contract, refused = load_contract(dataset), quarantined or []
        entry = self._entry(dataset, period, part, status, received_at)
        if status == "held":
            entry["reason"] = reason_record("shrunk_too_far")
        entry |= {
            "rows_read": len(rows) + len(refused),
            "rows_accepted": len(rows),
            "rows_quarantined": len(refused),
            "rows_duplicate": 0,
            "drift": list(drift),
        }
        folder = private_folder(delivery_folder(self.settings, dataset, period, entry["delivery_id"]))
        _write(
            folder / "data.parquet",
            data_columns(contract),
            [self._landed(contract, row, n) for n, row in enumerate(rows, 2)],
        )
        if refused:
            landed = [self._landed(contract, row, n) for n, row in enumerate(refused, len(rows) + 2)]
            for row, given in zip(landed, refused, strict=True):
                row["reasons"] = [
                    {"column_name": column, "reason": reason}
                    for column, reason in given.get("reasons", [("id_no", "bad_checksum")])
                ]
            _write(folder / "quarantined.parquet", quarantined_columns(contract), landed)
        write_ledger_entry(folder, entry)
        return entry["delivery_id"]

    def refuse(self, dataset: str, period: str, status: str = "quarantined", part: str = "") -> str:
        """Lay the ledger line of a file that was refused, held or delivered twice."""
        entry = self._entry(dataset, period, part, status, None) | {"reason": "unreadable"}
        write_ledger_entry(private_folder(refused_folder(self.settings, entry["delivery_id"])), entry)
        return entry["delivery_id"]

    def _entry(self, dataset: str, period: str, part: str, status: str, received_at: str | None) -> dict[str, Any]:
        self.serial += 1
        self.clock += timedelta(minutes=1)
        identity = hashlib.sha256(f"{self.serial}{dataset}{period}{part}".encode()).hexdigest()[:32]
        self.ids.append(identity)
        return {
            "delivery_id": identity, "dataset": dataset, "period": period, "part": part, "part_code": part,
            "source_name": f"{dataset}_{period}.csv", "sha256": identity * 2, "bytes": 100,
            "received_at": received_at or self.clock.isoformat(timespec="microseconds") + "+00:00",
            "encoding": "utf-8", "format": "csv", "rows_read": 0, "rows_accepted": 0, "rows_quarantined": 0,
            "rows_duplicate": 0, "status": status, "reason": None, "drift": [], "run_id": "by hand",
            "contract_version": "1",
        }  # fmt: skip

    def _landed(self, contract: Contract, row: Row, number: int) -> Row:
        values = DEFAULTS.get(contract.dataset, {}) | row
        key = self.settings.identity_key()
        landed: Row = {"row_number": number, "raw": dict.fromkeys(contract.columns)}
        for name, column in contract.columns.items():
            value = values.get(name)
            if column.type == "month" and isinstance(value, str):
                value = date.fromisoformat(f"{value}-01")
            landed[name] = value
            if column.type == "id_no" and value:
                landed[f"{name}_key"] = keyed_hash(key, "id_no", value)
                landed[f"{name}_status"] = values.get(f"{name}_status", "ok")
            if column.type == "name" and value:
                landed[f"{name}_folded"] = fold_name(value)
                if re.search(f"[{DAMAGED}]", value):
                    landed[f"{name}_pattern"] = re.sub(f"[{DAMAGED}]", "_", fold_name(value))
            if column.keyed and value:
                landed[f"{name}_key"] = keyed_hash(key, name, value)
            if column.holds_id_no and value:
                landed[f"{name}_id_no_key"] = keyed_hash(key, "id_no", value[:18].upper())
        return landed


def _write(path: Any, columns: tuple[tuple[str, str], ...], rows: list[Row]) -> None:
    with duckdb.connect() as connection:
        definition = ", ".join(f'"{name}" {kind}' for name, kind in columns)
        connection.execute(f"create table landed ({definition})")
        for row in rows:
            connection.execute(
                f"insert into landed values ({', '.join(f'cast(? as {kind})' for _, kind in columns)})",
                [_bound(row.get(name)) for name, _ in columns],
            )
        connection.execute(f"copy landed to '{path}' (format parquet)")


def _bound(value: Any) -> Any:
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value
