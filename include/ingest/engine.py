"""The engine that reads and judges files: in memory, with bounded memory, its spill inside our own folder."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from include.ingest.landing import literal
from include.ingest.person_names import fold_name, normalise_name
from include.ingest.values import normalise_text
from include.settings import private_folder

MEMORY_LIMIT = "1GB"
THREADS = 2
# Judged rows that wait for whoever writes them; with the usual megabyte, threads mostly wake each other.
WAITING_ROWS = "64MB"


def open_engine(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A connection with our functions and the spreadsheet reader, loaded by path from its package."""
    spill = private_folder(scratch / "spill")
    connection = duckdb.connect(
        config={
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill),
            "temp_file_encryption": True,
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # The right side of a join stays the side that is hashed, so that rows leave in the order of the file.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    connection.execute(f"SET streaming_buffer_size = '{WAITING_ROWS}'")
    load_excel(connection)
    # It brings the cryptography that encrypting the spill needs.
    connection.execute(f"LOAD {literal(_extension('httpfs'))}")
    for function in (normalise_text, normalise_name, fold_name):
        connection.create_function(function.__name__, function, ["VARCHAR"], "VARCHAR")
    return connection


@contextmanager
def on_one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run statements whose source is read by one thread only: a second one would do nothing but look for work."""
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {THREADS}")


def load_excel(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the spreadsheet reader."""
    connection.execute(f"LOAD {literal(_extension('excel'))}")


def _extension(name: str) -> Path:
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    assert package is not None
    assert package.origin is not None
    version = f"v{duckdb.__version__}"
    return Path(package.origin).parent / "extensions" / version / f"{name}.duckdb_extension"
