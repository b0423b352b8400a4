"""What the pipeline costs: seconds and peak memory of each step at two scales or more, and how they grow.

Each scale is one run without Airflow, in a process and a home of its own below ``state/bench``; memory is the
proportional share (PSS) of the process and all its descendants, looked at five times a second. Over the landing folder
that the run left, the rules in one file of SQL are timed beside its build (``include.bench_reference``), and at small
scales the same in pandas (``benchmarks.in_pandas``), which holds in memory whatever it reads; where asked, Spark makes
the tables of the same build (``include.bench_spark``); over what the run published, every household's page is set, and
fifty officers load pages at the desk (``include.bench_desk``). The pages of any home are measured alone by
``python -m include.bench statements``.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from include import pipeline, runs
from include.pipeline import Outcome
from include.privacy import DoudiError, guarded, mask_logging
from include.settings import REPOSITORY, Settings, private_folder
from include.statements import writing as statements

STEPS = ("ingest", "build", "gate", "publish", "deliver", "whole")
_LOOK_SECONDS = 0.2
_LARGEST_IN_PANDAS = 0.1


@dataclass
class Cost:
    """What one step took."""

    seconds: float = 0.0
    peak_bytes: int = 0


class Meter:
    """Measures the step that is going on; a thread looks at memory while it lasts."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}
        self._step: str | None = None
        self._begun = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.begin(None)
        self._ended.set()
        self._thread.join()

    def begin(self, step: str | None) -> None:
        """End the step that is going on and begin another; departments count as one step, ingest."""
        if step is not None and step.startswith("ingest_"):
            step = "ingest"
        if step == self._step:
            return
        now = time.monotonic()
        if self._step is not None:
            self.costs[self._step].seconds += now - self._begun
        if step is not None:
            self.costs.setdefault(step, Cost())
        self._step, self._begun = step, now

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            cost = self.costs.get(self._step or "")
            if cost is not None:
                cost.peak_bytes = max(cost.peak_bytes, _memory())


def cost_of(work: Callable[[], object]) -> dict[str, Any]:
    """Seconds and peak memory of one thing done in this process, as ``Cost`` names them."""
    with Meter() as meter:
        meter.begin("work")
        work()
    return vars(meter.costs["work"])


def scales_of(text: str) -> list[float]:
    """Shares of a district, told apart by commas or blanks; a text without any gives none.

    Raises DoudiError where one is no positive number.
    """
    try:
        scales = [float(scale) for scale in text.replace(",", " ").split()]
        if all(0 < scale < math.inf for scale in scales):
            return scales
    except ValueError:
        pass  # said below, as for numbers that are no scale
    raise DoudiError(
        "规模应为正数，以逗号分隔；空文本表示不跑全流程",
        "scales are positive numbers with commas between; an empty text for none",
    )


def run(settings: Settings, scales: list[float], console: Console, on_spark: bool = False) -> int:
    """Measure every scale, if asked with the build on Spark too, and print one table; returns the exit code."""
    measured = {}
    for scale in sorted(scales):
        console.print(f"SCALE={scale:g} …")
        measured[scale] = _measure(settings, scale, on_spark)
    console.print(_table(measured))
    return 0


def measure_here(settings: Settings) -> dict[str, Any]:
    """One run in this process over what the demo wrote: rows read, and each step's cost."""
    run_id = runs.new_run_id()
    with Meter() as meter:
        outcome = pipeline.run_in_process(settings, run_id, say=meter.begin)
    if outcome is not Outcome.PUBLISHED:
        raise DoudiError("基准运行没有发布", f"the benchmark's run ended {outcome.value}")
    rows = sum(
        delivery["rows_read"]
        for department in pipeline.DEPARTMENTS
        for delivery in runs.read(settings, run_id, f"ingest_{department}")["deliveries"]
    )
    meter.costs["whole"] = Cost(
        sum(cost.seconds for cost in meter.costs.values()), max(cost.peak_bytes for cost in meter.costs.values())
    )
    return {"rows": rows, "costs": {step: vars(cost) for step, cost in meter.costs.items()}}


def measure_statements(settings: Settings) -> dict[str, Any]:
    """The cost of all pages and notices of the standing publication, in one process, and how many ``pages``."""
    pages = 0

    def write() -> None:
        nonlocal pages
        pages = statements.write(settings)["statements"]

    return cost_of(write) | {"pages": pages}


def growth(scales: list[float], seconds: list[float]) -> float:
    """The exponent b of seconds = a · scale^b between the smallest and the largest scale: 1 is proportional."""
    return math.log(seconds[-1] / seconds[0]) / math.log(scales[-1] / scales[0])


def _measure(settings: Settings, scale: float, on_spark: bool) -> dict[str, Any]:
    home = settings.state / "bench" / f"scale_{scale:g}"
    shutil.rmtree(home, ignore_errors=True)
    here = replace(settings, home=private_folder(home), scale=scale, as_of=None, known_at=None)
    try:
        in_a_process(here, "include.bench", "demo")
        measured = json.loads(in_a_process(here, "include.bench", "measure").splitlines()[-1])
        beside = {
            "sql": ["include.bench_reference"], "statements": ["include.bench", "statements"],
            "desk": ["include.bench_desk"],
        }  # fmt: skip
        if scale <= _LARGEST_IN_PANDAS:
            beside["pandas"] = ["benchmarks.in_pandas"]
        if on_spark:
            beside["spark"] = ["include.bench_spark"]
        return measured | {
            name: json.loads(in_a_process(here, *command).splitlines()[-1]) for name, command in beside.items()
        }
    finally:
        shutil.rmtree(home, ignore_errors=True)


def in_a_process(settings: Settings, module: str, *what: str) -> str:
    """What a fresh process says, so that one measurement's memory is not counted as another's."""
    environment = settings.child_environment(
        SCALE=str(settings.scale), SEED=str(settings.seed), AS_OF="", KNOWN_AT="", PYTHONPATH=str(REPOSITORY)
    )
    argv = [sys.executable, "-m", module, *what]
    done = subprocess.run(argv, env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise DoudiError("基准运行失败", f"{' '.join([module, *what[:1]])} ended with {done.returncode}")
    return done.stdout


def _memory() -> int:
    total = 0
    me = psutil.Process()
    for process in [me, *me.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def _table(measured: dict[float, dict[str, Any]]) -> Table:
    scales = list(measured)
    table = Table(title="seconds and peak memory (PSS) a step", title_justify="left")
    table.add_column("step")
    for scale in scales:
        table.add_column(f"SCALE={scale:g}\n{measured[scale]['rows']:,} rows", justify="right")
    table.add_column("growth\nexponent", justify="right")
    for step in STEPS:
        costs = [measured[scale]["costs"][step] for scale in scales]
        table.add_row(step, *map(_cell, costs), _exponent(scales, costs))
    pages = [measured[scale]["statements"] for scale in scales]
    table.add_row("every household's page", *map(_cell, pages), _exponent(scales, pages))
    table.add_row("pages", *(f"{one['pages']:,}" for one in pages), "")
    sql = [measured[scale]["sql"] for scale in scales]
    table.add_row("the rules in one file of SQL", *map(_cell, sql), _exponent(scales, sql))
    table.add_row("the rules in pandas", *(_cell(measured[scale].get("pandas")) for scale in scales), "")
    builds = [measured[scale]["costs"]["build"] for scale in scales]
    ratios = (f"{build['seconds'] / one['seconds']:.2f}" for build, one in zip(builds, sql, strict=True))
    table.add_row("build / one file of SQL", *ratios, "")
    table.add_row("the build on Spark, local[2]", *(_cell(measured[scale].get("spark")) for scale in scales), "")
    desks = [measured[scale]["desk"] for scale in scales]
    table.add_row(
        "a page at the desk",
        *(f"{1000 * desk['median']:.0f} ms, p95 {1000 * desk['p95']:.0f} ms" for desk in desks),
        "",
    )
    return table


def _cell(cost: dict[str, Any] | None) -> str:
    return f"{cost['seconds']:.1f} s  {cost['peak_bytes'] / 2**20:,.0f} MiB" if cost else "–"


def _exponent(scales: list[float], costs: list[dict[str, Any]]) -> str:
    return f"{growth(scales, [cost['seconds'] for cost in costs]):.2f}" if len(scales) > 1 else ""


def _main(what: str) -> None:
    from include.demo import make_deliveries

    settings = Settings.from_environment()
    actions: dict[str, Callable[[], Any]] = {
        "demo": lambda: make_deliveries(
            settings.inbox, settings.state / "demo" / "truth", settings.scale, settings.seed
        ),
        "measure": lambda: print(json.dumps(measure_here(settings))),
        "statements": lambda: print(json.dumps(measure_statements(settings))),
    }
    mask_logging()
    with guarded(f"bench {what}"):
        actions[what]()


if __name__ == "__main__":
    _main(sys.argv[1])
