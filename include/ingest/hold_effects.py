"""What releasing a held delivery would change, in counts a person can decide by: nobody is named.

Keys that would vanish, appear and change against what stands now, by town where a whole-district file names towns,
and the bad rows by reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import duckdb

from include.contracts import Contract, load_contract
from include.ingest.holds import Comparison, Standing, in_force, position, rows_that_stand
from include.ingest.landing import data_file, delivery_folder, literal
from include.ingest.reasons import ROW_REASONS
from include.ingest.regions import town_names
from include.ingest.schema import column_family, quoted
from include.privacy import guarded
from include.settings import Settings

Entry = dict[str, Any]


@dataclass(frozen=True)
class Moved:
    """How many keys would vanish, appear, change or stay as they are."""

    vanished: int = 0
    appeared: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Effect:
    """A held delivery beside what stands: rows, keys, keys by town, bad rows by reason."""

    entry: Entry
    title_zh: str
    compared: Comparison | None
    would_stand: bool
    keys: Moved = Moved()
    by_town: dict[str, Moved] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)


@guarded("effect_of_hold")
def effect_of(settings: Settings, entry: Entry) -> Effect:
    """What would change if this held delivery were released now."""
    contract, standing = load_contract(entry["dataset"]), Standing(settings)
    compared = standing.compare(contract, entry)
    is_snapshot = contract.delivery == "snapshot"
    would_stand = not is_snapshot or entry in in_force(
        [*standing.of(contract.dataset), entry], contract, entry["period"]
    )
    with duckdb.connect() as connection:
        moved = _moved(connection, settings, contract, entry, compared)
        bad = _bad_rows(connection, settings, entry)
    names = town_names(settings) if not entry["part_code"] and contract.town_column else {}
    by_town = {names.get(town, town): counts for town, counts in sorted(moved.items()) if town} if names else {}
    return Effect(entry, contract.title_zh, compared, would_stand, _total(moved), by_town, bad)


def _moved(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    contract: Contract,
    entry: Entry,
    compared: Comparison | None,
) -> dict[str, Moved]:
    """Keys by what would become of them, a town at a time (``""`` where a row names none)."""
    replaced = list(compared.replaced) if compared else []
    share = _own_share(contract, entry)
    before = [
        _rows(settings, contract, each, condition if each["part_code"] else f"{condition} AND {share}")
        for each, condition in rows_that_stand(contract, replaced)
    ]
    keys = [quoted(name) for name in contract.key]
    same_key = " AND ".join(f"before.{key} IS NOT DISTINCT FROM now.{key}" for key in keys)
    nothing = _rows(settings, contract, entry, "false")
    rows = connection.execute(
        f"""
        WITH before AS (
            SELECT * FROM ({" UNION ALL ".join(before) or nothing})
            QUALIFY row_number() OVER (PARTITION BY {", ".join(keys)} ORDER BY position DESC) = 1),
        now AS ({_rows(settings, contract, entry, "true")})
        SELECT
            coalesce(now.town, before.town),
            count(*) FILTER (now.position IS NULL),
            count(*) FILTER (before.position IS NULL),
            count(*) FILTER (now.cells <> before.cells),
            count(*) FILTER (now.cells = before.cells)
        FROM before FULL JOIN now ON {same_key}
        GROUP BY ALL"""
    ).fetchall()
    return {str(town): Moved(*counts) for town, *counts in rows}


def _own_share(contract: Contract, entry: Entry) -> str:
    """The rows of a whole-district file that a town's part stands beside: its own."""
    if not entry["part_code"] or contract.town_column is None:
        return "true"
    return f"{quoted(contract.town_column)} = {literal(entry['part_code'])}"


def _rows(settings: Settings, contract: Contract, entry: Entry, condition: str) -> str:
    keys = ", ".join(map(quoted, contract.key))
    cells = ", ".join(quoted(name) for column in contract.columns.values() for name, _ in column_family(column))
    town = quoted(contract.town_column) if contract.town_column else "NULL"
    return (
        f"SELECT {keys}, coalesce({town}, '') AS town, md5(CAST(row({cells}) AS VARCHAR)) AS cells, "
        f"{literal(' '.join(position(entry)))} AS position "
        f"FROM read_parquet({literal(data_file(settings, entry))}) WHERE {condition}"
    )


def _bad_rows(connection: duckdb.DuckDBPyConnection, settings: Settings, entry: Entry) -> dict[str, int]:
    folder = delivery_folder(settings, entry["dataset"], entry["period"], entry["delivery_id"])
    path = folder / "quarantined.parquet"
    if not path.exists():
        return {}
    rows = connection.execute(
        f"SELECT DISTINCT file_row_number, unnest(reasons).reason "
        f"FROM read_parquet({literal(path)}, file_row_number = true)"
    ).fetchall()
    counts = Counter(str(reason) for _, reason in rows)
    return {str(ROW_REASONS[code]) if code in ROW_REASONS else code: count for code, count in counts.most_common()}


def _total(moved: dict[str, Moved]) -> Moved:
    names = ("vanished", "appeared", "changed", "same")
    return Moved(*(sum(getattr(counts, name) for counts in moved.values()) for name in names))
