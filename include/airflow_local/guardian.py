"""Keeps the processes of an embedded Airflow, and makes sure that none outlives whoever started it.

Run as ``python -m include.airflow_local.guardian``. The first line of standard input is the order, as JSON:
``{"first": [argv, ...], "then": {name: argv}, "logs": folder, "grace": seconds}``. From then on standard input
is a leash: when it closes, for whatever reason (a clean end, Ctrl-C, an exception, ``kill -9`` of the starter),
every descendant is asked to end and, after a bound, killed. The guardian adopts orphans, so that a process which
left its group is found as well. Each event is one JSON line on standard output.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import psutil

_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36
_GRACE_SECONDS = 12.0  # what a scheduler needs to end well
_LIBC = ctypes.CDLL(None)


def main() -> int:
    """Run the order that stands on the first line of standard input."""
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)  # the leash decides, nothing else
    _LIBC.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    leash = os.fdopen(0, "rb", buffering=0)
    order = json.loads(_first_line(leash))
    try:
        return _obey(order, leash)
    finally:
        _end_all_descendants(order.get("grace", _GRACE_SECONDS))


def _first_line(leash: IO[bytes]) -> bytes:
    line = b""
    while not line.endswith(b"\n") and (byte := leash.read(1)):
        line += byte
    return line or b"{}"


def _obey(order: dict[str, Any], leash: IO[bytes]) -> int:
    logs = Path(order.get("logs", "."))
    for number, argv in enumerate(order.get("first", [])):
        _tell(event="preparing", number=number)
        code = _wait(_start(argv, logs / "prepare.log"), leash)
        if code is None:
            return 0
        if code != 0:
            _tell(event="ended", name="prepare", code=code)
            return 1
    components = {name: _start(argv, logs / f"{name}.log") for name, argv in order.get("then", {}).items()}
    _tell(event="started")
    while not _leash_closed(leash, seconds=0.5):
        for name, process in components.items():
            if (code := process.poll()) is not None:
                _tell(event="ended", name=name, code=code)
                return 1
        _reap_orphans({process.pid for process in components.values()})
    return 0


def _start(argv: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as stream:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            preexec_fn=_follow_parent,
        )


def _follow_parent() -> None:
    for restored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(restored, signal.SIG_DFL)
    _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)


def _wait(process: subprocess.Popen[bytes], leash: IO[bytes]) -> int | None:
    """The exit code, or None when the leash closed before."""
    while (code := process.poll()) is None:
        if _leash_closed(leash, seconds=0.2):
            return None
    return code


def _leash_closed(leash: IO[bytes], seconds: float) -> bool:
    ready, _, _ = select.select([leash], [], [], seconds)
    return bool(ready) and leash.read(1) == b""


def _reap_orphans(known: set[int]) -> None:
    """Collect adopted processes that have ended; the components' own codes are left for ``poll``."""
    for child in psutil.Process().children():
        try:
            if child.pid not in known and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)
        except (psutil.NoSuchProcess, ChildProcessError):
            continue


def _end_all_descendants(grace: float) -> None:
    """TERM once to everybody, then KILL to whoever is left; ends only when nobody is."""
    deadline = time.monotonic() + grace
    _signal_all(signal.SIGTERM)
    while _living():
        if time.monotonic() > deadline:
            _signal_all(signal.SIGKILL)
        time.sleep(0.1)


def _living() -> list[psutil.Process]:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                break
        except ChildProcessError:
            break
    return psutil.Process().children(recursive=True)


def _signal_all(number: signal.Signals) -> None:
    for process in _living():
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _tell(**event: Any) -> None:
    try:
        print(json.dumps(event), flush=True)  # noqa: T201 - standard output is this program's interface
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    sys.exit(main())
