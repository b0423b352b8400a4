"""Where a department's data can be pulled from: what an Airflow connection says, as a plain value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from include.sources.errors import SourceError

DATABASES = {"postgres": "postgres", "postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql"}
SERVICES = ("http", "https")


@dataclass(frozen=True)
class SourceConnection:
    """A department's database or API; the password and the extras are never shown."""

    department: str
    kind: str
    host: str
    port: int | None = None
    login: str = ""
    password: str = field(default="", repr=False)
    schema: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def transport(self) -> str:
        """Which datasets it serves, in the contracts' words: ``database`` or ``api``."""
        if self.kind in DATABASES:
            return "database"
        if self.kind in SERVICES:
            return "api"
        raise SourceError(
            f"连接 {self.department} 的类型不支持：应为 postgres、mysql、http 或 https",
            f"connection {self.department} is of an unsupported type; it is postgres, mysql, http or https",
        )

    @property
    def base_address(self) -> str:
        """The address below which an API answers; the schema field may name https, or the path."""
        address = self.host.rstrip("/")
        scheme, separator, _ = address.partition("://")
        if not separator:
            scheme = "https" if "https" in (self.kind, self.schema) else "http"
            address = f"{scheme}://{address}"
        if self.port and urlsplit(address).port is None:
            parts = urlsplit(address)
            address = f"{parts.scheme}://{parts.netloc}:{self.port}{parts.path}"
        path = "" if self.schema in ("", *SERVICES) else f"/{self.schema.strip('/')}"
        return address + path

    @property
    def api_key(self) -> str:
        """What ``X-Api-Key`` carries: the connection's password, or an extra of that name."""
        return self.password or str(self.extra.get("X-Api-Key", ""))


def parse(department: str, text: str) -> SourceConnection:
    """A connection as an environment variable holds it: Airflow's JSON form or its URI form."""
    try:
        facts = json.loads(text) if text.lstrip().startswith("{") else _facts_of_address(text)
        return from_facts(department, facts)
    except (ValueError, TypeError, AttributeError):
        pass
    raise SourceError(
        f"连接 {department} 无法识别：应为 URI 或 JSON",
        f"connection {department} cannot be read; it is written as a URI or as JSON",
    )


def from_facts(department: str, facts: Mapping[str, Any]) -> SourceConnection:
    """A connection from Airflow's own field names."""
    extra = facts.get("extra") or {}
    if isinstance(extra, str):
        extra = json.loads(extra)
    return SourceConnection(
        department=department,
        kind=(facts.get("conn_type") or "").lower(),
        host=facts.get("host") or "",
        port=int(facts["port"]) if facts.get("port") else None,
        login=facts.get("login") or "",
        password=facts.get("password") or "",
        schema=facts.get("schema") or "",
        extra=extra,
    )


def _facts_of_address(text: str) -> dict[str, Any]:
    parts = urlsplit(text.strip())
    return {
        "conn_type": parts.scheme,
        "host": unquote(parts.hostname or ""),
        "port": parts.port,
        "login": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "schema": unquote(parts.path.lstrip("/")),
        "extra": dict(parse_qsl(parts.query)),
    }
