"""What one pipeline run was and did: small JSON files under ``state/runs/<run_id>/``, one a step.

Run and check results are no function of the deliveries, so they are not dbt's: each step leaves its record
here, publish lays the records into ``quality.fct_run`` and ``quality.fct_check_result``, and whoever waits for
a run reads them. Nothing here names a person.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from include.settings import DBT_PROJECT, REPOSITORY, Settings, private_folder, put_in_place

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_CODE = ("include/**/*.py", "include/**/*.yaml", "expectations/**/*.py", "dbt_project/**/*.sql", "dbt_project/**/*.yml")
_PARAMETERS = ("**/*.csv",)


def new_run_id(now: datetime | None = None) -> str:
    """A name for a run that sorts by the moment it began: ``20211105T093012Z-4f1c``."""
    moment = now or datetime.now(UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def named(text: str) -> str:
    """Another program's name for a run, such as Airflow's, as a run id; one that fits already stays as it is."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)[:100]


def folder(settings: Settings, run_id: str) -> Path:
    """The folder of a run's records; refuses an id that is no plain file name."""
    if not _RUN_ID.fullmatch(run_id):
        raise ValueError("运行编号只能用字母、数字、横线 / a run id is letters, digits, - and _ only")
    return settings.runs / run_id


def begin(settings: Settings, run_id: str) -> dict[str, Any]:
    """Write ``run.json``: what is asked for (month, known time) and with which code and parameters."""
    record = {
        "run_id": run_id,
        "as_of": settings.as_of,
        "known_at": settings.known_at,
        "started_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "code_version": code_version(),
        "parameter_version": parameter_version(),
    }
    write(settings, run_id, "run", record)
    return record


def settings_for(settings: Settings, run_id: str) -> Settings:
    """The settings with the month and the known time that this run was started with."""
    record = read(settings, run_id, "run")
    return replace(settings, as_of=record["as_of"], known_at=record["known_at"])


def write(settings: Settings, run_id: str, step: str, record: dict[str, Any] | list[Any]) -> Path:
    """Leave a step's record; written beside its place and renamed, so that a reader never sees half of it."""
    path = private_folder(folder(settings, run_id)) / f"{step}.json"
    with put_in_place(path) as temporary:
        temporary.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")
    return path


def read(settings: Settings, run_id: str, step: str) -> Any:
    """A step's record; raises FileNotFoundError when the step has not left one."""
    return json.loads((folder(settings, run_id) / f"{step}.json").read_text(encoding="utf-8"))


def done(settings: Settings, run_id: str, step: str) -> bool:
    """Whether a step of this run has left its record."""
    return (folder(settings, run_id) / f"{step}.json").is_file()


def is_replay(settings: Settings, run_id: str) -> bool:
    """Whether this run has published a look at the past, beside which what is current stays as it is."""
    return done(settings, run_id, "publish") and bool(read(settings, run_id, "publish")["is_replay"])


def all_runs(settings: Settings) -> list[str]:
    """Every run that was begun, oldest first."""
    if not settings.runs.is_dir():
        return []
    begun = [path.parent.name for path in settings.runs.glob("*/run.json")]
    return sorted(begun, key=lambda run_id: (read(settings, run_id, "run")["started_at"], run_id))


def code_version() -> str:
    """Twelve hex digits over every file that decides a result; equal code gives equal digits on every machine."""
    return files_digest(REPOSITORY, _CODE)


def parameter_version() -> str:
    """Twelve hex digits over the seeds: policy values, rule catalogue and code lists."""
    return files_digest(DBT_PROJECT / "seeds", _PARAMETERS)


def files_digest(root: Path, patterns: Iterable[str]) -> str:
    """Twelve hex digits over the names and contents of the files that fit some patterns, dbt's own output apart."""
    digest = hashlib.sha256()
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(files):
        relative = path.relative_to(root)
        if "target" in relative.parts or "logs" in relative.parts:
            continue
        digest.update(relative.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Path):
        return value.as_posix()
    raise TypeError(f"not a plain value: {type(value).__name__}")
