"""A small Spark cluster of this machine, from the packages of .venv-spark alone.

A master, two workers of one core each and a Thrift server, all on 127.0.0.1.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from include.settings import REPOSITORY

PATIENCE = 600
#: What the Thrift server is told: plain Parquet below one folder, the catalogue in memory, plans for small tables.
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -Dderby.stream.error.file=/dev/null",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.memory": "1g",
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:catalogue;create=true",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
}


@dataclass(frozen=True)
class Cluster:
    """Where it listens, where its tables are, and the workers' processes."""

    port: int
    tables: Path
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start it with all that it writes below a folder; ends what it started."""
    spark = next((REPOSITORY / ".venv-spark" / "lib").glob("python*/site-packages/pyspark"))
    (master, port), tables = _ports(2), folder / "tables"
    with ExitStack() as stack:
        start = _starter(spark, folder, stack)
        service = "org.apache.spark.deploy"
        local = ("--host", "127.0.0.1", "--webui-port", "0")
        start("master", "spark-class", f"{service}.master.Master", *local, "--port", str(master))
        _until_it_listens(master)
        address = f"spark://127.0.0.1:{master}"
        worker = (f"{service}.worker.Worker", *local, "--cores", "1", "--memory", "1500m")
        workers = [
            start(name, "spark-class", *worker, "--work-dir", str(folder / name), address)
            for name in ("worker-1", "worker-2")
        ]
        settings = {**_SETTINGS, "spark.sql.warehouse.dir": str(tables)}
        start(
            "thrift", "spark-submit", "--master", address, "--driver-memory", "2g",
            "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
            "spark-internal", "--hiveconf", f"hive.server2.thrift.port={port}",
            "--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1",
        )  # fmt: skip
        _until_it_listens(port)
        yield Cluster(port, tables, workers)


def _ports(number: int) -> list[int]:
    """Free ports below those that the system hands out, so that none of Spark's own connections takes one meanwhile."""
    return list(islice(filter(_is_free, range(20_000 + os.getpid() % 10_000, 32_000)), number))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _starter(spark: Path, folder: Path, stack: ExitStack) -> Callable[..., subprocess.Popen[bytes]]:
    java = Path(shutil.which("java") or "java").resolve()
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "JAVA_HOME": str(java.parent.parent),
        "SPARK_HOME": str(spark),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }

    def start(name: str, script: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [spark / "bin" / script, *arguments], env=environment, cwd=folder, stdout=log, stderr=log
            )
        stack.callback(_end, process)
        return process

    return start


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until_it_listens(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
