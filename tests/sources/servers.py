"""Real database servers on 127.0.0.1, each with its data in a folder of its own, ended by their process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pymysql

PASSWORD = "geheim'es \\ Wort"


@dataclass(frozen=True)
class Server:
    """A running database server and how its administrator gets in."""

    kind: str
    port: int
    connect: Callable[[], Any]

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements one by one; the rows of the last."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres() -> Iterator[Server]:
    """PostgreSQL, as another user where this one is root."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    owner = "postgres" if os.getuid() == 0 else None
    with _folder(owner) as folder:
        port = free_port()
        data = folder / "data"
        _run([binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync"], owner)
        quick = ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"]
        process = _start([binaries / "postgres", "-D", data, "-p", port, *quick], folder, owner)

        def connect() -> Any:
            connection = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres")
            connection.autocommit = True
            return connection

        with _living(process, connect, signal.SIGINT):
            yield Server("postgres", port, connect)


@contextmanager
def mariadb() -> Iterator[Server]:
    """MariaDB."""
    path = os.pathsep.join((os.environ["PATH"], "/usr/sbin"))
    with _folder(None) as folder:
        port = free_port()
        data, user = folder / "data", pwd.getpwuid(os.getuid()).pw_name
        _run([
            shutil.which("mariadb-install-db", path=path), "--no-defaults", f"--datadir={data}", f"--user={user}",
            "--auth-root-authentication-method=normal", "--skip-test-db",
        ], None)  # fmt: skip
        process = _start([
            shutil.which("mariadbd", path=path), "--no-defaults", f"--datadir={data}", f"--user={user}",
            f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder}/socket", "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0",
        ], folder, None)  # fmt: skip

        def connect() -> Any:
            return pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)

        with _living(process, connect, signal.SIGTERM):
            yield Server("mysql", port, connect)


@contextmanager
def _folder(owner: str | None) -> Iterator[Path]:
    """A folder with a short path, because a socket's path may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="doudi_", dir="/tmp"))
    try:
        if owner:
            shutil.chown(folder, owner, owner)
        yield folder
    finally:
        shutil.rmtree(folder)


def _run(command: list[Any], owner: str | None) -> None:
    identity = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    done = subprocess.run([str(each) for each in command], capture_output=True, cwd="/", **identity)
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _start(command: list[Any], folder: Path, owner: str | None) -> subprocess.Popen[bytes]:
    identity = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [str(each) for each in command], stdout=log, stderr=subprocess.STDOUT, cwd="/", **identity
        )


@contextmanager
def _living(process: subprocess.Popen[bytes], connect: Callable[[], Any], stop: signal.Signals) -> Iterator[None]:
    try:
        while True:
            assert process.poll() is None, "the server ended by itself"
            try:
                connect().close()
                break
            except (psycopg2.OperationalError, pymysql.err.OperationalError):
                time.sleep(0.1)
        yield
    finally:
        process.send_signal(stop)
        process.wait()
