"""A connection that is cut in the middle of a table, for real: no gap, no double, nothing half."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pyarrow.parquet
import pytest

from include.ingest import inbox
from include.sources.departments import pull_department
from tests.ingest.conftest import District
from tests.sources.conftest import Table
from tests.sources.servers import Server

ROWS = 60_000


class Cutter:
    """A line to a server that is cut after so many bytes, so many times."""

    def __init__(self, target: int, after: int, times: int) -> None:
        self.target, self.after, self.times = target, after, times
        self.cuts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Carry every connection until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
            carried = 0
            with suppress(OSError):
                while block := server.recv(1 << 14):
                    carried += len(block)
                    if carried > self.after and self.cuts < self.times:
                        self.cuts += 1
                        break
                    client.sendall(block)
                client.shutdown(socket.SHUT_RDWR)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while block := client.recv(1 << 14):
                server.sendall(block)
            server.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(server: Server, times: int) -> Iterator[Cutter]:
    """A line that is cut in the middle of a table."""
    cutter = Cutter(server.port, after=400_000, times=times)
    thread = threading.Thread(target=cutter.serve)
    thread.start()
    try:
        yield cutter
    finally:
        cutter.listener.shutdown(socket.SHUT_RDWR)
        cutter.listener.close()
        thread.join()


@pytest.fixture
def table(server: Server) -> Table:
    """A table of two periods, the later of which is long."""
    table = Table(server, "housing_fund.contribution")
    numbers = f"generate_series(1, {ROWS}) AS n(seq)" if server.kind == "postgres" else f"seq_1_to_{ROWS}"
    table.server.run(
        *([] if server.kind == "postgres" else [f"USE {table.department}"]),
        f"INSERT INTO {table.contract.dataset} (id_no, name, employer, month, period, updated_at) SELECT "
        f"concat('32062519380412', seq), '张三', md5(concat(seq)), '202107', "
        f"CASE WHEN seq < 9 THEN '202106' ELSE '202107' END, '2021-08-01 10:00:00' FROM {numbers}",
    )
    return table


def _waiting(district: District) -> dict[str, int]:
    """Rows of every pulled file, by the name of the file."""
    found = inbox.left_behind(district.settings, "housing_fund")
    return {file.name: pyarrow.parquet.read_metadata(file.path).num_rows for file in found}


def test_a_reading_that_is_cut_off_is_done_again_whole(district: District, table: Table) -> None:
    with cutting(table.server, times=2) as line:
        pulled = pull_department(district.settings, replace(table.connection, port=line.port))
        assert line.cuts == 2
    assert (pulled.not_ready, pulled.problems) == ([], [])
    assert _waiting(district) == {"contribution_202106.parquet": 8, "contribution_202107.parquet": ROWS - 8}
    numbers = pyarrow.parquet.read_table(
        inbox.left_behind(district.settings, "housing_fund")[-1].path, columns=["id_no"]
    )
    assert len(set(numbers["id_no"].to_pylist())) == ROWS - 8


def test_a_line_that_keeps_breaking_keeps_what_was_whole_and_goes_on_later(district: District, table: Table) -> None:
    with cutting(table.server, times=99) as line:
        pulled = pull_department(district.settings, replace(table.connection, port=line.port))
    assert (len(pulled.not_ready), pulled.problems) == (1, [])
    assert _waiting(district) == {"contribution_202106.parquet": 8}
    assert list(inbox.pulled_folder(district.settings).rglob(".*")) == []
    again = pull_department(district.settings, table.connection)
    assert [pull.period for pull in again.files] == ["202107"]
    assert _waiting(district) == {"contribution_202106.parquet": 8, "contribution_202107.parquet": ROWS - 8}
