"""Spark as the engine that makes the tables: a target of the dbt project with packages of its own.

``WAREHOUSE_TARGET=spark`` speaks to a Thrift server; ``spark_local`` starts one process on this machine, for tests, and
``spark_local_large`` one for a district. The tables that Spark leaves are taken over into a warehouse file, and nothing
that follows a build knows of Spark.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from include.privacy import DoudiError
from include.settings import REPOSITORY, Settings, private_folder
from include.warehouse import engine

TARGETS = ("spark", "spark_local", "spark_local_large")
PACKAGES = REPOSITORY / "requirements-spark.txt"


class MissingSparkError(DoudiError, FileNotFoundError):
    """The packages or the Java that Spark needs are not there."""


class MissingTablesError(DoudiError, FileNotFoundError):
    """Tables that Spark made are not to be seen from this machine."""


class SingleMachineError(DoudiError):
    """A statement that Spark could not spread over machines."""


def chosen(settings: Settings) -> str | None:
    """The target that makes the tables, where it is a Spark."""
    target = settings.environment.get("WAREHOUSE_TARGET")
    return target if target in TARGETS else None


def interpreter() -> Path:
    """The Python that has dbt-spark: ``make spark`` makes it. Raises MissingSparkError where it is not."""
    python = REPOSITORY / ".venv-spark" / "bin" / "python"
    if not python.exists():
        raise MissingSparkError("没有 Spark 运行环境，请先运行 make spark", "no environment for Spark; run make spark")
    return python


def environment(settings: Settings, target: str) -> dict[str, str]:
    """What the profile and Spark's own scripts read. MissingSparkError: a local Spark would find no Java."""
    private_folder(settings.quarantine)  # a folder that is not there is no empty folder to Spark
    given = {name: value for name, value in settings.environment.items() if name.startswith("SPARK_")}
    if target == "spark":
        return given
    java = shutil.which("java")
    if java is None:
        raise MissingSparkError("没有 Java，Spark 不能启动", "no Java, which Spark needs")
    return {
        **given,
        "PATH": os.defpath,
        "JAVA_HOME": str(Path(java).resolve().parent.parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_FOLDER": str(private_folder(tables_folder(settings))),
    }


def refuse_single_machine(log: str) -> None:
    """Raise SingleMachineError where Spark said that a window without a partition moved all rows to one machine."""
    if "No Partition Defined for Window" in log:
        raise SingleMachineError(
            "有窗口函数没有分区，全部数据会集中到一台机器", "a window without a partition moves all rows to one machine"
        )


def tables_folder(settings: Settings) -> Path:
    """Where this machine sees what Spark made, as Parquet: ``core.db/dim_person``, a folder a schema and table.

    ``SPARK_TABLES``; a local Spark keeps them in the home. Raises MissingTablesError where a cluster's is not named.
    """
    if chosen(settings) != "spark":
        return settings.warehouse / "spark"
    folder = settings.environment.get("SPARK_TABLES")
    if not folder:
        raise MissingTablesError(
            "请以 SPARK_TABLES 指明本机所见的集群表目录 (spark.sql.warehouse.dir)",
            "say by SPARK_TABLES where this machine sees the cluster's spark.sql.warehouse.dir",
        )
    return Path(folder)


def take_over(settings: Settings, path: Path, tables: Iterable[str]) -> None:
    """Copy tables that Spark made, by name, into a new warehouse file, each in its schema.

    Raises MissingTablesError for one that does not lie in ``tables_folder`` or cannot be read there.
    """
    folders = {folder.name: folder for folder in tables_folder(settings).glob("*.db/*") if folder.is_dir()}
    with engine.connect(settings) as connection:
        engine.attach_warehouse(connection, settings, path, read_only=False)
        for table in tables:
            if table not in folders:
                raise MissingTablesError("看不到 Spark 建的表", f"a table that Spark made is not to be seen: {table}")
            folder = folders[table]
            schema = f"{engine.WAREHOUSE_ALIAS}.{folder.parent.stem}"
            files = engine.sql_text(f"{folder}/*.parquet")
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            try:
                connection.execute(f"CREATE TABLE {schema}.{table} AS FROM read_parquet({files})")
            except duckdb.IOException:
                raise MissingTablesError(
                    "Spark 建的表读不出", f"a table that Spark made cannot be read: {table}"
                ) from None
