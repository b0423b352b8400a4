"""Other programs run as subprocesses whose output passes the masking filter line by line."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from include.privacy.masking import mask_output


@dataclass(frozen=True)
class Finished:
    """How a subprocess ended, with the last lines it wrote, masked."""

    code: int
    lines: tuple[str, ...]


def run_masked(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    secret: str = "",
    on_line: Callable[[str], None] | None = None,
    timeout_seconds: float | None = None,
    keep_lines: int = 400,
) -> Finished:
    """Run ``command`` and hand every line of its output, masked, to ``on_line``.

    ``environment`` is the whole environment of the child. ``secret`` is written to its standard input: a pipe
    shows up in no process list. The child stays in this process's group, so that whoever stops the group stops
    both; when this process is interrupted or time is up, the child is killed.
    """
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(environment),
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert child.stdin is not None
    assert child.stdout is not None
    timer = Timer(timeout_seconds, child.kill) if timeout_seconds else None
    kept: deque[str] = deque(maxlen=keep_lines)
    try:
        if timer:
            timer.start()
        _send(child, secret)
        for line in child.stdout:
            masked = mask_output(line.rstrip("\n"))
            kept.append(masked)
            if on_line:
                on_line(masked)
        return Finished(child.wait(), tuple(kept))
    finally:
        if timer:
            timer.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
        child.stdout.close()


def _send(child: subprocess.Popen[str], secret: str) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(secret)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended before reading; its exit code tells
