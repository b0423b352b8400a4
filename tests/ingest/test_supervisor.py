"""Files that kill their reader, readers that are killed, and machines that cannot work now."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from include.ingest import desk_line, desk_process, inbox, landing, supervisor
from include.privacy import DoudiError
from include.settings import REPOSITORY
from tests.ingest.conftest import District, payment, payments

PAYMENT = "civil_affairs.payment"
# A desk whose reader does to itself what the file's name says.
FRAIL_DESK = """
import ctypes, errno, os, signal, sys
from pathlib import Path
from include.ingest import desk, desk_process
read_rows, gather, mark, starter = desk.read_rows, desk_process.gather, Path(sys.argv[1]), int(sys.argv[-1])
def once():
    first = not mark.exists()
    mark.touch()
    return first
def read(connection, contract, path, *more):
    name = path.name
    if "abort" in name:
        os.abort()
    if "segfault" in name:
        ctypes.string_at(0)
    if "memory" in name:
        bytearray(desk_process.MOST_MEMORY + 1)
    if "silence" in name or ("stumble" in name and once()):
        os.kill(os.getpid(), signal.SIGSTOP if "silence" in name else signal.SIGKILL)
    if "disk" in name:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return read_rows(connection, contract, path, *more)
def gather_or_stall(settings, department, *more):
    if department == "finance" and (once() or "always" in sys.argv):
        os.kill(os.getpid(), signal.SIGSTOP)
    return gather(settings, department, *more)
desk.read_rows, desk_process.gather = read, gather_or_stall
sys.exit(desk_process.main(starter))
"""
IDLE_RUN = """
import sys, time
from pathlib import Path
from include import ingest
from include.ingest import supervisor
from include.settings import Settings
ingest.take_in(Settings(home=Path(sys.argv[1])), "finance", "run-x")
print(supervisor._spare[0].pid, flush=True)
time.sleep(600)
"""
BROKEN_DESK = "import sys; sys.exit(3)"


@pytest.fixture
def frail(district: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> District:
    """A district whose desk can be brought down by a file's name."""
    supervisor.dismiss()
    monkeypatch.setattr(desk_line, "COMMAND", [sys.executable, "-c", FRAIL_DESK, str(tmp_path / "mark")])
    monkeypatch.setattr(supervisor, "PAUSES", (0.1, 0.1))
    yield district
    supervisor.dismiss()


def statuses(entries: list[dict]) -> dict[str, str]:
    return {entry["part"]: (entry["reason"] or {}).get("code", entry["status"]) for entry in entries}


def deliver_between_sound_ones(district: District, fault: str) -> list[dict]:
    for number, part in enumerate(("a", fault, "z")):
        district.put(PAYMENT, f"payment_202107_{part}.csv", payments(payment(number)))
    return district.take()


@pytest.mark.parametrize("fault", ["abort", "segfault", "memory"])
def test_a_file_that_brings_its_reader_down_is_refused_and_the_others_are_not(frail: District, fault: str) -> None:
    entries = deliver_between_sound_ones(frail, fault)
    assert sorted(entry["status"] for entry in entries) == ["accepted", "accepted", "quarantined"]
    (refused,) = (entry for entry in entries if entry["status"] == "quarantined")
    assert refused["reason"]["code"] == "crashed_reader"
    assert fault in refused["source_name"]
    (kept,) = landing.refused_folder(frail.settings, refused["delivery_id"]).glob("payment*")
    assert kept.read_text(encoding="utf-8") == payments(payment(1))
    assert landing.read_ledger(frail.settings)[1:] == sorted(entries, key=lambda entry: entry["received_at"])
    assert not [path for path in inbox.taking_folder(frail.settings).rglob("*") if path.is_file()]
    assert list(frail.settings.scratch.iterdir()) == []


def test_a_file_that_is_never_read_to_its_end_is_refused(frail: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_line, "SECONDS_OF_PATIENCE", 15.0)
    frail.put(PAYMENT, "payment_202107_silence.csv", payments(payment(1)))
    (entry,) = frail.take()
    assert entry["reason"] == {"code": "crashed_reader", "text": entry["reason"]["text"]}
    assert entry["reason"]["text"].endswith(": time")


def test_a_reader_that_is_killed_once_costs_no_file(frail: District) -> None:
    entries = deliver_between_sound_ones(frail, "stumble")
    assert [entry["status"] for entry in entries] == ["accepted"] * 3


def test_a_full_disk_stops_the_run_and_leaves_the_file_taken(frail: District, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DoudiError, match="No space left on device"):
        deliver_between_sound_ones(frail, "disk")
    known = landing.read_ledger(frail.settings)
    monkeypatch.undo()
    supervisor.dismiss()
    monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", 0.01)
    assert {entry["status"] for entry in frail.take()} == {"accepted"}
    assert len(landing.read_ledger(frail.settings)) == 4
    assert len(known) < 4


def test_a_desk_that_cannot_even_begin_stops_the_run(frail: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_line, "COMMAND", [sys.executable, "-c", BROKEN_DESK])
    with pytest.raises(DoudiError, match="exit 3"):
        deliver_between_sound_ones(frail, "b")
    assert len(landing.read_ledger(frail.settings)) == 1


def test_the_desk_has_limits_and_the_mask_of_its_owner(district: District) -> None:
    district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1)))
    (desk,) = supervisor._spare
    limits = Path(f"/proc/{desk.pid}/limits").read_text(encoding="ascii")
    assert f"Max data size             {desk_process.MOST_MEMORY}" in limits
    assert "Max core file size        0 " in limits
    assert "Umask:\t0077" in Path(f"/proc/{desk.pid}/status").read_text(encoding="ascii")


def test_a_dead_starter_takes_its_desk_with_it(district: District) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", IDLE_RUN, str(district.settings.home)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    assert psutil.pid_exists(pid)
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)


def test_an_inbox_that_stalls_once_is_tried_again(frail: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_line, "SECONDS_OF_PATIENCE", 8.0)
    frail.put("finance.payroll", "payroll_20210x.csv", "x")
    (entry,) = frail.take("finance")
    assert entry["reason"]["code"] == "bad_name"


def test_what_a_desk_left_that_was_killed_with_its_starter_is_deleted_a_day_later(district: District) -> None:
    old, new = (district.settings.scratch / f"ingest_1_{name}" for name in ("aaa", "bbb"))
    for folder in (old, new):
        (folder / "spill").mkdir(parents=True)
    os.utime(old, (0, 0))
    district.take()
    assert (old.exists(), new.exists()) == (False, True)
