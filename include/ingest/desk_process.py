"""The desk in a process of its own: the only one that touches the inbox and what lies in its files.

It reads one request a line from its standard input and answers, a line each, with what happens to which file, so
that whoever started it knows what it was reading when it died. It has limits of its own: memory, no core dumps,
an end of its own when nobody asks for anything, and it never outlives the process that started it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from include.ingest.gathering import gather
from include.ingest.inbox import InboxFile
from include.privacy import DoudiError, guarded, mask_logging, safe_traceback
from include.settings import Settings

# The engine spills to disk beyond its own limit of 1 GB; the interpreter and its libraries take 0.2 GB more. The rest
# is room for what neither counts, a workbook's texts above all. Beyond this a file is at fault.
MOST_MEMORY = 3 << 30
IDLE_SECONDS = 10.0
ENGINE_IS_LOST = 70
_PR_SET_PDEATHSIG = 1

Say = Callable[..., None]


def main(starter: int) -> int:
    """Answer requests until the starter falls silent; returns the exit code."""
    _die_with(starter)
    say = _voice()
    _limit()
    mask_logging()
    os.umask(0o077)
    say("ready")
    while (line := _next_line()) is not None:
        request = json.loads(line)
        try:
            with guarded("ingest"):
                _ANSWERS[request["do"]](request, say)
        except DoudiError as error:
            say("stopped", chinese=error.chinese, english=error.english, place=vars(error.place))
        say("ended")
    return 0


def _die_with(starter: int) -> None:
    """Be killed when the starter ends, however it ends; it may have ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != starter:
        os._exit(1)


def _voice() -> Say:
    """Standard output is for answers alone; what a library prints goes where errors go, and to nobody's log."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)
    faulthandler.enable()

    def say(what: str, **more: Any) -> None:
        answers.write(json.dumps({"said": what, **more}) + "\n")

    return say


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _next_line() -> bytes | None:
    """The next request; None when the starter is done, or has not asked for anything for a while."""
    if not select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        return None
    return sys.stdin.buffer.readline() or None


def _settings(request: dict[str, Any]) -> Settings:
    return Settings(**{**request["settings"], "home": Path(request["settings"]["home"])})


def as_facts(file: InboxFile) -> dict[str, str]:
    """A taken file as it is spoken of between the processes."""
    return {
        "path": str(file.path),
        "department": file.department,
        "folder": file.folder,
        "received_at": file.received_at.isoformat(),
    }


def as_file(facts: dict[str, str]) -> InboxFile:
    """A taken file from what was said of it."""
    moment = datetime.fromisoformat(facts["received_at"])
    return InboxFile(Path(facts["path"]), facts["department"], facts["folder"], moment)


def _gather(request: dict[str, Any], say: Say) -> None:
    def about_to_take(path: Path) -> None:
        say("taking", bytes=path.lstat().st_size)

    try:
        files, waiting = gather(
            _settings(request),
            request["department"],
            request["only_folder"],
            request["look_again_seconds"],
            about_to_take,
        )
    except OSError as error:
        say("unavailable", reason=os.strerror(error.errno or 0))
        return
    say("gathered", files=[as_facts(file) for file in files], waiting=waiting)


def _receive(request: dict[str, Any], say: Say) -> None:
    from include.ingest.desk import ENGINE_LOST, Desk

    def tell(what: str, file: InboxFile, record: dict[str, Any]) -> None:
        size = file.path.lstat().st_size if what == "opened" else 0
        say(what, path=str(file.path), record=record, bytes=size)

    files = [as_file(facts) for facts in request["files"]]
    try:
        with Desk(_settings(request), request["run_id"], tell) as desk:
            if request["condemned"]:
                for file in files:
                    desk.condemn(file, request["condemned"])
            else:
                desk.receive(files)
    except ENGINE_LOST as error:
        sys.stderr.write(safe_traceback(error))
        sys.stderr.flush()
        os._exit(ENGINE_IS_LOST)


_ANSWERS: dict[str, Callable[[dict[str, Any], Say], None]] = {"gather": _gather, "receive": _receive}

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
