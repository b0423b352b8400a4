"""What taking a file in costs, beside what pandas and DuckDB take to merely read it: one payment list in four forms.

Every cell is validated and every identifier keyed on the way from the inbox to landing; the readers beside it keep
each cell as text. Each measurement is a process of its own, in a home below ``state/bench``.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from rich.console import Console
from rich.table import Table

from include import ingest
from include.bench import Meter, in_a_process
from include.demo.identity_numbers import assemble
from include.ingest.engine import load_excel
from include.ingest.inbox import DONE
from include.ingest.landing import literal
from include.privacy import DoudiError, guarded, mask_logging
from include.settings import Settings, private_folder

_REGIONS = """区划代码,名称,级别,上级代码,曾用名,启用日期,停用日期
320614000000,海门区,区县,,,,
320614416000,三星镇,镇街,320614000000,,,
320614001000,海门街道,镇街,320614000000,,,
"""
_HEADER = (
    "发放流水号,发放批次,发放项目,家庭编号,姓名,身份证号,镇街,所属年月,发放年月,金额,发放类型,开户名,账号,发放结果"
)
_XLSX_EXTRA = ("联系人", "经办人", "经办时间", "备注一", "备注二", "备注三")
_ROWS_IN_A_BLOCK = 100_000
_XLSX_ROWS = 50_000
_FAMILY, _GIVEN = "张王李赵陈刘杨黄周吴徐孙马朱胡", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国"


def run(settings: Settings, console: Console, is_large: bool) -> None:
    """Make the files, measure each with each reader, and print one table."""
    folder = settings.state / "bench" / "files"
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder)
    table = Table(title="a file from the inbox to landing, beside plain readers", title_justify="left")
    for name in ("file", "rows", "reader", "seconds", "MB/s", "rows/s", "peak memory"):
        table.add_column(name, justify="left" if name in ("file", "reader") else "right")
    try:
        for label, path, rows in _files(folder, is_large):
            console.print(f"{label} …")
            for reader in _readers(label):
                said = in_a_process(settings, "include.bench_ingest", reader, str(path), _encoding(label))
                cost = json.loads(said.splitlines()[-1])
                seconds, size = cost["seconds"], path.stat().st_size
                table.add_row(
                    label, f"{rows:,}", reader, f"{seconds:.1f}", f"{size / 1e6 / seconds:.1f}",
                    f"{rows / seconds:,.0f}", f"{cost['peak_bytes'] / 2**20:,.0f} MiB",
                )  # fmt: skip
            path.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    console.print(table)


def _files(folder: Path, is_large: bool) -> Any:
    """Each file when its turn comes: (what it is, where it lies, its rows)."""
    block = _block()
    yield _csv("CSV, UTF-8, 100 MB", folder / "payment_202101.csv", block, "utf-8", 100)
    yield _csv("CSV, GB18030, 100 MB", folder / "payment_202102.csv", block, "gb18030", 100)
    yield _xlsx("XLSX, 20 columns", folder / "payment_202103.xlsx", block)
    if is_large:
        yield _csv("CSV, UTF-8, 2 GB", folder / "payment_202104.csv", block, "utf-8", 2000)


def _encoding(label: str) -> str:
    return "gb18030" if "GB18030" in label else "utf-8"


def _readers(label: str) -> tuple[str, ...]:
    """Who reads a file; DuckDB itself knows no GB18030."""
    return ("ingest", "pandas") if "GB18030" in label else ("ingest", "pandas", "duckdb")


def _block() -> list[str]:
    """Rows of a payment list without their serial numbers, all about different people."""
    random = np.random.default_rng(7)
    count = _ROWS_IN_A_BLOCK
    days = np.datetime64("1930-01-01") + random.integers(0, 30_000, count).astype("timedelta64[D]")
    numbers = assemble(np.full(count, 320625), days, random.integers(1, 999, count))
    family, given = random.integers(0, len(_FAMILY), count), random.integers(0, len(_GIVEN), (count, 2))
    towns, amounts = random.integers(0, 2, count), random.integers(10_000, 120_000, count)
    rows = []
    for place in range(count):
        name = _FAMILY[family[place]] + _GIVEN[given[place, 0]] + _GIVEN[given[place, 1]]
        town = ("三星镇", "海门街道")[towns[place]]
        rows.append(
            f'"202101-01","低保金","JZ{place // 2:09d}","{name}","{numbers[place].decode()}","{town}",'
            f'"202101","202101","{amounts[place] / 100:.2f}","正常","{name}","6228480400{place:08d}","成功"'
        )
    return rows


def _csv(label: str, path: Path, block: list[str], encoding: str, megabytes: int) -> tuple[str, Path, int]:
    number = 0
    with path.open("w", encoding=encoding) as stream:
        stream.write(_HEADER + "\n")
        while stream.tell() < megabytes * 1_000_000:
            stream.writelines(f'"{number + place:015d}",{row}\n' for place, row in enumerate(block, 1))
            number += len(block)
    return label, path, number


def _xlsx(label: str, path: Path, block: list[str]) -> tuple[str, Path, int]:
    text, _, rows = _csv(label, path.with_suffix(".csv"), block[:_XLSX_ROWS], "utf-8", 1)
    extra = "".join(f", '{name}' AS {name}" for name in _XLSX_EXTRA)
    with duckdb.connect() as connection:
        load_excel(connection)
        connection.execute(
            f"COPY (SELECT *{extra} FROM read_csv({literal(path.with_suffix('.csv'))}, all_varchar = true)) "
            f"TO {literal(path)} (FORMAT xlsx, HEADER true)"
        )
    path.with_suffix(".csv").unlink()
    return text, path, rows


def _measured(path: Path, read: Callable[[Path], object]) -> dict[str, Any]:
    with Meter() as meter:
        meter.begin("read")
        read(path)
    return vars(meter.costs["read"])


def _ingest(settings: Settings, path: Path) -> dict[str, Any]:
    """Take the file in as a department's, in a home where only the regions have come before."""
    home = private_folder(settings.state / "bench" / "ingest")
    try:
        here = replace(settings, home=home)
        for dataset, name in (("region", "region_202101.csv"), ("payment", path.name)):
            private_folder(here.inbox / "civil_affairs" / dataset)
            place = here.inbox / "civil_affairs" / dataset / name
            if dataset == "region":
                place.write_text(_REGIONS, encoding="utf-8")
                ingest.take_in(here, "civil_affairs", "regions")
            else:
                place.hardlink_to(path)
                place.with_name(place.name + DONE).touch()  # waiting for a file to stop growing is no work
        return _measured(path, lambda _: _accepted(here))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _accepted(here: Settings) -> None:
    (entry,) = ingest.take_in(here, "civil_affairs", "payments").deliveries
    if entry["status"] != "accepted" or not 0 < entry["rows_accepted"] == entry["rows_read"]:
        raise DoudiError("基准文件没有全部接收", "not all of the benchmark's file was accepted")


def _pandas(path: Path, encoding: str) -> object:
    import pandas

    if path.suffix == ".xlsx":
        return pandas.read_excel(path, dtype=str)
    return pandas.read_csv(path, dtype=str, encoding=encoding)


def _duckdb(path: Path) -> object:
    reader = "read_xlsx" if path.suffix == ".xlsx" else "read_csv"
    with duckdb.connect(config={"threads": 2}) as connection:
        load_excel(connection)
        return connection.execute(f"CREATE TABLE cells AS SELECT * FROM {reader}({literal(path)}, all_varchar = true)")


def _main(reader: str, path: Path, encoding: str) -> None:
    settings = Settings.from_environment()
    mask_logging()
    readers: dict[str, Callable[[], dict[str, Any]]] = {
        "ingest": lambda: _ingest(settings, path),
        "pandas": lambda: _measured(path, lambda path: _pandas(path, encoding)),
        "duckdb": lambda: _measured(path, _duckdb),
    }
    with guarded(f"bench {reader}"):
        sys.stdout.write(json.dumps(readers[reader]()) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
