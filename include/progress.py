"""What a person sees while a run works: bars on a terminal, one plain line a step everywhere else."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from include import runs
from include.pipeline import DEPARTMENTS
from include.settings import Settings

_TITLES = {
    "ingest": "入库 taking deliveries in",
    "build": "建库 building the warehouse",
    "gate": "关口 checking quality",
    "publish": "发布 publishing",
    "deliver": "派送 writing worklists",
}


class StepProgress:
    """Follows the records that a run's steps leave, whoever runs them."""

    def __init__(self, console: Console, settings: Settings, run_id: str) -> None:
        self._console = console
        self._settings = settings
        self._run_id = run_id
        self._begun = time.monotonic()
        self._finished: set[str] = set()
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> StepProgress:
        self._progress.start()
        for step, title in _TITLES.items():
            total = len(DEPARTMENTS) if step == "ingest" else 1
            self._bars[step] = self._progress.add_task(title, total=total, start=False)
        self._progress.start_task(self._bars["ingest"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def look(self) -> None:
        """Read the records again and show what has changed."""
        steps = list(_TITLES)
        for number, step in enumerate(steps):
            count = self._count(step)
            self._progress.update(self._bars[step], completed=count)
            if step not in self._finished and count == self._progress.tasks[number].total:
                self._finish(step, steps[number + 1 : number + 2])

    def _count(self, step: str) -> int:
        if step == "ingest":
            return sum(runs.done(self._settings, self._run_id, f"ingest_{name}") for name in DEPARTMENTS)
        return int(runs.done(self._settings, self._run_id, step))

    def _finish(self, step: str, following: list[str]) -> None:
        self._finished.add(step)
        for name in following:
            self._progress.start_task(self._bars[name])
        if not self._console.is_terminal:
            self._console.print(f"{time.monotonic() - self._begun:7.1f} s  {_TITLES[step]}: done")
