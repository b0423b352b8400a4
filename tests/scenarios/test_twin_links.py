"""How well rows without a number are linked: the twin's numbers are kept from the linking, and are the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pytest

from include.identity.claims import Kind, People, write_claims, write_register
from include.identity.linking import THRESHOLD, link, only_one
from include.ingest.landing import literal
from include.warehouse import engine
from tests.conftest import Show
from tests.scenarios.conftest import Twin

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True)
class Measure:
    """What a threshold brings: how many links are proposed, which share is right, which share of the rows is linked."""

    dataset: str
    threshold: float
    rows: int
    proposed: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the proposals that name the right person."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """The share of the rows about registered people that are linked to the right one."""
        return self.right / self.rows if self.rows else 1.0


# A third of the people are taken from the register: whoever is proposed for their rows is somebody else.
_UNREGISTERED = "DELETE FROM register WHERE unique_id[-1] IN ('0', '1', '2', '3', '4')"
# What a careless hand does to the rows: a name's last character lost in one of four, the village in one of five, the
# day of birth in one of seven.
_WORN = """
UPDATE claim SET
    name_pattern = CASE WHEN row_number % 4 = 0 THEN name_folded[:-2] || '_' ELSE name_pattern END,
    name_folded = CASE WHEN row_number % 4 = 0 THEN name_folded[:-2] || '?' ELSE name_folded END,
    village_code = CASE WHEN row_number % 5 = 0 THEN NULL ELSE village_code END,
    birth_date = CASE WHEN row_number % 7 = 0 THEN date_trunc('month', birth_date) + INTERVAL 1 DAY ELSE birth_date END
"""


def with_number(people: People) -> Iterator[Kind]:
    """The rows of a dataset whose number is known, and is kept from the linking; the register's own prove nothing."""
    if people.contract.dataset != "public_security.population":
        yield Kind("blanked", f"landing.{people.number.name}_key IS NOT NULL")


def measure(connection: duckdb.DuckDBPyConnection, twin: Twin, as_of: str, is_worn: bool) -> list[Measure]:
    """Link every row that has a number as if it had none, and compare with the number."""
    people = write_register(connection)
    connection.execute(_UNREGISTERED)
    write_claims(connection, twin.settings, as_of, with_number)
    if is_worn:
        connection.execute(_WORN)
    connection.execute("CREATE OR REPLACE TEMP TABLE truth (claim_id VARCHAR, dataset VARCHAR, person_id VARCHAR)")
    for dataset, number in _numbers():
        path = literal(twin.settings.landing / dataset / "*" / "*" / "data.parquet")
        connection.execute(
            f"""
            INSERT INTO truth
            SELECT claim.unique_id, claim.dataset, 'P' || sha256('person:' || landing.{number}_key)[:31]
            FROM claim INNER JOIN read_parquet({path}, hive_partitioning = true) AS landing
                ON claim.dataset = {literal(dataset)} AND claim.delivery_id = landing.delivery
                AND claim.row_number = landing.row_number AND claim.sheet IS NOT DISTINCT FROM landing.sheet
                AND claim.member IS NOT DISTINCT FROM landing.member
            WHERE 'P' || sha256('person:' || landing.{number}_key)[:31] IN (SELECT unique_id FROM register)
            """
        )
    pairs = link(connection, "claim", "near_register", people)
    found = []
    for threshold in THRESHOLDS:
        rows = connection.execute(
            f"""
            WITH proposed AS (
                SELECT claim_id, person_id FROM {pairs}
                QUALIFY match_probability >= {threshold} AND {only_one(threshold)}
            )
            SELECT claim.dataset, {threshold}, count(truth.claim_id), count(proposed.claim_id),
                count(*) FILTER (WHERE proposed.person_id = truth.person_id)
            FROM claim
            LEFT JOIN truth ON claim.unique_id = truth.claim_id
            LEFT JOIN proposed ON claim.unique_id = proposed.claim_id
            GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
        found += [Measure(dataset, float(Decimal(limit)), *counts) for dataset, limit, *counts in rows]
    return found


def _numbers() -> list[tuple[str, str]]:
    from include.identity.claims import people_columns

    return [(people.contract.dataset, people.number.name) for people in people_columns()]


@dataclass(frozen=True)
class Measured:
    """The rows as they were written, and as a careless hand would leave them."""

    written: list[Measure]
    worn: list[Measure]


@pytest.fixture(scope="module")
def measured(twin: Twin) -> Measured:
    found = []
    for is_worn in (False, True):
        with engine.connect(twin.settings) as connection:
            engine.attach_warehouse(connection, twin.settings, twin.warehouse)
            found.append(measure(connection, twin, "2021-10-01", is_worn))
    return Measured(*found)


def at(measures: list[Measure], threshold: float) -> Measure:
    """All datasets together."""
    chosen = [each for each in measures if each.threshold == threshold]
    sums = (sum(getattr(each, word) for each in chosen) for word in ("rows", "proposed", "right"))
    return Measure("", threshold, *sums)


def test_at_the_threshold_nearly_every_proposal_is_right(measured: Measured, show: Show) -> None:
    for rows, measures in (("as written", measured.written), ("worn", measured.worn)):
        lines = [f"{rows:12s} rows  proposed  precision  recall"]
        for threshold in THRESHOLDS:
            whole = at(measures, threshold)
            shares = f"{whole.precision:10.4f} {whole.recall:7.4f}"
            lines.append(f"{threshold:11.3f} {whole.rows:5d} {whole.proposed:9d} {shares}")
        show("\n".join(lines))
    for measures, least in ((measured.written, 0.9), (measured.worn, 0.6)):
        chosen = at(measures, THRESHOLD)
        assert chosen.precision >= 0.99
        assert chosen.recall >= least


def test_a_name_alone_links_nobody(measured: Measured) -> None:
    certificates = [each for each in measured.written if each.dataset == "health.death_certificate"]
    assert [each.proposed for each in certificates if each.threshold >= THRESHOLD] == [0] * 2
