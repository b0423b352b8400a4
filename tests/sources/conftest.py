"""A district that pulls from real servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.contracts import load_contract
from include.sources import departments, lists, services, tables
from include.sources.connections import SourceConnection
from tests.ingest.conftest import (  # noqa: F401 - the same district, which is also taken in from here
    District,
    bare_district,
    district,
    hurried,
    regions_home,
    schemas_home,
)
from tests.sources.servers import PASSWORD, Server, mariadb, postgres

TYPES = {
    "postgres": {"text": "text", "date": "date", "money": "numeric", "number": "numeric", "moment": "timestamptz"},
    "mysql": {
        "text": "varchar(200)", "date": "date", "money": "decimal(18,2)", "number": "decimal(9,4)",
        "moment": "timestamp(6) null",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are waiting time, not behaviour."""
    for module in (tables, lists, services):
        monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with postgres() as server:
        quoted = PASSWORD.replace("'", "''")
        server.run(f"CREATE ROLE reader LOGIN PASSWORD '{quoted}'")
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    with mariadb() as server:
        quoted = PASSWORD.replace("\\", "\\\\").replace("'", "''")
        server.run(f"CREATE USER reader@'%' IDENTIFIED BY '{quoted}'")
        yield server


class Table:
    """A dataset's table in a real server, filled by a test."""

    def __init__(self, server: Server, dataset: str) -> None:
        self.server, self.contract = server, load_contract(dataset)
        self.department, self.name = self.contract.department, self.contract.short_name
        types = TYPES[server.kind]
        columns = ", ".join(
            f"{column.name} {types.get(column.type, types['text'])}" for column in self.contract.columns.values()
        )
        is_postgres = server.kind == "postgres"
        server.run(
            f"DROP SCHEMA IF EXISTS {self.department}" + (" CASCADE" if is_postgres else ""),
            f"CREATE SCHEMA {self.department}" + ("" if is_postgres else " CHARACTER SET utf8mb4"),
        )
        self.create(dataset, columns, types)

    def create(self, dataset: str, columns: str, types: dict[str, str]) -> None:
        grants = (
            (f"GRANT USAGE ON SCHEMA {self.department} TO reader", f"GRANT SELECT ON {dataset} TO reader")
            if self.server.kind == "postgres"
            else (f"GRANT SELECT ON {dataset} TO reader@'%'",)
        )
        self.server.run(f"CREATE TABLE {dataset} ({columns}, period char(6), updated_at {types['moment']})", *grants)

    def add(self, *rows: dict[str, str | None]) -> None:
        """Insert rows; a value that is not given is null, a moment that is not given is now."""
        for row in rows:
            cells = {"updated_at": None, **row}
            values = ", ".join(
                "now()" if name == "updated_at" and value is None else "NULL" if value is None else f"'{value}'"
                for name, value in cells.items()
            )
            self.server.run(f"INSERT INTO {self.contract.dataset} ({', '.join(cells)}) VALUES ({values})")

    def run(self, statement: str) -> None:
        """A statement about the table, which is called ``{table}``."""
        self.server.run(statement.format(table=self.contract.dataset))

    @property
    def connection(self) -> SourceConnection:
        """What the bureau is given."""
        return SourceConnection(
            self.department, self.server.kind, "127.0.0.1", self.server.port, "reader", PASSWORD,
            schema="postgres" if self.server.kind == "postgres" else "",
        )  # fmt: skip


@pytest.fixture(params=["postgres", "mysql"])
def server(request: pytest.FixtureRequest) -> Server:
    """Both kinds of database server, one after the other."""
    name = {"postgres": "postgres_server", "mysql": "mariadb_server"}[request.param]
    found = request.getfixturevalue(name)
    assert isinstance(found, Server)
    return found


def pull(district: District, connection: SourceConnection) -> departments.Pulled:  # noqa: F811
    """Pull a department."""
    return departments.pull_department(district.settings, connection)
