"""Where things lie and what is secret: the only reader of the environment."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from include.privacy import DoudiError

# What is secret, or of a deployment: never on a command line.
_OF_THE_ENVIRONMENT = (
    "WAREHOUSE_KEY", "IDENTITY_KEY", "WAREHOUSE_TARGET", "JOURNAL_URL",
    "SPARK_HOST", "SPARK_PORT", "SPARK_USER", "SPARK_SCHEMA", "SPARK_TLS", "SPARK_MEMORY", "SPARK_TABLES",
    "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME_CLAIM", "ENGINEERS_CONTACT",
)  # fmt: skip
REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT = REPOSITORY / "dbt_project"


class ExposedKeyError(DoudiError, PermissionError):
    """A key file that others may read."""


@dataclass(frozen=True)
class Settings:
    """The one place that knows paths, keys and switches; everything else is handed a ``Settings``.

    ``home`` (``WAREHOUSE_HOME``) is the only folder the system writes to. Every folder below it is
    made with mode 0700, because landing and inbox rely on file modes.
    """

    home: Path
    as_of: str | None = None
    known_at: str | None = None
    scale: float = 0.1
    seed: int = 2021
    memory_limit: str = "2GB"
    source_patience: float = 60.0
    connections: dict[str, str] = field(default_factory=dict, repr=False)
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``WAREHOUSE_HOME``, ``AS_OF``, ``KNOWN_AT``, ``SCALE``, ``SEED``, ``WAREHOUSE_MEMORY``, both keys.

        ``SOURCE_PATIENCE`` is how many seconds a run waits for a source that is not ready, and
        ``AIRFLOW_CONN_<DEPARTMENT>`` where a department's database or API is, as Airflow itself reads it.
        """
        environment = {name: value for name in _OF_THE_ENVIRONMENT if (value := os.environ.get(name, "").strip())}
        return cls(
            home=Path(os.environ.get("WAREHOUSE_HOME") or REPOSITORY / "var").resolve(),
            as_of=os.environ.get("AS_OF") or None,
            known_at=os.environ.get("KNOWN_AT") or None,
            scale=float(os.environ.get("SCALE") or 0.1),
            seed=int(os.environ.get("SEED") or 2021),
            memory_limit=os.environ.get("WAREHOUSE_MEMORY") or "2GB",
            source_patience=float(os.environ.get("SOURCE_PATIENCE") or 60),
            connections={
                department: value
                for department, variable in _connection_variables().items()
                if (value := os.environ.get(variable, "").strip())
            },
            environment=environment,
        )

    @property
    def inbox(self) -> Path:
        """What departments drop: ``inbox/<department>/<dataset>/<file>``."""
        return self.home / "inbox"

    @property
    def received(self) -> Path:
        """Files that were taken in, moved out of the inbox and kept until their retention ends."""
        return self.home / "state" / "received"

    @property
    def landing(self) -> Path:
        """Every accepted delivery as Parquet; written once, never changed."""
        return self.home / "landing"

    @property
    def quarantine(self) -> Path:
        """Files refused whole, each in a folder with its ledger entry."""
        return self.home / "quarantine"

    @property
    def warehouse(self) -> Path:
        """Folder of the restricted, encrypted warehouse file."""
        return self.home / "warehouse"

    @property
    def published(self) -> Path:
        """Pseudonymised publications for analysts."""
        return self.home / "published"

    @property
    def restricted(self) -> Path:
        """Encrypted identity files for officers' lists and the desk."""
        return self.home / "restricted"

    @property
    def outbox(self) -> Path:
        """Worklists and everything else that leaves the house."""
        return self.home / "outbox"

    @property
    def state(self) -> Path:
        """Alert events, keys, run records, logs."""
        return self.home / "state"

    @property
    def runs(self) -> Path:
        """One folder a pipeline run: ``state/runs/<run_id>/<step>.json``."""
        return self.state / "runs"

    @property
    def scratch(self) -> Path:
        """Spill and half-written files; safe to delete whenever nothing runs."""
        return self.state / "scratch"

    def child_environment(self, **more: str) -> dict[str, str]:
        """The environment of a process that works for this home; a surrounding Airflow's settings stay outside.

        Only the departments' connections are let through.
        """
        connections = set(_connection_variables().values())
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW") or name in connections
        }
        own = {"WAREHOUSE_HOME": str(self.home), "WAREHOUSE_MEMORY": self.memory_limit}
        return {**inherited, **self.environment, **own, **more}

    def warehouse_key(self) -> str:
        """The key that encrypts the warehouse and the identity file."""
        return self._key("WAREHOUSE_KEY", "warehouse.key")

    def identity_key(self) -> str:
        """The key of the HMAC that turns identity numbers into keys; rotating the other never changes it."""
        return self._key("IDENTITY_KEY", "person.key")

    def _key(self, variable: str, file_name: str) -> str:
        if variable in self.environment:
            return self.environment[variable]
        path = private_folder(self.state / "keys") / file_name
        if not path.exists():
            temporary = path.with_suffix(f".{os.getpid()}.tmp")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(32) + "\n")
            try:
                os.link(temporary, path)  # the first process wins; the others read its key
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ExposedKeyError(f"密钥文件权限应为 0600：{path.name}", "a key file must have mode 0600")
        return path.read_text(encoding="ascii").strip()


def _connection_variables() -> dict[str, str]:
    """For each department that owes anything the variable that Airflow reads a connection of its name from."""
    contracts = (REPOSITORY / "include" / "contracts").glob("*__*.yaml")
    departments = sorted({path.name.partition("__")[0] for path in contracts})
    return {department: f"AIRFLOW_CONN_{department.upper()}" for department in departments}


def private_folder(path: Path) -> Path:
    """Make a folder (and its parents) that only its owner may enter, and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """A name to write a file under that takes its place when it is whole, so that nobody reads half of it.

    Only its owner may read it; where writing fails, what stood in its place stays.
    """
    temporary = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        yield temporary
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
