"""The environment is made with the newest Python that really works; where none does, one command is named."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from include.settings import REPOSITORY

TOOLS = ("sh", "dirname", "id", "cat", "sha256sum", "cut", "mkdir", "chmod")

# Stands for a Python: answers the questions the script asks, and makes an environment whose python notes its calls.
PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) echo {version} ;;
    *ensurepip*) exit {ensurepip} ;;
    --version) echo "Python {version}.0" ;;
    "-m venv --clear"*)
        mkdir -p "$4/bin"
        printf '#!/bin/sh\\necho "{version} $*" >> "%s/calls"\\n' "$4" > "$4/bin/python"
        chmod +x "$4/bin/python" ;;
    *) exit 9 ;;
esac
"""
BROKEN_SHIM = "#!/bin/sh\necho 'not activated' >&2\nexit 127\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A PATH that holds a few tools and no Python."""
    for tool in TOOLS:
        (tmp_path / tool).symlink_to(shutil.which(tool))
    return tmp_path


def _place(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)


def _install(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(folder), "VENV": str(folder / "venv"), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [folder / "sh", REPOSITORY / ".ci" / "install", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_shim_without_a_python_behind_it_is_passed_over(folder: Path) -> None:
    _place(folder, "python3.13", BROKEN_SHIM)
    _place(folder, "python3.12", PYTHON.format(version="3.12", ensurepip=0))
    _place(folder, "python3.11", PYTHON.format(version="3.11", ensurepip=0))
    assert _install(folder).returncode == 0
    calls = (folder / "venv" / "calls").read_text(encoding="utf-8")
    assert calls.startswith("3.12 -m pip install")
    assert "--require-hashes" in calls
    assert "index-url" not in calls


def test_what_is_installed_is_not_installed_again(folder: Path) -> None:
    _place(folder, "python3.12", PYTHON.format(version="3.12", ensurepip=0))
    _install(folder)
    before = (folder / "venv" / "calls").read_text(encoding="utf-8").count("pip install")
    _install(folder)
    assert (folder / "venv" / "calls").read_text(encoding="utf-8").count("pip install") == before == 1


def test_a_python_that_cannot_make_environments_names_the_package(folder: Path) -> None:
    _place(folder, "python3", PYTHON.format(version="3.11", ensurepip=1))
    done = _install(folder)
    assert done.returncode == 2
    assert "apt-get install -y python3.11-venv" in done.stderr
    assert not (folder / "venv").exists()


def test_an_older_python_that_works_is_better_than_a_newer_that_does_not(folder: Path) -> None:
    _place(folder, "python3.13", PYTHON.format(version="3.13", ensurepip=1))
    _place(folder, "python3.11", PYTHON.format(version="3.11", ensurepip=0))
    assert _install(folder).returncode == 0
    assert (folder / "venv" / "calls").read_text(encoding="utf-8").startswith("3.11 ")


def test_no_python_at_all_names_the_command(folder: Path) -> None:
    done = _install(folder)
    assert done.returncode == 2
    assert "apt-get install -y python3 python3-venv" in done.stderr


def test_a_python_that_is_asked_for_is_the_one_that_is_used(folder: Path) -> None:
    _place(folder, "python3.13", PYTHON.format(version="3.13", ensurepip=0))
    _place(folder, "mine", PYTHON.format(version="3.12", ensurepip=0))
    assert _install(folder, "mine").returncode == 0
    assert (folder / "venv" / "calls").read_text(encoding="utf-8").startswith("3.12 ")
