"""The step of a build that proposes links, when every model is done: no model and no rule reads them."""

from __future__ import annotations

import duckdb

from include.identity.claims import write_claims, write_register
from include.identity.linking import FLOOR, THRESHOLD, link
from include.periods import Month
from include.privacy import guarded
from include.settings import Settings
from include.warehouse.engine import WAREHOUSE_ALIAS

TABLE = f"{WAREHOUSE_ALIAS}.quality.fct_identity_link"


@guarded("link")
def write_links(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: Month) -> int:
    """Fill ``fct_identity_link`` of the attached warehouse, one row a source row and registered person; how many."""
    people = write_register(connection)
    claims = write_claims(connection, settings, as_of.first.isoformat())
    if not (people and claims):
        return 0
    pairs = link(connection, "claim", "near_register", people)
    connection.execute(
        f"""
        INSERT INTO {TABLE} BY NAME
        SELECT
            claim.dataset, claim.delivery_id, claim.member, claim.sheet, claim.row_number, claim.kind,
            pair.person_id AS person_key, pair.match_probability, {THRESHOLD} AS threshold, pair.is_above_threshold
        FROM claim
        INNER JOIN {pairs} AS pair ON claim.unique_id = pair.claim_id
        WHERE pair.match_probability >= {FLOOR}
        ORDER BY ALL
        """
    )
    (rows,) = connection.execute(f"SELECT count(*) FROM {TABLE}").fetchall()[0]
    return int(rows)
