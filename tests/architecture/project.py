"""The repository as these tests read it: its files, its imports, its YAML."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from include.settings import DBT_PROJECT, REPOSITORY

MODELS = DBT_PROJECT / "models"


def files(*suffixes: str) -> list[Path]:
    """Every file of the repository with one of the suffixes, also those not yet committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY, capture_output=True, check=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    paths = [REPOSITORY / name for name in listed if name]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def python_files(*folders: str) -> list[Path]:
    """The Python files below some top folders."""
    return [path for path in files(".py") if path.relative_to(REPOSITORY).parts[0] in folders]


def imports(path: Path) -> Iterator[str]:
    """The dotted names a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def model_properties(folder: Path) -> dict[str, dict[str, Any]]:
    """What the YAML files below a folder say of each model."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.yml")):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            found[model["name"]] = model
    return found


def shown(path: Path) -> str:
    """A path as a person of the project writes it."""
    return path.relative_to(REPOSITORY).as_posix()
