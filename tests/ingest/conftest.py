"""A small district with two towns, and a way to drop files into its inbox and to see what became of them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include import ingest
from include.ingest import inbox, landing
from include.settings import Settings

REGIONS = """区划代码,名称,级别,上级代码,曾用名,启用日期,停用日期
320614000000,海门区,区县,,海门市；海门县,,
320614416000,三星镇,镇街,320614000000,,,
320614001000,海门街道,镇街,320614000000,海门镇,,
320614416201,叠石桥村,村居,320614416000,,,
320614416202,光明村,村居,320614416000,,,
320614001001,光华社区,村居,320614001000,,,
320614001002,光明社区,村居,320614001000,,,
"""
PAYMENT_HEADER = (
    "发放流水号,发放批次,发放项目,家庭编号,姓名,身份证号,镇街,所属年月,发放年月,金额,发放类型,开户名,账号,发放结果"
)
SOUND_ID = "320625193804120410"


def payment(number: int | str, **cells: str) -> str:
    """One sound row of the payment list, with some cells as given."""
    row = {
        "发放流水号": f"P{number}", "发放批次": "B1", "发放项目": "低保金", "家庭编号": "H1", "姓名": "张三",
        "身份证号": SOUND_ID, "镇街": "三星镇", "所属年月": "202107", "发放年月": "202107", "金额": "100.00",
        "发放类型": "正常", "开户名": "张三", "账号": "6222", "发放结果": "成功",
    } | cells  # fmt: skip
    return ",".join(row.values())


def payments(*rows: str, header: str = PAYMENT_HEADER) -> str:
    """A payment list as CSV."""
    return "\n".join((header, *rows)) + "\n"


@dataclass
class District:
    """A place to deliver to."""

    settings: Settings
    runs: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)

    def put(self, dataset: str, name: str, content: bytes | str) -> Path:
        """Drop a file into the inbox."""
        department, _, short = dataset.partition(".")
        path = self.settings.inbox / department / short / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def take(self, department: str = "civil_affairs") -> list[dict[str, Any]]:
        """Take in what lies there; the new ledger entries."""
        self.runs += 1
        self.taken = ingest.take_in(self.settings, department, f"run-{self.runs}").deliveries
        return self.taken

    def deliver(self, dataset: str, name: str, content: bytes | str) -> dict[str, Any]:
        """Drop one file and take it in; its ledger entry."""
        self.put(dataset, name, content)
        (entry,) = self.take(dataset.partition(".")[0])
        assert entry["rows_read"] == entry["rows_accepted"] + entry["rows_quarantined"] + entry["rows_duplicate"]
        return entry

    def rows(self, entry: dict[str, Any], file: str = "data") -> list[dict[str, Any]]:
        """What landing holds of a delivery, in its order."""
        folder = self.settings.landing / entry["dataset"] / f"period={entry['period']}"
        path = folder / f"delivery={entry['delivery_id']}" / f"{file}.parquet"
        if not path.exists():
            return []
        relation = duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = false)")
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def reasons(self, entry: dict[str, Any]) -> list[tuple[int, set[tuple[str | None, str]]]]:
        """Row number and reasons of every quarantined row."""
        return [
            (row["row_number"], {(reason["column_name"], reason["reason"]) for reason in row["reasons"]})
            for row in self.rows(entry, "quarantined")
        ]


@contextmanager
def growing(path: Path) -> Iterator[list[str]]:
    """A sender that goes on writing rows to a payment list for as long as the block lasts; what it has written."""
    written: list[str] = []
    is_enough = threading.Event()

    def write() -> None:
        with path.open("a", encoding="utf-8") as stream:
            while not is_enough.wait(0.02):
                written.append(payment(len(written) + 1) + "\n")
                stream.write(written[-1])
                stream.flush()

    sender = threading.Thread(target=write)
    sender.start()
    try:
        yield written
    finally:
        is_enough.set()
        sender.join()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval between two looks is waiting time, not behaviour."""
    monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", 0.01)


@pytest.fixture(scope="session")
def schemas_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which only the contracts' empty schemas lie, made once."""
    home = tmp_path_factory.mktemp("schemas") / "home"
    landing.write_schemas(Settings(home=home))
    return home


@pytest.fixture(scope="session")
def regions_home(schemas_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the regions have been delivered, made once."""
    home = tmp_path_factory.mktemp("regions") / "home"
    shutil.copytree(schemas_home, home)
    entry = District(Settings(home=home)).deliver("civil_affairs.region", "region_202101.csv", REGIONS)
    assert entry["status"] == "accepted"
    return home


@pytest.fixture
def bare_district(tmp_path: Path, schemas_home: Path) -> District:
    """A district of which nothing is known yet."""
    shutil.copytree(schemas_home, tmp_path / "home")
    return District(Settings(home=tmp_path / "home"))


@pytest.fixture
def district(tmp_path: Path, regions_home: Path) -> District:
    """A district whose regions have been delivered."""
    shutil.copytree(regions_home, tmp_path / "home")
    return District(Settings(home=tmp_path / "home"))
