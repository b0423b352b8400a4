"""Gathering a department's files: what an earlier run left, and what has settled in the inbox since.

The inbox may be a share of another machine: whatever it answers too late or not at all must not reach the ledger.
So this runs in the desk's process, and whoever asked for it waits only so long.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from include.ingest import inbox
from include.ingest.inbox import InboxFile
from include.settings import Settings

HOME_DEPARTMENT = "civil_affairs"
NOT_READABLE = "没有读取权限 / no permission to read it"


def gather(
    settings: Settings,
    department: str,
    only_folder: str | None,
    look_again_seconds: float,
    about_to_take: Callable[[Path], None],
) -> tuple[list[InboxFile], list[dict[str, str]]]:
    """Every file that a run has to receive, each under ``state/taking``, in the order of their months; and what waits.

    ``only_folder`` leaves all other datasets where they are; the regions are gathered no other way.
    """
    folder_of_department = department or "_"
    files = inbox.left_behind(settings, folder_of_department)
    waiting = []
    for path in inbox.settled_files(_candidates(settings, department, only_folder), look_again_seconds):
        if not _may_be_read(path):
            waiting.append({"file": inbox.shown(path.name), "reason": NOT_READABLE})
            continue
        below = path.relative_to(settings.inbox / department).parts
        about_to_take(path)
        taken = inbox.take(settings, path, folder_of_department, below[0] if len(below) > 1 else "_")
        if taken is not None:
            files.append(taken)
    if only_folder is not None:
        files = [file for file in files if file.folder == only_folder]
    elif department == HOME_DEPARTMENT:
        files = [file for file in files if file.folder != "region"]
    return sorted(files, key=_order), waiting


def _candidates(settings: Settings, department: str, only_folder: str | None) -> list[Path]:
    root = settings.inbox / department
    if not department:
        return [path for path in inbox.files_below(root) if path.parent == root]
    if only_folder is not None:
        return inbox.files_below(root / only_folder)
    is_home = department == HOME_DEPARTMENT
    return [path for path in inbox.files_below(root) if not (is_home and path.is_relative_to(root / "region"))]


def _may_be_read(path: Path) -> bool:
    """Whether this account may read a file; links, devices and pipes are never opened, so nobody asks."""
    try:
        return not inbox.is_regular(path) or os.access(path, os.R_OK)
    except FileNotFoundError:
        return True  # somebody was faster; taking it will find out


def _order(file: InboxFile) -> tuple[str, str, str]:
    name = inbox.delivered_name(file.path)
    digits = "".join(char if char.isdigit() else " " for char in name).split()
    period = next((digit for digit in digits if len(digit) == 6), "")
    return file.folder, period, name
