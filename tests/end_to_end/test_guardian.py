"""However whoever holds the leash ends, nothing that the guardian started lives on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from include.settings import REPOSITORY

# Each writes its number to a file, so that it can be looked for; the last two do what makes processes outlive others.
PLAIN = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + PLAIN
ESCAPED = "import os; os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); " + PLAIN


def _order(folder: Path, first: list[str], **programmes: str) -> bytes:
    order = {
        "first": [[sys.executable, "-c", program] for program in first],
        "then": {name: [sys.executable, "-c", code, str(folder / name)] for name, code in programmes.items()},
        "logs": str(folder),
        "grace": 0.5,
    }
    return json.dumps(order).encode() + b"\n"


def _guardian(**more: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "include.airflow_local.guardian"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY, start_new_session=True, bufsize=0, **more,
    )  # fmt: skip


def _numbers(folder: Path, *names: str) -> list[int]:
    """The process numbers that the programmes wrote, as soon as all of them have."""
    while not all((folder / name).exists() and (folder / name).read_text() for name in names):
        time.sleep(0.05)
    return [int((folder / name).read_text()) for name in names]


def _gone(number: int) -> bool:
    return not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE


def test_letting_go_of_the_leash_ends_the_deaf_and_the_escaped(tmp_path: Path) -> None:
    guardian = _guardian()
    guardian.stdin.write(_order(tmp_path, [], plain=PLAIN, deaf=DEAF))
    numbers = _numbers(tmp_path, "plain", "deaf")
    guardian.stdin.close()
    assert guardian.wait() == 0
    assert all(map(_gone, numbers))


def test_a_process_that_left_its_session_is_found(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {code!r}, {path!r}]); time.sleep(600)"
    )
    guardian = _guardian()
    escaped = parent.format(code=ESCAPED, path=str(tmp_path / "escaped"))
    guardian.stdin.write(_order(tmp_path, [], parent=escaped))
    (number,) = _numbers(tmp_path, "escaped")
    guardian.stdin.close()
    assert guardian.wait() == 0
    assert _gone(number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_only_the_leash_ends_the_guardian(tmp_path: Path, number: signal.Signals) -> None:
    guardian = _guardian()
    guardian.stdin.write(_order(tmp_path, [], plain=PLAIN))
    (plain,) = _numbers(tmp_path, "plain")
    guardian.send_signal(number)
    assert not _gone(plain)
    assert guardian.poll() is None
    guardian.stdin.close()
    assert guardian.wait() == 0
    assert _gone(plain)


def test_killing_the_holder_ends_everything(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path), _order(tmp_path, [], plain=PLAIN).decode()], cwd=REPOSITORY
    )
    (plain,) = _numbers(tmp_path, "plain")
    (guardian,) = _numbers(tmp_path, "guardian")
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    _wait_until(lambda: _gone(plain) and _gone(guardian))


_HOLDER = """
import subprocess, sys, time, pathlib
guardian = subprocess.Popen([sys.executable, "-m", "include.airflow_local.guardian"],
    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, bufsize=0)
guardian.stdin.write(sys.argv[2].encode())
pathlib.Path(sys.argv[1], "guardian").write_text(str(guardian.pid))
time.sleep(600)
"""


def test_one_component_that_ends_ends_the_others_and_is_named(tmp_path: Path) -> None:
    guardian = _guardian()
    guardian.stdin.write(_order(tmp_path, [], plain=PLAIN, failing="raise SystemExit(7)"))
    (plain,) = _numbers(tmp_path, "plain")
    events = [json.loads(line) for line in guardian.stdout.read().splitlines()]
    assert guardian.wait() == 1
    assert {"event": "ended", "name": "failing", "code": 7} in events
    assert _gone(plain)


def test_nothing_is_started_when_the_preparation_fails(tmp_path: Path) -> None:
    guardian = _guardian()
    guardian.stdin.write(_order(tmp_path, ["raise SystemExit(3)"], plain=PLAIN))
    events = [json.loads(line) for line in guardian.stdout.read().splitlines()]
    assert guardian.wait() == 1
    assert events[-1] == {"event": "ended", "name": "prepare", "code": 3}
    assert not (tmp_path / "plain").exists()


def _wait_until(condition: Callable[[], bool]) -> None:
    """The suite's own time limit is the bound: a condition that never comes is a hang that CI reports."""
    while not condition():
        time.sleep(0.05)
