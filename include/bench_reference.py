"""What a build costs beside the shortest SQL that finds the same people: ``benchmarks/reference.sql``, run once.

The file reads the same landing folder and leaves what every rule finds in every month. It makes nothing that an officer
could work with: no alert, evidence, amount, report or check. A process of its own, with a build's memory and threads.
"""

from __future__ import annotations

import json
import sys

import duckdb

from include.bench import cost_of
from include.privacy import guarded, mask_logging
from include.settings import DBT_PROJECT, REPOSITORY, Settings
from include.warehouse import engine, ledger

REFERENCE_SQL = REPOSITORY / "benchmarks" / "reference.sql"


def find_all(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Leave ``found`` in a connection: rule_id, programme, month, and the subject by its number."""
    as_of = ledger.month_to_monitor(settings, ledger.known_deliveries(settings))
    variables = {
        "landing": str(settings.landing),
        "seeds": str(DBT_PROJECT / "seeds"),
        "as_of": as_of.first.isoformat(),
        "known_at": ledger.known_moment(settings.known_at),
    }
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = {engine.sql_text(value)}")
    connection.execute(REFERENCE_SQL.read_text(encoding="utf-8"))


def _find_all_anew(settings: Settings) -> None:
    with engine.connect(settings) as connection:
        find_all(connection, settings)


if __name__ == "__main__":
    mask_logging()
    with guarded("bench reference"):
        sys.stdout.write(json.dumps(cost_of(lambda: _find_all_anew(Settings.from_environment()))) + "\n")
