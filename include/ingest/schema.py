"""The columns that landing holds for a contract: one place decides names, order and types."""

from __future__ import annotations

from include.contracts import Column, Contract

SQL_TYPES = {
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "region": "VARCHAR",
    "id_no": "VARCHAR",
    "name": "VARCHAR",
    "date": "DATE",
    "month": "DATE",
    "money": "DECIMAL(18,2)",
    "int": "BIGINT",
    "number": "DECIMAL(18,6)",
    "bool": "BOOLEAN",
}
PLACE_COLUMNS = (("member", "VARCHAR"), ("sheet", "VARCHAR"), ("row_number", "BIGINT"))
REASONS_COLUMN = ("reasons", "STRUCT(column_name VARCHAR, reason VARCHAR)[]")


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_family(column: Column) -> tuple[tuple[str, str], ...]:
    """The landed columns of one contract column: the value, then its key, status or foldings."""
    own = ((column.name, SQL_TYPES[column.type]),)
    if column.type == "id_no":
        return (*own, (f"{column.name}_key", "VARCHAR"), (f"{column.name}_status", "VARCHAR"))
    if column.type == "name":
        return (*own, (f"{column.name}_folded", "VARCHAR"), (f"{column.name}_pattern", "VARCHAR"))
    if column.keyed:
        return (*own, (f"{column.name}_key", "VARCHAR"))
    if column.holds_id_no:
        return (*own, (f"{column.name}_id_no_key", "VARCHAR"))
    return own


def key_domains(contract: Contract) -> dict[str, str]:
    """The landed columns that hold keyed hashes, each with the kind of identifier that is hashed there."""
    domains = {}
    for column in contract.columns.values():
        if column.type == "id_no":
            domains[f"{column.name}_key"] = "id_no"
        elif column.keyed:
            domains[f"{column.name}_key"] = column.name
        elif column.holds_id_no:
            domains[f"{column.name}_id_no_key"] = "id_no"
    return domains


def data_columns(contract: Contract) -> tuple[tuple[str, str], ...]:
    """Every column of ``data.parquet`` with its type, in order."""
    raw = "STRUCT(" + ", ".join(f"{quoted(name)} VARCHAR" for name in contract.columns) + ")"
    families = tuple(pair for column in contract.columns.values() for pair in column_family(column))
    return (*families, ("raw", raw), *PLACE_COLUMNS)


def quarantined_columns(contract: Contract) -> tuple[tuple[str, str], ...]:
    """Every column of ``quarantined.parquet``: those of the data, then the reasons."""
    return (*data_columns(contract), REASONS_COLUMN)
