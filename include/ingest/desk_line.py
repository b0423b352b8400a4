"""The line to the desk's process: starting it, asking it, hearing how far it is, and noticing that it is gone."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from include.ingest import desk_process
from include.privacy import DoudiError
from include.settings import REPOSITORY, Settings, private_folder

COMMAND = [sys.executable, "-m", desk_process.__name__]
SECONDS_TO_START = 120.0
# A silent desk is given this long, and more for every byte of the files it has open: about 0.2 MB/s, a hundredth of
# what it does on a plain machine.
SECONDS_OF_PATIENCE = 120.0
SECONDS_A_BYTE = 5e-6
_OWN_CODE = re.compile(r'File "[^"]*/(include/[^"]+)", line (\d+)')


class DeskLostError(Exception):
    """The desk's process died or fell silent; ``how`` says in what way, ``place`` where its code was."""

    def __init__(self, how: str, place: str, by_system: bool) -> None:
        self.how = how
        self.place = place
        self.by_system = by_system
        super().__init__(how)


class DeskLine:
    """One running desk, and what it says."""

    def __init__(self, settings: Settings) -> None:
        scratch = private_folder(settings.scratch)
        self._errors = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed with the desk
        self._process = subprocess.Popen(
            [*COMMAND, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=REPOSITORY,
            env=settings.child_environment(),
        )
        self._heard = b""
        self._owner = os.getpid()
        self._is_late = False
        if self._answer(SECONDS_TO_START)["said"] != "ready":
            raise self._lost()

    @property
    def pid(self) -> int:
        """The number of the desk's process."""
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether it still waits for requests, of this very process."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Send a request and hand on every answer until it has ended; DeskLostError when the desk goes away.

        An answer may say how many ``bytes`` the desk is about to read; its silence is borne the longer for it.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._lost() from None
        open_bytes = 0
        while (answer := self._answer(SECONDS_OF_PATIENCE + open_bytes * SECONDS_A_BYTE))["said"] != "ended":
            if answer["said"] == "stopped":
                raise DoudiError(answer["chinese"], answer["english"])
            open_bytes += answer.get("bytes", 0)
            yield answer

    def end(self) -> None:
        """End the desk at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None and not stream.closed:
                stream.close()

    def _answer(self, patience: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        deadline = time.monotonic() + patience
        while b"\n" not in self._heard:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                self._is_late = True
                raise self._lost()
            heard = os.read(self._process.stdout.fileno(), 1 << 16)
            if not heard:
                raise self._lost()
            self._heard += heard
        line, _, self._heard = self._heard.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _lost(self) -> DeskLostError:
        """How the desk was lost. Of what it printed only lines of our own code are kept: the rest may quote data."""
        self._process.kill()
        code = self._process.wait()
        self._errors.seek(0)
        printed = self._errors.read(1 << 16).decode("utf-8", "replace")
        places = [f"{path}:{line}" for path, line in _OWN_CODE.findall(printed)] or ["?"]
        place = places[-1 if code == desk_process.ENGINE_IS_LOST else 0]  # a dying interpreter begins with the newest
        if self._is_late:
            return DeskLostError("time", place, by_system=False)
        if code == desk_process.ENGINE_IS_LOST:
            return DeskLostError("memory", place, by_system=False)
        if code < 0:
            return DeskLostError(signal.Signals(-code).name, place, by_system=-code == signal.SIGKILL)
        return DeskLostError(f"exit {code}", place, by_system=False)
