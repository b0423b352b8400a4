"""DuckDB as this system uses it: bounded memory, encrypted spill, extensions by path, one attached warehouse."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import duckdb

from include.privacy import DoudiError
from include.settings import Settings, private_folder

WAREHOUSE_ALIAS = "wh"
THREADS = 2


class MissingExtensionError(DoudiError, FileNotFoundError):
    """An extension of DuckDB that should have come as a package."""


class UnreadableFileError(DoudiError, OSError):
    """An encrypted file that does not open."""


def extension_path(name: str) -> Path:
    """Where the wheel ``duckdb-extension-<name>`` put the extension for the DuckDB that runs; nothing is downloaded."""
    module = f"duckdb_extension_{name}"
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtensionError("缺少 DuckDB 扩展包", f"a DuckDB extension package is not installed: {module}")
    folder = Path(next(iter(spec.submodule_search_locations)))
    path = folder / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.is_file():
        raise MissingExtensionError(
            "DuckDB 扩展与版本不符", f"no {name} extension for DuckDB {duckdb.__version__} in package {module}"
        )
    return path


def load_extensions(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    """Load extensions from their wheels; the engine checks their signatures."""
    for name in names:
        connection.execute(f"LOAD {sql_text(str(extension_path(name)))}")


def connect(settings: Settings, extensions: tuple[str, ...] = ("httpfs",)) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the settings' memory limit, spilling encrypted inside ``WAREHOUSE_HOME``.

    ``httpfs`` is there for the cipher that writing an encrypted file needs.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": settings.memory_limit,
            "temp_directory": str(private_folder(settings.scratch)),
            "temp_file_encryption": True,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
        },
    )
    load_extensions(connection, extensions)
    return connection


def attach_warehouse(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    path: Path,
    read_only: bool = True,
    alias: str = WAREHOUSE_ALIAS,
) -> None:
    """Attach an encrypted warehouse file; its views name the database, so the alias should stay as it is."""
    options = f"ENCRYPTION_KEY {sql_text(settings.warehouse_key())}" + (", READ_ONLY" if read_only else "")
    try:
        connection.execute(f"ATTACH {sql_text(str(path))} AS {alias} ({options})")
    except duckdb.Error as error:
        raise UnreadableFileError(
            f"打不开数据库文件，密钥不符或文件损坏：{path.name}",
            f"cannot open the database file, wrong key or damaged ({type(error).__name__})",
        ) from None


def sql_text(text: str) -> str:
    """A text as an SQL literal, for the few places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"
