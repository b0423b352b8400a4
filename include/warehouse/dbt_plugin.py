"""The dbt-duckdb plugin that loads the cipher before dbt attaches the encrypted warehouse."""

from __future__ import annotations

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from include.warehouse.engine import load_extensions


class Plugin(BasePlugin):
    """Found by dbt-duckdb under this name."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Runs before ATTACH; ``extensions:`` in the profile would go to the network instead."""
        load_extensions(conn, ("httpfs",))
