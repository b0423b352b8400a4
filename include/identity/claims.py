"""Rows that speak of somebody without a number that can be used, and the registered people they may mean.

Four kinds: a row without a number (cremations, death certificates, incidents), a row refused for its number, and a
roster row whose number the register does not know. Read from landing by the contracts and from the layer of history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb

from include.contracts import Column, Contract, load_contracts
from include.identity.linking import CLAIM_COLUMNS
from include.ingest.landing import literal
from include.settings import Settings
from include.warehouse.engine import WAREHOUSE_ALIAS
from include.warehouse.ledger import COMPLETE_PERIOD

NO_NUMBER, REFUSED_NUMBER, UNKNOWN_NUMBER = "no_number", "refused_number", "unknown_number"
_NUMBER_REASONS = ("bad_length", "bad_date", "bad_checksum", "masked", "lost_precision", "missing_required")
_HISTORY = f"{WAREHOUSE_ALIAS}.intermediate"
_AGE_LEEWAY = 1  # years that an age written by a clerk may be wrong


@dataclass(frozen=True)
class People:
    """Where a contract's rows say whom they are about."""

    contract: Contract
    number: Column
    name: str

    @property
    def is_roster(self) -> bool:
        """Whether somebody gets something for standing on it."""
        return self.contract.dataset in COMPLETE_PERIOD and self.contract.delivery == "snapshot"


@dataclass(frozen=True)
class Kind:
    """Which rows of a dataset to link: a condition on ``landing``, in the file of good rows or of refused ones."""

    name: str
    condition: str
    file: str = "data"


def people_columns() -> Iterator[People]:
    """Every dataset whose rows name a person and say where the person lives or how old they are."""
    for _, contract in sorted(load_contracts().items()):
        columns = contract.columns
        numbers = [column for column in columns.values() if column.type == "id_no"]
        if not numbers or not ({"village", "address", "birth_date", "died_on"} & set(columns)):
            continue
        name = numbers[0].name.removesuffix("id_no") + "name"
        if name in columns:
            yield People(contract, numbers[0], name)


def write_register(connection: duckdb.DuckDBPyConnection) -> int:
    """Make table ``register`` of everybody in the population register, and ``name_frequency``; returns how many."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE register AS
        SELECT
            person.person_key AS unique_id, row.name_folded, row.name_pattern, row.former_name_folded,
            person.birth_date, NULL::DATE AS born_from, NULL::DATE AS born_until, person.sex,
            person.village_code, person.town_code, village.name AS village_name, town.name AS town_name,
            NULL::VARCHAR AS address
        FROM {_HISTORY}.int_person AS person
        INNER JOIN (
            SELECT * FROM {_HISTORY}.int_population_period
            QUALIFY row_number() OVER (PARTITION BY person_key ORDER BY valid_from DESC) = 1
        ) AS row ON person.person_key = row.person_key
        LEFT JOIN {_HISTORY}.int_regions AS village ON person.village_code = village.region_code
        LEFT JOIN {_HISTORY}.int_regions AS town ON person.town_code = town.region_code
        """
    )
    (people,) = connection.execute("SELECT count(*) FROM register").fetchall()[0]
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE name_frequency AS
        SELECT name_folded, count(*) / {max(people, 1)} AS tf_name_folded
        FROM register WHERE name_folded IS NOT NULL GROUP BY name_folded
        """
    )
    return int(people)


def write_claims(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    as_of: str,
    kinds: Callable[[People], Iterator[Kind]] | None = None,
) -> int:
    """Make table ``claim`` of the rows that ``kinds`` tells of each dataset, by default those without a usable number.

    Also makes ``near_register``, whoever could be meant. Returns how many claims there are; ``as_of`` is a date.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE claim AS {_empty_claim()}")
    for people in people_columns():
        if people.contract.delivery == "snapshot":
            deliveries = f"int_delivery_in_force WHERE month = DATE {literal(as_of)}"
        else:
            deliveries = "int_delivery WHERE status = 'accepted'"
        for kind in (kinds or without_number)(people):
            known = f"(SELECT delivery_id, received_at FROM {_HISTORY}.{deliveries})"
            connection.execute(_claim_sql(settings, people, kind, known))
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE near_register AS
        SELECT register.* FROM register
        WHERE name_folded IN (SELECT name_folded FROM claim)
            OR former_name_folded IN (SELECT name_folded FROM claim)
            OR birth_date IN (SELECT birth_date FROM claim)
        """
    )
    (rows,) = connection.execute("SELECT count(*) FROM claim").fetchall()[0]
    return int(rows)


def without_number(people: People) -> Iterator[Kind]:
    """The rows of a dataset whose number is of no use."""
    number = people.number.name
    reasons = ", ".join(map(literal, _NUMBER_REASONS))
    of_the_number = f"lambda x: x.column_name = {literal(number)} AND x.reason IN ({reasons})"
    yield Kind(REFUSED_NUMBER, f"len(list_filter(landing.reasons, {of_the_number})) > 0", file="quarantined")
    if not people.number.required and people.contract.delivery == "append":
        yield Kind(NO_NUMBER, f"landing.{number} IS NULL")
    if people.is_roster:
        known = (
            f"SELECT person_secret FROM {_HISTORY}.int_population_period"
            f" UNION ALL SELECT person_secret FROM {_HISTORY}.int_person_alias"
        )
        yield Kind(UNKNOWN_NUMBER, f"landing.{number}_key NOT IN ({known})")


def _claim_sql(settings: Settings, people: People, kind: Kind, known: str) -> str:
    contract, columns = people.contract, people.contract.columns
    pattern = settings.landing / contract.dataset / "*" / "*" / f"{kind.file}.parquet"

    def own(name: str, type_name: str = "VARCHAR") -> str:
        return f"landing.{name}" if name in columns else f"NULL::{type_name}"

    birth = own("birth_date", "DATE")
    if kind.name == UNKNOWN_NUMBER:
        birth = f"coalesce({birth}, {_birth_in(f'landing.{people.number.name}')})"
    died_on, age = own("died_on", "DATE"), own("age", "BIGINT")
    place = ("known.delivery_id", "landing.member", "landing.sheet", "landing.row_number")
    row = "concat_ws('|', " + ", ".join([literal(contract.dataset), literal(kind.name), *place]) + ")"
    key = ", ".join(f"landing.{name}" for name in contract.key)
    newest = f"row_number() OVER (PARTITION BY {key} ORDER BY known.received_at DESC, known.delivery_id DESC) = 1"
    replaces = contract.delivery != "snapshot" and kind.file == "data"
    return f"""
        INSERT INTO claim BY NAME
        SELECT
            {literal(contract.dataset)} AS dataset, {literal(kind.name)} AS kind,
            {", ".join(place)}, {row} AS unique_id,
            landing.{people.name}_folded AS name_folded, landing.{people.name}_pattern AS name_pattern,
            {birth} AS birth_date,
            {died_on} - to_years(CAST({age} + {_AGE_LEEWAY + 1} AS INTEGER)) AS born_from,
            {died_on} - to_years(CAST({age} - {_AGE_LEEWAY} AS INTEGER)) AS born_until,
            {own("sex")} AS sex, {own("village")} AS village_code, {own("town")} AS town_code,
            {own("address") if "village" not in columns else "NULL::VARCHAR"} AS address
        FROM read_parquet({literal(pattern)}, hive_partitioning = true, union_by_name = true,
            hive_types = {{'period': 'VARCHAR', 'delivery': 'VARCHAR'}}) AS landing
        INNER JOIN {known} AS known ON landing.delivery = known.delivery_id
        WHERE landing.{people.name}_folded IS NOT NULL AND {kind.condition}
        {f"QUALIFY {newest}" if replaces else ""}
    """


def _birth_in(number: str) -> str:
    return (
        f"try_cast(substr({number}, 7, 4) || '-' || substr({number}, 11, 2) || '-' || substr({number}, 13, 2) AS DATE)"
    )


def _empty_claim() -> str:
    columns = {
        "dataset": "VARCHAR", "kind": "VARCHAR", "delivery_id": "VARCHAR", "member": "VARCHAR", "sheet": "VARCHAR",
        "row_number": "BIGINT", **CLAIM_COLUMNS,
    }  # fmt: skip
    return "SELECT " + ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns.items()) + " WHERE false"
