"""Faults A1–A7, A24 and A25: how files arrive, and what an inbox or a disk may do to them."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from include.ingest import inbox, landing, supervisor
from include.privacy import DoudiError
from include.settings import REPOSITORY
from tests.ingest.conftest import District, growing, payment, payments

PAYMENT = "civil_affairs.payment"
TAKE_IN = """
import resource, sys
from pathlib import Path
from include.ingest import inbox, supervisor
from include import ingest
from include.privacy import DoudiError
from include.settings import Settings
inbox.LOOK_AGAIN_SECONDS, supervisor.PAUSES = 0.01, (0.1, 0.1)
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    ingest.take_in(Settings(home=Path(sys.argv[1])), "civil_affairs", "run-x")
except DoudiError as error:
    print(error)
    sys.exit(2)
"""
_OVERRIDE = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: by these root reads and writes what it may not
_DROP_FROM_BOUNDS = 24


def heed_modes() -> None:
    """From here on file modes bind this process even where it is root; where it is not, they do so anyway."""
    system = ctypes.CDLL(None)
    for capability in _OVERRIDE:
        system.prctl(_DROP_FROM_BOUNDS, capability, 0, 0, 0)


def take_in(district: District, *more: str) -> subprocess.CompletedProcess[str]:
    """Take in as a process of its own, which file modes bind."""
    return subprocess.run(
        [sys.executable, "-c", TAKE_IN, str(district.settings.home), *more],
        cwd=REPOSITORY, preexec_fn=heed_modes, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip


def taken(district: District) -> list[Path]:
    return [path for path in inbox.taking_folder(district.settings).rglob("*") if path.is_file()]


def test_a01_an_empty_file_or_one_without_rows_is_refused_unless_the_contract_allows_it(district: District) -> None:
    assert district.deliver(PAYMENT, "payment_202106.csv", b"")["reason"]["code"] == "empty_file"
    regions = "区划代码,名称,级别,上级代码,曾用名,启用日期,停用日期\n"
    assert district.deliver("civil_affairs.region", "region_202107.csv", regions)["reason"]["code"] == "no_rows"
    entry = district.deliver(PAYMENT, "payment_202107.csv", payments())
    assert (entry["status"], entry["rows_read"]) == ("accepted", 0)


def test_a02_a_half_copied_file_waits_until_it_is_whole_or_said_to_be(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = district.put(PAYMENT, "payment_202107.csv", payments(payment(0)))
    with growing(path) as written:
        monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", 0.5)
        assert district.take() == []
        assert landing.read_ledger(district.settings)[1:] == []
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", 86_400.0)
    path.write_bytes(whole)
    path.with_name("payment_202107.csv.done").touch()
    (entry,) = district.take()
    assert (entry["status"], entry["rows_read"]) == ("accepted", 1 + len(written))


def test_a03_the_same_file_twice_changes_nothing_and_is_noted(district: District) -> None:
    first = district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1)))
    again = district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1)))
    assert (again["status"], again["rows_read"]) == ("duplicate", 0)
    assert again["reason"]["text"].endswith(first["delivery_id"])
    assert len(list((district.settings.landing / PAYMENT).glob("period=202107/*"))) == 1


def test_a04_the_same_content_under_another_name_is_a_duplicate(district: District) -> None:
    district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1)))
    again = district.deliver(PAYMENT, "payment_202107_补报.csv", payments(payment(1)))
    assert again["status"] == "duplicate"


def test_a05_new_content_under_the_same_name_is_a_new_version_beside_the_old(district: District) -> None:
    first = district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1)))
    before = district.rows(first)
    second = district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1, 金额="9")))
    assert (second["status"], first["received_at"] < second["received_at"]) == ("accepted", True)
    assert district.rows(first) == before
    assert [row["amount"] for row in district.rows(second)] != [row["amount"] for row in before]


def test_a06_a_file_for_a_closed_month_keeps_its_month_and_today(district: District) -> None:
    newer = district.deliver(PAYMENT, "payment_202109.csv", payments(payment(1, 所属年月="202109", 发放年月="202109")))
    late = district.deliver(PAYMENT, "payment_202106.csv", payments(payment(2, 所属年月="202106", 发放年月="202106")))
    assert (late["status"], late["period"]) == ("accepted", "202106")
    assert late["received_at"] > newer["received_at"]
    assert [entry["period"] for entry in landing.read_ledger(district.settings, newer["received_at"])][1:] == ["202109"]


def test_a07_files_out_of_order_land_the_same(district: District, tmp_path: Path) -> None:
    district.settings.identity_key()
    shutil.copytree(district.settings.home, tmp_path / "other")
    other = District(replace(district.settings, home=tmp_path / "other"))
    months = ["202108", "202109", "202110"]
    landed = []
    for each, order in ((district, months), (other, months[::-1])):
        for month in order:
            each.deliver(PAYMENT, f"payment_{month}.csv", payments(payment(month, 所属年月=month, 发放年月=month)))
        folders = (each.settings.landing / PAYMENT).glob("period=20*/*/data.parquet")
        landed.append({path.relative_to(each.settings.landing): path.read_bytes() for path in folders})
    assert landed[0] == landed[1]
    assert len(landed[0]) == 3


def test_a24_a_full_disk_leaves_the_file_taken_and_the_next_run_lands_it(district: District) -> None:
    many = payments(*(payment(number, 金额=f"{number}.17", 账号=f"{number:019}") for number in range(30_000)))
    district.put(PAYMENT, "payment_202106.csv", payments(payment(1)))
    district.put(PAYMENT, "payment_202107.csv", many.encode("gb18030"))  # as UTF-8 it needs a copy, which finds no room
    ended = take_in(district, str(300_000))
    assert (ended.returncode, "File too large" in ended.stdout) == (2, True)
    assert [entry["period"] for entry in landing.read_ledger(district.settings)] == ["202101"]
    assert len(taken(district)) == 2
    assert not list(district.settings.quarantine.glob("*"))
    assert [(entry["period"], entry["rows_accepted"]) for entry in district.take()] == [
        ("202106", 1),
        ("202107", 30_000),
    ]
    assert not list(district.settings.landing.rglob(".*"))


@pytest.fixture
def closed(district: District) -> Iterator[Path]:
    """A folder of the inbox with a file in it, whose mode is put back afterwards."""
    folder = district.put(PAYMENT, "payment_202107.csv", payments(payment(1))).parent
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(("mode", "said"), [(0o500, "Permission denied"), (0o000, "Permission denied")])
def test_a25_an_inbox_that_may_not_be_written_or_read_stops_the_run_untouched(
    district: District, closed: Path, mode: int, said: str
) -> None:
    closed.chmod(mode)
    ended = take_in(district)
    assert (ended.returncode, said in ended.stdout) == (2, True)
    assert len(landing.read_ledger(district.settings)) == 1
    assert taken(district) == []
    closed.chmod(0o700)
    assert take_in(district).returncode == 0
    assert landing.read_ledger(district.settings)[-1]["status"] == "accepted"


def test_a25_an_inbox_on_another_disk_that_may_not_be_written_is_not_copied_from(district: District) -> None:
    elsewhere = Path("/dev/shm") / f"doudi_{os.getpid()}"
    shutil.rmtree(district.settings.inbox)
    elsewhere.mkdir()
    district.settings.inbox.symlink_to(elsewhere)
    try:
        path = district.put(PAYMENT, "payment_202107.csv", payments(payment(1)))
        path.parent.chmod(0o500)
        assert take_in(district).returncode == 2
        assert (taken(district), path.exists()) == ([], True)
        path.parent.chmod(0o700)
        assert take_in(district).returncode == 0
        assert not path.exists()
        assert landing.read_ledger(district.settings)[-1]["status"] == "accepted"
    finally:
        shutil.rmtree(elsewhere)


def test_a25_a_file_that_may_not_be_read_waits_and_stops_nobody(district: District, closed: Path) -> None:
    district.put(PAYMENT, "payment_202108.csv", payments(payment(2)))
    (closed / "payment_202107.csv").chmod(0o000)
    assert take_in(district).returncode == 0
    assert [entry["period"] for entry in landing.read_ledger(district.settings)] == ["202101", "202108"]
    assert (closed / "payment_202107.csv").exists()


def test_a25_a_share_that_does_not_answer_stops_the_run_after_a_few_attempts(
    district: District, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.ingest import desk_line
    from tests.ingest.test_supervisor import FRAIL_DESK

    supervisor.dismiss()
    monkeypatch.setattr(desk_line, "COMMAND", [sys.executable, "-c", FRAIL_DESK, str(closed), "always"])
    monkeypatch.setattr(desk_line, "SECONDS_OF_PATIENCE", 5.0)
    monkeypatch.setattr(supervisor, "PAUSES", (0.1,))
    with pytest.raises(DoudiError, match="the inbox cannot be used: time"):
        district.take("finance")
    supervisor.dismiss()
    assert len(landing.read_ledger(district.settings)) == 1
