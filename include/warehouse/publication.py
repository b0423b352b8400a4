"""Publications as readers see them: a pair of files of one version, hashed, immutable, opened read-only.

The link ``published/marts.duckdb`` is the only thing that says which version stands. Readers of ours take the
version from it and open the identity file of that version, never the other link, so a crash between the swaps of
the two links shows nobody a mixed pair.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from include.privacy import DoudiError
from include.settings import Settings
from include.warehouse import engine

MARTS_LINK, PARQUET_LINK, IDENTITY_LINK = "marts.duckdb", "parquet", "identity.duckdb"
MARTS_ALIAS, IDENTITY_ALIAS = "marts", "identity"
_REPLAY = "replay"
_CHUNK = 1 << 20


class NoPublicationError(DoudiError):
    """Nothing has been published yet."""


class DamagedPublicationError(DoudiError):
    """A published file is not the one that was written."""


@dataclass(frozen=True)
class Publication:
    """Where the files of one version lie."""

    home: Path
    version: str
    is_replay: bool = False

    @property
    def _published(self) -> Path:
        return self.home / "published" / _REPLAY if self.is_replay else self.home / "published"

    @property
    def _restricted(self) -> Path:
        return self.home / "restricted" / _REPLAY if self.is_replay else self.home / "restricted"

    @property
    def marts(self) -> Path:
        """The pseudonymised marts."""
        return self._published / f"marts_{self.version}.duckdb"

    @property
    def parquet(self) -> Path:
        """The folder of the same tables as Parquet, ``<schema>/<table>.parquet``."""
        return self._published / f"parquet_{self.version}"

    @property
    def manifest(self) -> Path:
        """The hashes of every file of the version; written last, so without it the version does not exist."""
        return self._published / f"manifest_{self.version}.json"

    @property
    def identity(self) -> Path:
        """The encrypted file that says who is behind a key."""
        return self._restricted / f"identity_{self.version}.duckdb"

    def read_manifest(self) -> dict[str, Any]:
        """The manifest: version, month, run, tables and the hash of every file."""
        manifest: dict[str, Any] = json.loads(self.manifest.read_text(encoding="utf-8"))
        return manifest

    def verify(self, *paths: Path) -> None:
        """Compare files with the hashes in the manifest; raises DamagedPublicationError naming the file."""
        hashes = {entry["path"]: entry["sha256"] for entry in self.read_manifest()["files"]}
        for path in paths:
            if not path.is_file() or file_hash(path) != hashes.get(path.relative_to(self.home).as_posix()):
                raise DamagedPublicationError(
                    f"发布文件与登记的校验值不符，请重新运行或恢复备份：{path.name}",
                    f"a published file does not match its hash, run again or restore a backup: {path.name}",
                )

    def verify_all(self) -> None:
        """Compare every file of the version with the manifest."""
        self.verify(*(self.home / entry["path"] for entry in self.read_manifest()["files"]))


def standing(settings: Settings) -> Publication:
    """The publication that the marts link points at; raises NoPublicationError when there is none."""
    link = settings.published / MARTS_LINK
    if not link.is_symlink():
        raise NoPublicationError("还没有发布过数据", "nothing has been published yet")
    return Publication(settings.home, link.readlink().name.removeprefix("marts_").removesuffix(".duckdb"))


def kept_publications(settings: Settings) -> list[Publication]:
    """Every version that is still kept, replays apart: the one that stands first, then by moment, newest first."""
    link = settings.published / MARTS_LINK
    now = standing(settings).version if link.is_symlink() else None
    versions = [
        Publication(settings.home, path.stem.removeprefix("manifest_"))
        for path in settings.published.glob("manifest_*.json")
    ]
    return sorted(versions, key=lambda each: (each.version == now, each.read_manifest()["published_at"]), reverse=True)


def open_publication(settings: Settings, publication: Publication | None = None) -> duckdb.DuckDBPyConnection:
    """A connection on which the marts of a publication (the standing one) are the default database, read-only."""
    publication = publication or standing(settings)
    publication.verify(publication.marts)
    connection = engine.connect(settings, extensions=())
    _attach_marts(connection, publication)
    return connection


def open_identity(settings: Settings, publication: Publication | None = None) -> duckdb.DuckDBPyConnection:
    """The same for the encrypted identity file: who is behind a key."""
    publication = publication or standing(settings)
    publication.verify(publication.identity)
    connection = engine.connect(settings)
    _attach_identity(connection, settings, publication)
    connection.execute(f"USE {IDENTITY_ALIAS}")
    return connection


def open_pair(settings: Settings, publication: Publication | None = None) -> duckdb.DuckDBPyConnection:
    """A connection with both files of one version attached as ``marts`` (the default) and ``identity``, read-only."""
    publication = publication or standing(settings)
    publication.verify(publication.marts, publication.identity)
    connection = engine.connect(settings)
    _attach_identity(connection, settings, publication)
    _attach_marts(connection, publication)
    return connection


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _attach_marts(connection: duckdb.DuckDBPyConnection, publication: Publication) -> None:
    connection.execute(f"ATTACH {engine.sql_text(str(publication.marts))} AS {MARTS_ALIAS} (READ_ONLY)")
    connection.execute(f"USE {MARTS_ALIAS}")


def _attach_identity(connection: duckdb.DuckDBPyConnection, settings: Settings, publication: Publication) -> None:
    engine.attach_warehouse(connection, settings, publication.identity, alias=IDENTITY_ALIAS)
