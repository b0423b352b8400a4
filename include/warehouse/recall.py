"""Alerts that people were told of and that no episode bears out any more: recalled, never gone without a word.

A build knows the deliveries and nothing of what was shown to anybody; the publication that stands does. So this is
no model: publish compares the two, and what stood and stands no longer stays listed with its last values. An alert
that later holds again is simply itself; its number is the same.
"""

from __future__ import annotations

import json

import duckdb

from include.settings import Settings
from include.warehouse import engine
from include.warehouse.publication import DamagedPublicationError, Publication, kept_publications

#: Names under which the pair before this one is attached.
EARLIER_MARTS, EARLIER_IDENTITY = "earlier", "earlier_identity"

_RECALLED = f"""
CREATE OR REPLACE TEMP TABLE recalled AS
SELECT alert_no, state AS earlier_state FROM {EARLIER_MARTS}.monitoring.fct_alert
WHERE alert_no NOT IN (SELECT alert_no FROM {engine.WAREHOUSE_ALIAS}.monitoring.fct_alert)
"""
# The moment is that of the newest delivery the new publication knows: the clock of the run decides nothing.
_RECALL_EVENTS = """
INSERT INTO marts.monitoring.fct_alert_event BY NAME
SELECT
    recalled.alert_no, 'recalled' AS event, newest.received_at AS "at", 'system' AS by_role, $detail AS detail
FROM temp.recalled AS recalled
CROSS JOIN (SELECT max(received_at) AS received_at FROM marts.quality.fct_delivery) AS newest
WHERE recalled.earlier_state <> 'recalled'
ORDER BY ALL
"""


def attach_earlier(connection: duckdb.DuckDBPyConnection, settings: Settings, but_for: str) -> Publication | None:
    """Attach the newest sound pair that was published before version ``but_for``, read-only; None when there is none.

    A damaged version is passed over for the one before it: a broken record of the past must not stop the present.
    """
    for publication in kept_publications(settings):
        if publication.version == but_for:
            continue
        if attach_as_earlier(connection, settings, publication):
            return publication
    return None


def attach_as_earlier(connection: duckdb.DuckDBPyConnection, settings: Settings, publication: Publication) -> bool:
    """Attach a version's pair beside what is attached already; False when it is gone, damaged or of another key."""
    try:
        publication.verify(publication.marts, publication.identity)
        engine.attach_warehouse(connection, settings, publication.identity, alias=EARLIER_IDENTITY)
    except (FileNotFoundError, DamagedPublicationError, engine.UnreadableFileError):
        return False
    connection.execute(f"ATTACH {engine.sql_text(str(publication.marts))} AS {EARLIER_MARTS} (READ_ONLY)")
    return True


def add_recalled(connection: duckdb.DuckDBPyConnection, month: str) -> int:
    """Keep in ``marts`` the alerts of the earlier publication that the build no longer has; returns how many.

    ``month`` is the month monitored when they were recalled, YYYYMM.
    """
    connection.execute(_RECALLED)
    connection.execute(
        _carried(
            "marts.monitoring.fct_alert", f"{EARLIER_MARTS}.monitoring.fct_alert", "'recalled' AS state", connection
        )
    )
    connection.execute(
        _carried("marts.monitoring.fct_alert_event", f"{EARLIER_MARTS}.monitoring.fct_alert_event", "", connection)
    )
    explained = f"{EARLIER_MARTS}.monitoring.fct_alert_explanation"
    if _columns_or_none(connection, explained):
        connection.execute(_carried("marts.monitoring.fct_alert_explanation", explained, "", connection))
    detail = json.dumps({"月份": f"{month[:4]}-{month[4:]}"}, ensure_ascii=False, separators=(",", ":"))
    connection.execute(_RECALL_EVENTS, {"detail": detail})
    return int(connection.execute("SELECT count(*) FROM temp.recalled").fetchall()[0][0])


def add_recalled_evidence(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the full evidence of recalled alerts in ``identity``."""
    target, source = "identity.restricted.alert_evidence", f"{EARLIER_IDENTITY}.restricted.alert_evidence"
    connection.execute(_carried(target, source, "", connection))


def _carried(target: str, source: str, replacing: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Rows of recalled alerts from one table to its successor; columns that only one of the two has do not matter."""
    shared = [name for name in _columns(connection, source) if name in _columns(connection, target)]
    replaced = replacing.rpartition(" ")[2]
    listed = ", ".join(replacing if name == replaced else f'"{name}"' for name in shared)
    return (
        f"INSERT INTO {target} BY NAME SELECT {listed} FROM {source} "
        "WHERE alert_no IN (SELECT alert_no FROM temp.recalled) ORDER BY ALL"
    )


def _columns_or_none(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table that publications of an earlier version do not have."""
    catalogue, schema, name = table.split(".")
    found = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? AND table_name = ?",
        [catalogue, schema, name],
    ).fetchall()
    return [row[0] for row in found]


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
