"""Ingest killed at random moments, then run again: the same landing and ledger as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest

from include.ingest import inbox, landing
from include.settings import REPOSITORY, Settings
from tests.faults.hostile import overlapping
from tests.faults.workbooks import HEADER, elder, xls, xlsx
from tests.ingest.conftest import District, payment, payments
from tests.soak.counts import repetitions
from tests.soak.page import Note

SEED = 20260702
TAKE_IN = """
import sys
from pathlib import Path
from include import ingest
from include.ingest import inbox
from include.settings import Settings
inbox.LOOK_AGAIN_SECONDS = 0.01
ingest.take_in(Settings(home=Path(sys.argv[1]), environment={"IDENTITY_KEY": "a" * 64}), "civil_affairs", "run-1")
"""
# What differs between two runs by right: when a file came, which run took it, and what is made from that.
OF_THE_RUN = ("received_at", "run_id", "delivery_id")


@pytest.fixture(scope="module")
def waiting(regions_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in whose inbox a bit of everything waits."""
    home = tmp_path_factory.mktemp("waiting") / "home"
    shutil.copytree(regions_home, home)
    shutil.rmtree(home / "state" / "keys")
    district = District(Settings(home=home))
    many = payments(*(payment(number, 金额="?" if number % 50 == 0 else "7.5") for number in range(20_000)))
    put, elders = district.put, "civil_affairs.elder_allowance"
    put("civil_affairs.payment", "payment_202106.csv", many.encode("gb18030"))
    put("civil_affairs.payment", "payment_202107.csv", payments(payment(1), payment(1), payment(2)))
    put("civil_affairs.payment", "payment_202107_again.csv", payments(payment(1), payment(1), payment(2)))
    put("civil_affairs.payment", "payment_202107.zip", overlapping(3))
    put("civil_affairs.payment", "payment_2021.csv", payments(payment(1)))
    put("civil_affairs.nothing", "nothing_202107.csv", "a,b\n")
    for town, write in (("三星镇", xlsx), ("海门街道", xls)):
        rows = [list(HEADER), *(elder(number, 身份证号=f"{number}", 镇街=town) for number in range(9)), elder(10)]
        put(elders, f"elder_allowance_202107_{town}.{write.__name__}", write({"表": rows}))
    return home


def started(home: Path) -> subprocess.Popen[bytes]:
    """Ingest of one department as a process of its own, leader of a group."""
    return subprocess.Popen([sys.executable, "-c", TAKE_IN, str(home)], cwd=REPOSITORY, start_new_session=True)


def finish(home: Path) -> float:
    """Run ingest to its end; the seconds it took."""
    begun, process = time.monotonic(), started(home)
    assert process.wait() == 0
    return time.monotonic() - begun


def state(home: Path) -> list[dict[str, Any]]:
    """What lies in landing and quarantine, file by file: the ledger but for what is the run's own, and the bytes."""
    settings = Settings(home=home)
    found = []
    for entry in landing.read_ledger(settings):
        folder = landing.delivery_folder(settings, entry["dataset"], entry["period"], entry["delivery_id"])
        if entry["status"] not in ("accepted", "held"):
            folder = landing.refused_folder(settings, entry["delivery_id"])
        files = {path.name: path for path in folder.iterdir() if path.name != landing.LEDGER_FILE}
        known = {name: value for name, value in entry.items() if name not in OF_THE_RUN}
        if entry["status"] == "accepted":
            known["delivery_id"] = entry["delivery_id"]
        if entry["status"] == "duplicate":
            known["reason"] = known["reason"]["code"]
        found.append(known | {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()})
    assert not [path for path in settings.inbox.rglob("*") if path.is_file()]
    assert not [path for path in inbox.taking_folder(settings).rglob("*") if path.is_file()]
    stray = [
        path for path in settings.landing.glob("*/period=2*/delivery=*") if not (path / landing.LEDGER_FILE).exists()
    ]
    assert stray == []
    return sorted(found, key=lambda entry: json.dumps(entry, sort_keys=True))


def kill(process: subprocess.Popen[bytes], whom: str) -> None:
    """Kill all of a run, the process that was started, or only the one that reads; wait for what must end."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    if whom == "reader" and family:
        os.kill(family[0].pid, signal.SIGKILL)
        process.wait()  # it goes on with another
    elif process.poll() is None:
        (os.killpg if whom == "group" else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
    psutil.wait_procs(family)


@pytest.mark.soak
def test_a_killed_run_and_the_next_give_what_an_undisturbed_one_gives(
    waiting: Path, tmp_path: Path, note: Note
) -> None:
    shutil.copytree(waiting, tmp_path / "undisturbed")
    seconds = finish(tmp_path / "undisturbed")
    expected = state(tmp_path / "undisturbed")
    assert Counter(entry["status"] for entry in expected) == {
        "accepted": 3,
        "held": 2,
        "quarantined": 3,
        "duplicate": 1,
    }
    chance, ended, count, begun = Random(SEED), Counter[str](), repetitions("kills"), time.monotonic()
    for number in range(count):
        home = tmp_path / f"home_{number}"
        shutil.copytree(waiting, home)
        process = started(home)
        time.sleep(chance.uniform(0.1, 1.0) * seconds)
        whom = chance.choice(("group", "starter", "reader"))
        kill(process, whom)
        ended[f"{whom} {'killed' if process.returncode else 'came to its end'}"] += 1
        finish(home)
        assert state(home) == expected, f"kill {number} of {whom}"
        shutil.rmtree(home)
    seen = ", ".join(f"{what} {times}" for what, times in sorted(ended.items()))
    note(
        "kills",
        f"{count} at random moments ({seen}): the same landing and ledger each time; {time.monotonic() - begun:,.0f} s",
    )
