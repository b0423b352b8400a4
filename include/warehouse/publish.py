"""Publishing: from a checked build to the pair of one version, with the links moved last.

Everything is written under temporary names, flushed and renamed; the manifest comes last of the files, the link
``marts.duckdb`` last of the links. A crash at any point leaves the old publication standing or the new one
complete, and publishing again finishes what was begun.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from include import runs
from include.privacy import DoudiError, guarded
from include.settings import Settings, private_folder
from include.warehouse import engine
from include.warehouse.build import keep
from include.warehouse.descriptions import comment_statements
from include.warehouse.publication import (
    IDENTITY_LINK,
    MARTS_LINK,
    PARQUET_LINK,
    Publication,
    file_hash,
)
from include.warehouse.published_text import mask_published_text
from include.warehouse.recall import add_recalled, add_recalled_evidence, attach_earlier
from include.warehouse.run_history import add_run_history

PUBLISHED_SCHEMAS = ("core", "monitoring", "reporting", "quality")
RESTRICTED_SCHEMA = "restricted"
VERSIONS_KEPT = 3


class NotPublishableError(DoudiError):
    """The run has no build that passed the gate."""


@guarded("publish")
def publish(settings: Settings, run_id: str) -> dict[str, Any]:
    """Publish a run's build, which the gate must have passed; returns the record of ``publish.json``.

    Publishing the same build again changes nothing. A replay of an earlier month or known time goes to
    ``replay/`` and moves no link.
    """
    build = runs.read(settings, run_id, "build")
    if not runs.done(settings, run_id, "gate") or runs.read(settings, run_id, "gate")["verdict"] != "green":
        raise NotPublishableError("质量检查未通过，不能发布", "the gate is not green, nothing is published")
    publication = Publication(settings.home, build["version"], bool(build["is_replay"]))
    if publication.manifest.exists():
        publication.verify_all()
    else:
        _write_version(settings, run_id, build, publication)
    if not publication.is_replay:
        _move_links(settings, publication)
    if (settings.warehouse / f"building_{publication.version}.duckdb").exists():
        keep(settings, publication.version)
    _remove_old_versions(settings, publication)
    record = {
        "version": publication.version,
        "is_replay": publication.is_replay,
        "marts": str(publication.marts),
        "parquet": str(publication.parquet),
        "identity": str(publication.identity),
        **{name: publication.read_manifest()[name] for name in ("published_at", "masked_texts", "bytes")},
    }
    runs.write(settings, run_id, "publish", record)
    return record


def _write_version(settings: Settings, run_id: str, build: dict[str, Any], publication: Publication) -> None:
    for folder in (publication.marts.parent, publication.identity.parent):
        private_folder(folder)
        _sweep(folder)
    published_at = datetime.now(UTC)
    marts, identity, parquet = (
        _temporary(path) for path in (publication.marts, publication.identity, publication.parquet)
    )
    connection = engine.connect(settings)
    try:
        engine.attach_warehouse(connection, settings, Path(build["path"]))
        earlier = None if publication.is_replay else attach_earlier(connection, settings, publication.version)
        masked = _write_marts(connection, settings, marts, run_id, published_at)
        recalled = add_recalled(connection, build["as_of"]) if earlier else 0
        connection.execute("CHECKPOINT marts")
        tables = _write_parquet(connection, parquet)
        connection.execute("DETACH marts")
        _write_identity(connection, settings, identity, with_recalled=earlier is not None)
    finally:
        connection.close()
    for temporary, path in (
        (identity, publication.identity),
        (parquet, publication.parquet),
        (marts, publication.marts),
    ):
        _settle(temporary, path)
    manifest = {
        "version": publication.version,
        "run_id": run_id,
        "as_of": build["as_of"],
        "known_at": build["known_at"],
        "is_replay": publication.is_replay,
        "published_at": published_at.isoformat(timespec="microseconds"),
        "masked_texts": masked,
        "follows": earlier.version if earlier else None,
        "recalled": recalled,
        "tables": tables,
        "files": _file_entries(publication),
    }
    manifest["bytes"] = sum(entry["bytes"] for entry in manifest["files"])
    temporary = _temporary(publication.manifest)
    temporary.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _settle(temporary, publication.manifest)


def _write_marts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, path: Path, run_id: str, published_at: datetime
) -> int:
    """Copy the published schemas, add what the runs left, mask what looks like an identifier, add the comments."""
    connection.execute(f"ATTACH {engine.sql_text(str(path))} AS marts")
    for schema in PUBLISHED_SCHEMAS:
        connection.execute(f"CREATE SCHEMA marts.{schema}")
        for table in _tables(connection, engine.WAREHOUSE_ALIAS, schema):
            _copy(connection, f"{engine.WAREHOUSE_ALIAS}.{schema}.{table}", f"marts.{schema}.{table}")
    add_run_history(connection, settings, run_id, published_at)
    masked = mask_published_text(connection, "marts")
    for statement in comment_statements(connection, "marts"):
        connection.execute(statement)
    return masked


def _write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[dict[str, Any]]:
    tables = []
    for schema in PUBLISHED_SCHEMAS:
        private_folder(folder / schema)
        for table in _tables(connection, "marts", schema):
            path = folder / schema / f"{table}.parquet"
            (rows,) = connection.execute(
                f"COPY (FROM marts.{schema}.{table} ORDER BY ALL) TO {engine.sql_text(str(path))} "
                "(FORMAT parquet, COMPRESSION zstd)"
            ).fetchall()[0]
            tables.append({"table": f"{schema}.{table}", "rows": rows})
    return tables


def _write_identity(connection: duckdb.DuckDBPyConnection, settings: Settings, path: Path, with_recalled: bool) -> None:
    engine.attach_warehouse(connection, settings, path, read_only=False, alias="identity")
    connection.execute(f"CREATE SCHEMA identity.{RESTRICTED_SCHEMA}")
    for table in _tables(connection, engine.WAREHOUSE_ALIAS, RESTRICTED_SCHEMA):
        name = f"{RESTRICTED_SCHEMA}.{table}"
        _copy(connection, f"{engine.WAREHOUSE_ALIAS}.{name}", f"identity.{name}")
    if with_recalled:
        add_recalled_evidence(connection)
    connection.execute("CHECKPOINT identity")
    connection.execute("DETACH identity")


def _copy(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    # In order, so that the same build gives the same rows in the same places, and lookups by key read little.
    connection.execute(f"CREATE TABLE {target} AS FROM {source} ORDER BY ALL")


def _tables(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? ORDER BY table_name",
        [database, schema],
    ).fetchall()
    return [name for (name,) in found]


def _file_entries(publication: Publication) -> list[dict[str, Any]]:
    paths = [publication.marts, *sorted(publication.parquet.rglob("*.parquet")), publication.identity]
    return [
        {
            "path": path.relative_to(publication.home).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": file_hash(path),
        }
        for path in paths
    ]


def _move_links(settings: Settings, publication: Publication) -> None:
    """Point the links at a version; the marts link is the one that counts, and moves last."""
    private_folder(settings.restricted)
    for link, target in (
        (settings.restricted / IDENTITY_LINK, publication.identity),
        (settings.published / PARQUET_LINK, publication.parquet),
        (settings.published / MARTS_LINK, publication.marts),
    ):
        temporary = _temporary(link)
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target.name)
        temporary.replace(link)
        _flush_folder(link.parent)


def _remove_old_versions(settings: Settings, newest: Publication) -> None:
    """Keep the last versions of this kind, by the moment of publication; open readers keep what they hold."""
    folder = newest.manifest.parent
    versions = [
        Publication(settings.home, path.stem.removeprefix("manifest_"), newest.is_replay)
        for path in folder.glob("manifest_*.json")
    ]
    versions.sort(key=lambda version: (version == newest, version.read_manifest()["published_at"]))
    for old in versions[:-VERSIONS_KEPT]:
        old.manifest.unlink()
        old.marts.unlink(missing_ok=True)
        old.identity.unlink(missing_ok=True)
        shutil.rmtree(old.parquet, ignore_errors=True)


def _temporary(path: Path) -> Path:
    return path.with_name(f".new_{path.name}")


def _sweep(folder: Path) -> None:
    """Delete what a publisher that died had half written."""
    for path in folder.glob(".new_*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _settle(temporary: Path, path: Path) -> None:
    """Close a file or folder to others, flush it to the disk and give it its name."""
    for member in [temporary, *(temporary.rglob("*") if temporary.is_dir() else ())]:
        member.chmod(0o700 if member.is_dir() else 0o600)
        _flush(member)
    if path.is_dir():
        shutil.rmtree(path)  # of a version that never got its manifest
    temporary.replace(path)
    _flush_folder(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_flush_folder = _flush
