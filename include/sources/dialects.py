"""The few statements that a source is asked, as PostgreSQL and MySQL or MariaDB want them.

Every value is turned into text by the server that knows its type: a number keeps its digits, a date its form.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from include.contracts import Contract
from include.sources.connections import SourceConnection
from include.warehouse.engine import sql_text

CONNECT_SECONDS = 10
_ENCRYPTION = ("sslmode", "sslrootcert")


class Dialect(ABC):
    """One kind of database: how it is reached through the engine, and how it is asked."""

    extension: str
    function: str
    settings: Mapping[str, object]

    @abstractmethod
    def secret(self, connection: SourceConnection) -> dict[str, object]:
        """What the engine's secret holds."""

    @abstractmethod
    def options(self, connection: SourceConnection) -> str:
        """What else the connection is opened with."""

    @abstractmethod
    def name(self, text: str) -> str:
        """A name as an identifier."""

    @abstractmethod
    def text(self, column: str, sql_type: str = "") -> str:
        """A column's values as exact text."""

    @abstractmethod
    def columns(self, contract: Contract) -> str:
        """A statement that lists a table's columns with their types, in order."""

    def literal(self, text: str) -> str:
        """A text as a value."""
        return sql_text(text)

    def table(self, contract: Contract) -> str:
        """The table or view of a dataset."""
        return f"{self.name(contract.department)}.{self.name(contract.short_name)}"

    def periods(self, contract: Contract) -> str:
        """A statement that counts every period's rows and says when the newest of them changed."""
        period, updated = self.name("period"), self.name("updated_at")
        return (
            f"SELECT {self.text('period')} AS period, count(*) AS rows_there, count({updated}) AS rows_dated, "
            f"{self.text(f'max({updated})')} AS watermark FROM {self.table(contract)} GROUP BY {period}"
        )

    def changed(self, contract: Contract, period: str, since: str) -> str:
        """A statement that counts a period's rows changed since a moment."""
        return f"SELECT count(*) AS rows_changed FROM {self.table(contract)} WHERE {self.condition(period, since)}"

    def rows(self, contract: Contract, columns: Sequence[tuple[str, str, str]], period: str, since: str | None) -> str:
        """A statement for a period's rows, all of them or those changed since a moment.

        ``columns`` are the contract's name, the source's name and its type.
        """
        cells = ", ".join(f"{self.text(self.name(own), kind)} AS {self.name(ours)}" for ours, own, kind in columns)
        return f"SELECT {cells} FROM {self.table(contract)} WHERE {self.condition(period, since)}"

    def condition(self, period: str, since: str | None) -> str:
        """The rows of a period, all or changed since a moment."""
        of_period = f"{self.name('period')} = {self.literal(period)}"
        return of_period if since is None else f"{of_period} AND {self.name('updated_at')} >= {self.literal(since)}"


class Postgres(Dialect):
    """PostgreSQL: a schema is a department."""

    extension = "postgres_scanner"
    function = "postgres_query"
    settings: Mapping[str, object] = {}

    def secret(self, connection: SourceConnection) -> dict[str, object]:
        """A role's password and the database, which is the connection's schema field."""
        return {
            "TYPE": "postgres",
            "HOST": connection.host,
            "PORT": connection.port or 5432,
            "USER": connection.login,
            "PASSWORD": connection.password,
            "DATABASE": connection.schema or "postgres",
        }

    def options(self, connection: SourceConnection) -> str:
        """Dates in one form whatever the server's habit, moments in UTC, and a dead line noticed."""
        encryption = "".join(f" {name}={_quoted(connection, name)}" for name in _ENCRYPTION if name in connection.extra)
        return (
            "options='-c datestyle=ISO -c intervalstyle=iso_8601 -c timezone=UTC -c extra_float_digits=1' "
            f"connect_timeout={CONNECT_SECONDS} keepalives_idle=30 keepalives_interval=10 keepalives_count=3"
            + encryption
        )

    def name(self, text: str) -> str:
        """Between double quotes."""
        return '"' + text.replace('"', '""') + '"'

    def text(self, column: str, sql_type: str = "") -> str:
        """By the server's own form; money loses its currency sign."""
        return f"{column}::numeric::text" if sql_type == "money" else f"{column}::text"

    def columns(self, contract: Contract) -> str:
        """From the catalogue, which also knows materialised views."""
        return (
            "SELECT a.attname::text AS own_name, format_type(a.atttypid, NULL) AS sql_type FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE n.nspname = {self.literal(contract.department)} "
            f"AND c.relname = {self.literal(contract.short_name)} "
            "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        )


class MySql(Dialect):
    """MySQL and MariaDB: a database is a department."""

    extension = "mysql_scanner"
    function = "mysql_query"
    # The scanner would end a long reading after five minutes.
    settings: Mapping[str, object] = {"mysql_session_time_zone": "+00:00", "mysql_query_timeout_enabled": False}

    def secret(self, connection: SourceConnection) -> dict[str, object]:
        """A user's password; the database is named in every statement."""
        return {
            "TYPE": "mysql",
            "HOST": connection.host,
            "PORT": connection.port or 3306,
            "USER": connection.login,
            "PASSWORD": connection.password,
            "DATABASE": connection.schema or connection.department,
        }

    def options(self, connection: SourceConnection) -> str:
        """How the line is encrypted, where the connection says so."""
        return " ".join(
            f"{name}={connection.extra[name]}" for name in ("ssl_mode", "ssl_ca") if name in connection.extra
        )

    def name(self, text: str) -> str:
        """Between backticks."""
        return "`" + text.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        """A backslash would escape in this dialect."""
        return sql_text(text.replace("\\", "\\\\"))

    def text(self, column: str, sql_type: str = "") -> str:
        """A bit is a number before it is text."""
        return f"CAST({column}{' + 0' if sql_type == 'bit' else ''} AS CHAR)"

    def columns(self, contract: Contract) -> str:
        """From the information schema."""
        return (
            "SELECT CAST(column_name AS CHAR) AS own_name, CAST(data_type AS CHAR) AS sql_type "
            f"FROM information_schema.columns WHERE table_schema = {self.literal(contract.department)} "
            f"AND table_name = {self.literal(contract.short_name)} ORDER BY ordinal_position"
        )


def _quoted(connection: SourceConnection, name: str) -> str:
    return "'" + str(connection.extra[name]).replace("\\", "\\\\").replace("'", "\\'") + "'"


DIALECTS: Mapping[str, Dialect] = {"postgres": Postgres(), "mysql": MySql()}
