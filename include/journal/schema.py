"""The journal's table, the desk's accounts and messages beside it, and the engine that reaches them.

SQLite in ``state/journal.db`` unless ``JOURNAL_URL`` names a PostgreSQL database. The journal is only ever appended
to; the database itself refuses to change or delete a row of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    text,
)

from include.settings import Settings, private_folder

METADATA = MetaData()
ENTRY = Table(
    "journal",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", String(80), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("alert_no", String(80), index=True),
    Column("event", String(40), nullable=False),
    Column("state", String(20)),
    Column("at", String(32), nullable=False),
    Column("account", String(60), nullable=False),
    Column("role", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("entry_hash", String(64), nullable=False),
)
ACCOUNT = Table(
    "desk_account",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    Column("contact", Text, nullable=False),
)
MESSAGE = Table(
    "outbox",
    METADATA,
    Column("message_id", String(120), primary_key=True),
    Column("address", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("claimed_at", String(32)),
    Column("sent_at", String(32)),
    Column("tries", Integer, nullable=False),
)
_MIGRATIONS = Path(__file__).with_name("migrations")


def journal_url(settings: Settings) -> str:
    """Where the journal is: ``JOURNAL_URL``, else ``state/journal.db``."""
    return settings.environment.get("JOURNAL_URL") or f"sqlite:///{settings.home / 'state' / 'journal.db'}"


def engine(settings: Settings) -> Engine:
    """The engine of a journal whose table is as new as this code; one a process and journal."""
    private_folder(settings.home / "state")
    return _engine(journal_url(settings))


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    made = create_engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _leave_transactions_to_us)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with made.begin() as connection:
        _only_writer(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return made


@contextmanager
def writing(journal: Engine) -> Iterator[Connection]:
    """A transaction that is the journal's only writer while it lasts, so that the chain has one end."""
    with journal.begin() as connection:
        _only_writer(connection)
        yield connection


def _only_writer(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("begin immediate"))
    else:
        connection.execute(text("select pg_advisory_xact_lock(20210701)"))


def _leave_transactions_to_us(connection: object, _record: object) -> None:
    # sqlite3 would otherwise begin a reading transaction first, and two writers could read the same end of the chain.
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute("pragma busy_timeout = 30000")  # type: ignore[attr-defined]
    connection.execute("pragma journal_mode = wal")  # type: ignore[attr-defined]
