"""Watching over the desk: a file that kills its reader is refused, and a new reader goes on with the rest.

The desk says which files it has open. When it dies or falls silent, only those are suspects; each is tried again
alone, and refused when it does so a second time. Nothing that was landed before is touched. Where not a file but
this machine is at fault (no memory left, a full disk, an inbox that does not answer), the run stops with the reason
and the files stay taken for the next one.
"""

from __future__ import annotations

import atexit
import logging
import shutil
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import psutil

from include.ingest import inbox
from include.ingest.desk_line import DeskLine, DeskLostError
from include.ingest.desk_process import MOST_MEMORY, as_facts, as_file
from include.ingest.inbox import InboxFile
from include.privacy import DoudiError
from include.settings import Settings

MOST_CRASHES = 2
PAUSES = (1.0, 4.0)
_log = logging.getLogger(__name__)
_spare: list[DeskLine] = []


class InboxUnavailableError(DoudiError):
    """The inbox cannot be read or written, or does not answer."""


class Supervisor:
    """Gathers and receives for one run; ``deliveries`` and ``waiting`` say what came of it."""

    def __init__(self, settings: Settings, run_id: str) -> None:
        self.settings = settings
        self.run_id = run_id
        self.deliveries: dict[str, dict[str, Any]] = {}
        self.waiting: list[dict[str, str]] = []
        self._facts = {**asdict(settings), "home": str(settings.home)}

    def gather(self, department: str, only_folder: str | None) -> list[InboxFile]:
        """A department's settled files, taken out of the inbox; tried again a few times where it does not answer."""
        reason = ""
        for pause in (*PAUSES, None):
            try:
                answer = self._gathered(department, only_folder)
            except DeskLostError as lost:
                reason = lost.how
            else:
                if answer["said"] == "gathered":
                    self.waiting += answer["waiting"]
                    return [as_file(facts) for facts in answer["files"]]
                reason = answer["reason"]
            if pause is not None:
                time.sleep(pause)
        raise InboxUnavailableError(f"收件箱无法读取或没有回应：{reason}", f"the inbox cannot be used: {reason}")

    def _gathered(self, department: str, only_folder: str | None) -> dict[str, Any]:
        with _desk(self.settings) as desk:
            answers = list(desk.ask(
                do="gather", settings=self._facts, department=department, only_folder=only_folder,
                look_again_seconds=inbox.LOOK_AGAIN_SECONDS,
            ))  # fmt: skip
        return answers[-1]

    def receive(self, files: Sequence[InboxFile]) -> None:
        """Have every file received, whatever it does to its reader."""
        crashes: Counter[InboxFile] = Counter()
        batches = deque([list(files)] if files else [])
        while batches:
            batch = batches.popleft()
            opened, answered, lost = self._try(batch)
            if lost is None:
                continue
            rest = [file for file in batch if file not in answered]
            suspects = [file for file in rest if file in opened]
            crashes.update(suspects or (() if answered else rest))
            self._tell_of(lost, suspects)
            self._stop_if_short_of_memory(lost)
            if max(crashes.values(), default=0) > MOST_CRASHES:
                raise DoudiError(
                    "读文件的进程一再退出，并非某个文件所致", "the desk's process keeps ending, by no file's fault"
                )
            guilty = [file for file in suspects if len(batch) == 1 and crashes[file] == MOST_CRASHES]
            for file in guilty:
                self._try([file], condemned=lost.how)
            others = [file for file in rest if file not in suspects]
            again = [[file] for file in suspects if file not in guilty]
            batches.extendleft(reversed([each for each in (*again, others) if each]))

    def _try(
        self, batch: list[InboxFile], condemned: str = ""
    ) -> tuple[set[InboxFile], set[InboxFile], DeskLostError | None]:
        """Let the desk receive a batch; the files it opened, those it is done with, and how it was lost if it was."""
        by_path = {str(file.path): file for file in batch}
        opened: set[InboxFile] = set()
        answered: set[InboxFile] = set()
        try:
            with _desk(self.settings) as desk:
                for answer in desk.ask(
                    do="receive", settings=self._facts, run_id=self.run_id,
                    files=[as_facts(file) for file in batch], condemned=condemned,
                ):  # fmt: skip
                    file = by_path[answer["path"]]
                    (opened if answer["said"] == "opened" else answered).add(file)
                    if answer["said"] == "delivered":
                        self.deliveries[answer["record"]["delivery_id"]] = answer["record"]
                    elif answer["said"] == "waiting":
                        self.waiting.append(answer["record"])
        except DeskLostError as lost:
            return opened, answered, lost
        return opened, answered, None

    def _tell_of(self, lost: DeskLostError, suspects: list[InboxFile]) -> None:
        datasets = ", ".join(sorted({file.dataset for file in suspects})) or "-"
        _log.warning("the desk was lost (%s at %s) over %d files of %s", lost.how, lost.place, len(suspects), datasets)

    def _stop_if_short_of_memory(self, lost: DeskLostError) -> None:
        """The system kills the largest process when memory ends, whatever it reads."""
        if lost.by_system and psutil.virtual_memory().available < MOST_MEMORY:
            raise DoudiError("本机内存不足，入库已停止", "this machine has too little memory left; ingest has stopped")


@contextmanager
def _desk(settings: Settings) -> Iterator[DeskLine]:
    """A desk that is ready, the one used last or a new one; one that did not come to its end is not used again."""
    desk = None
    while _spare and (desk is None or not desk.is_usable):
        desk = _spare.pop()
    if desk is None or not desk.is_usable:
        desk = DeskLine(settings)
    try:
        yield desk
    except BaseException:
        desk.end()
        for folder in settings.scratch.glob(f"ingest_{desk.pid}_*"):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _spare.append(desk)


@atexit.register
def dismiss() -> None:
    """End the desk that waits for its next use."""
    while _spare:
        desk = _spare.pop()
        if desk.is_usable:
            desk.end()
