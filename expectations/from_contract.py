"""Acceptance suites derived from the contracts, over what this run newly landed, a dataset at a time.

Whether a single file is accepted was decided in ingest; these suites hold ingest to the contract: what it landed
has the agreed columns and types, nothing required is empty, no key stands twice in a delivery, and the Parquet
files hold exactly the rows that the ledger counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.vocabulary import Suite, columns_equal, has_columns, in_set, no_rows, not_null, rows_at_least
from include.contracts import Contract, load_contracts
from include.ingest.landing import delivery_folder, literal
from include.ingest.schema import data_columns
from include.settings import Settings

LEDGER_TABLE = "run_delivery"
COLUMN_TABLE = "agreed_column"


def acceptance_suites(settings: Settings, deliveries: Iterable[Mapping[str, Any]]) -> list[Suite]:
    """One suite a dataset that landed something, then one over the ledger and one over the columns' types."""
    files: dict[str, list[Path]] = {}
    for delivery in deliveries:
        folder = delivery_folder(settings, delivery["dataset"], delivery["period"], delivery["delivery_id"])
        files.setdefault(delivery["dataset"], []).append(folder / "data.parquet")
    contracts = load_contracts()
    suites = [_dataset_suite(contracts[dataset], sorted(paths)) for dataset, paths in sorted(files.items())]
    return [*suites, _ledger_suite(), _types_suite(files)]


def ledger_rows(settings: Settings, deliveries: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows of the table ``run_delivery`` that the ledger's suite reads: counts, and where the Parquet files lie."""
    rows = []
    for delivery in deliveries:
        folder = delivery_folder(settings, delivery["dataset"], delivery["period"], delivery["delivery_id"])
        quarantined = folder / "quarantined.parquet"
        rows.append(
            (
                delivery["delivery_id"],
                delivery["rows_read"],
                delivery["rows_accepted"],
                delivery["rows_quarantined"],
                delivery["rows_duplicate"],
                str(folder / "data.parquet"),
                str(quarantined) if quarantined.exists() else None,
            )
        )
    return rows


def agreed_columns() -> list[tuple[str, str, str]]:
    """The rows of the table ``agreed_column``: dataset, column, type; raw texts are no part of the contract."""
    return [
        (dataset, name, sql_type)
        for dataset, contract in load_contracts().items()
        for name, sql_type in data_columns(contract)
        if name != "raw"
    ]


def _dataset_suite(contract: Contract, paths: list[Path]) -> Suite:
    required = [column.name for column in contract.required_columns]
    keys = ", ".join(f'"{column}"' for column in contract.key)
    filled = " and ".join(f'"{column}" is not null' for column in contract.key)
    expectations = [
        rows_at_least(1, severity="critical" if contract.empty == "refused" else "info"),
        has_columns([name for name, _ in data_columns(contract)]),
        *not_null(*required),
        *(in_set(column.name, column.values) for column in contract.columns.values() if column.values),
        no_rows(
            "key_unique_in_delivery",
            f"select delivery, {keys} from {{batch}} where {filled} group by delivery, {keys} having count(*) > 1",
            f"一次交付之内主键不重复：{'、'.join(contract.columns[key].label_zh for key in contract.key)}",
            f"no key stands twice in a delivery: {', '.join(contract.key)}",
        ),
    ]
    return Suite(f"acceptance.{contract.dataset}", contract.dataset, _read(paths), expectations)


def _read(paths: list[Path]) -> str:
    listed = ", ".join(literal(path) for path in paths)
    return f"select * from read_parquet([{listed}], union_by_name = true, hive_partitioning = true)"


def _ledger_suite() -> Suite:
    query = (
        "select ledger.*, coalesce(data.num_rows, 0) as data_rows, coalesce(bad.num_rows, 0) as quarantine_rows "
        f"from temp.{LEDGER_TABLE} as ledger "
        "left join temp.landed_file as data on data.file_name = ledger.data_file "
        "left join temp.landed_file as bad on bad.file_name = ledger.quarantined_file"
    )
    return Suite(
        "acceptance.ledger",
        "delivery ledger",
        query,
        [
            no_rows(
                "every_row_accounted_for",
                "select delivery_id from {batch} where rows_read <> rows_accepted + rows_quarantined + rows_duplicate",
                "读入行数 = 接收 + 隔离 + 重复",
                "rows read = accepted + quarantined + duplicates",
            ),
            columns_equal(
                "rows_accepted",
                "data_rows",
                "accepted_rows_are_landed",
                "接收行数与落地文件一致",
                "as many rows landed as the ledger accepts",
            ),
            columns_equal(
                "rows_quarantined",
                "quarantine_rows",
                "quarantined_rows_are_kept",
                "隔离行数与隔离文件一致",
                "as many rows kept in quarantine as the ledger counts",
            ),
        ],
    )


def _types_suite(files: Mapping[str, list[Path]]) -> Suite:
    landed = " union all ".join(
        f"select {literal(dataset)} as dataset, column_name, column_type from (describe {_read(sorted(paths))})"
        for dataset, paths in sorted(files.items())
    )
    nothing = "select '' as dataset, '' as column_name, '' as column_type where false"
    query = (
        "select agreed.dataset, agreed.column_name, agreed.column_type as agreed_type, "
        "coalesce(landed.column_type, 'missing') as landed_type "
        f"from temp.{COLUMN_TABLE} as agreed "
        f"left join ({landed or nothing}) as landed "
        "on landed.dataset = agreed.dataset and landed.column_name = agreed.column_name "
        f"where agreed.dataset in ({', '.join(map(literal, sorted(files))) or 'null'})"
    )
    return Suite(
        "acceptance.types",
        "landed columns",
        query,
        [
            columns_equal(
                "agreed_type",
                "landed_type",
                "types_as_agreed",
                "落地列的类型与约定一致",
                "every landed column has the agreed type",
            )
        ],
    )
