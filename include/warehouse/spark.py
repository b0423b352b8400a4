"""Spark as the engine that runs the models: a target of the dbt project with packages of its own.

``WAREHOUSE_TARGET=spark`` speaks to a Thrift server, ``spark_local`` starts one process on this machine, for tests.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from include.privacy import DoudiError
from include.settings import REPOSITORY, Settings, private_folder

TARGETS = ("spark", "spark_local")
PACKAGES = REPOSITORY / "requirements-spark.txt"


class MissingSparkError(DoudiError, FileNotFoundError):
    """The packages or the Java that Spark needs are not there."""


class SingleMachineError(DoudiError):
    """A statement that Spark could not spread over machines."""


class NotChosenError(DoudiError):
    """What only Spark does was asked for without Spark."""


class NoFileError(DoudiError):
    """A run that needs a warehouse file was asked for on an engine that makes none."""


def is_chosen(settings: Settings) -> bool:
    """Whether the models are to run on Spark."""
    return settings.environment.get("WAREHOUSE_TARGET") in TARGETS


def interpreter() -> Path:
    """The Python that has dbt-spark: ``make spark`` makes it. Raises MissingSparkError where it is not."""
    python = REPOSITORY / ".venv-spark" / "bin" / "python"
    if not python.exists():
        raise MissingSparkError("没有 Spark 运行环境，请先运行 make spark", "no environment for Spark; run make spark")
    return python


def environment(settings: Settings) -> dict[str, str]:
    """What the profile and Spark's own scripts read. MissingSparkError: a local Spark would find no Java."""
    private_folder(settings.quarantine)  # a folder that is not there is no empty folder to Spark
    given = {name: value for name, value in settings.environment.items() if name.startswith("SPARK_")}
    if settings.environment["WAREHOUSE_TARGET"] != "spark_local":
        return given
    java = shutil.which("java")
    if java is None:
        raise MissingSparkError("没有 Java，Spark 不能启动", "no Java, which Spark needs")
    return {
        **given,
        "PATH": os.defpath,
        "JAVA_HOME": str(Path(java).resolve().parent.parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_FOLDER": str(private_folder(local_folder(settings))),
    }


def refuse_single_machine(log: str) -> None:
    """Raise SingleMachineError where Spark said that a window without a partition moved all rows to one machine."""
    if "No Partition Defined for Window" in log:
        raise SingleMachineError(
            "有窗口函数没有分区，全部数据会集中到一台机器", "a window without a partition moves all rows to one machine"
        )


def local_folder(settings: Settings) -> Path:
    """Where a local Spark keeps its tables as Parquet, one folder a schema: ``core.db/dim_person``."""
    return settings.warehouse / "spark"
