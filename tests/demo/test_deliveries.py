"""What the synthetic district's files look like from outside."""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from include.contracts import load_contracts
from include.demo import make_deliveries
from include.demo.anomalies.everything import plant_everything
from include.demo.identity_numbers import is_valid
from include.demo.world import make_world
from tests.demo.conftest import SEED, Made

_NAME = re.compile(r"(?P<dataset>[a-z_]+)_2021(0[1-9]|10)(_[^_.]+)?\.(csv|xlsx|zip)")


def _rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_contract_is_delivered_under_its_name_and_in_its_format(district: Made) -> None:
    contracts = load_contracts()
    seen = {f"{path.parent.parent.name}.{path.parent.name}" for path in district.inbox.glob("*/*/*")}
    assert seen == set(contracts)
    for path in district.inbox.glob("*/*/*"):
        found = _NAME.fullmatch(path.name)
        assert found is not None, path.name
        assert found["dataset"] == path.parent.name


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for turn, seed in enumerate((SEED, SEED, SEED + 1)):
        make_deliveries(tmp_path / str(turn) / "inbox", tmp_path / str(turn) / "truth", 0.01, seed, ("202101",))
    first, second, other = (_files(tmp_path / str(turn)) for turn in range(3))
    assert first == second
    shared = [name for name in first if name in other]
    assert len([name for name in shared if first[name] != other[name]]) > len(shared) * 0.9


def test_a_beginning_of_the_window_is_the_same_as_in_the_whole(district: Made, tmp_path: Path) -> None:
    make_deliveries(tmp_path / "inbox", tmp_path / "truth", 0.01, SEED, ("202101", "202102"))
    short, whole = _files(tmp_path / "inbox"), _files(district.inbox)
    assert short == {name: digest for name, digest in whole.items() if "_202101" in name or "_202102" in name}


def test_other_months_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="202101"):
        make_deliveries(tmp_path / "inbox", tmp_path / "truth", 0.01, SEED, ("202103",))


def test_the_district_has_its_towns_villages_and_residents(district: Made) -> None:
    regions = _rows(district.inbox / "civil_affairs/region/region_202101.csv")
    assert Counter(row["级别"] for row in regions) == {"区县": 1, "镇街": 12, "村居": 297}
    assert len({row["区划代码"] for row in regions}) == 310
    residents = _rows(district.inbox / "public_security/population/population_202101.csv", "utf-8")
    alive = [row for row in residents if row["户籍状态"] != "死亡注销"]
    assert len(alive) == pytest.approx(9_918, rel=0.01)
    assert len({row["公民身份号码"] for row in residents}) == len(residents)
    broken = [row for row in residents if not is_valid(row["公民身份号码"])]
    assert len(broken) < len(residents) * 0.002
    homes = len({row["户号"] for row in alive})
    assert len(alive) / homes == pytest.approx(2.22, rel=0.02)


def test_the_elder_allowance_adds_up_to_what_the_bureau_reported() -> None:
    """31.82 million yuan in ten months for 52 000 people, a tenth of them here."""
    world = make_world(0.1, SEED)
    plant_everything(world)
    held = [world.elders.held(index) for index in range(10)]
    paid = sum(int(world.elders.amount[rows, index].sum()) for index, rows in enumerate(held)) / 100
    assert paid == pytest.approx(3_182_000, rel=0.03)
    assert sum(int(rows.sum()) for rows in held) / 10 == pytest.approx(5_200, rel=0.03)


def test_the_payment_file_pays_each_elder_on_the_roster(district: Made) -> None:
    with (district.truth / "payments.csv").open(encoding="utf-8") as stream:
        truth = {row["month"]: int(row["payments"]) for row in csv.DictReader(stream) if row["programme"] == "尊老金"}
    for month, count in truth.items():
        rows = _rows(district.inbox / f"civil_affairs/payment/payment_{month}.csv", "gb18030")
        assert sum(row["发放项目"] == "尊老金" for row in rows) == count


def test_clerks_write_in_many_ways(district: Made) -> None:
    titled = footed = plain = 0
    for path in sorted(district.inbox.glob("civil_affairs/assistance_household/*_202103_*.xlsx")):
        page = openpyxl.load_workbook(path, read_only=False).active
        lines = [[str(cell) for cell in line if cell is not None] for line in page.iter_rows(values_only=True)]
        titled += len(lines[0]) == 1
        footed += lines[-1][0].startswith("填表人")
        plain += len(lines[0]) > 20
    assert min(titled, footed, plain) > 0
    paid = (district.inbox / "civil_affairs/payment/payment_202103.csv").read_bytes()
    assert "尊老金".encode("gb18030") in paid
    with zipfile.ZipFile(district.inbox / "medical_insurance/settlement/settlement_202103.zip") as archive:
        assert len(archive.namelist()) == 2


def test_snapshots_stay_within_the_bounds_of_a_plausible_delivery(district: Made) -> None:
    """Large exports aside, no part of a snapshot may shrink or grow by thirty percent: it would be held."""
    sizes: dict[tuple[str, str], list[int]] = {}
    for path in sorted(district.inbox.glob("civil_affairs/*/*.xlsx")):
        dataset, _, rest = path.stem.rpartition("_2021")
        if dataset == "verification_result":
            continue
        page = openpyxl.load_workbook(path, read_only=True).active
        sizes.setdefault((dataset, rest[2:]), []).append(
            sum(1 for line in page.iter_rows(values_only=True) if any(line))
        )
    for part, counts in sizes.items():
        for before, after in pairwise(counts):
            assert abs(after - before) <= 0.28 * before, part
