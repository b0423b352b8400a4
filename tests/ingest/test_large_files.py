"""A large file is judged while it is written: landing must be what judging it at once makes of it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from include.ingest import grids, judging, landed_files
from include.ingest.desk import Desk
from include.ingest.gathering import gather
from tests.ingest.conftest import SOUND_ID, District, payment, payments

ROWS = 6_000


def _mixed_rows() -> list[str]:
    """Sound rows with some of everything else among them: bad cells, repeated keys, blank lines, totals."""
    chance = random.Random(7)
    rows = []
    for number in range(ROWS):
        rows.append(
            payment(number, 金额=f"{chance.randrange(10_000)}.00", 姓名=chance.choice(("张三", "李鎔基", " 王 五 ")))
        )
        kind = chance.randrange(60)
        if kind == 0:
            rows.append(payment(f"X{number}", 身份证号=SOUND_ID[:-1] + "9"))
        elif kind == 1:
            rows.append(rows[chance.randrange(len(rows))])
        elif kind == 2:
            rows.append(payment(chance.randrange(number + 1), 金额="1.00"))
        elif kind == 3:
            rows.append(",,,,,,,,,,,,,")
        elif kind == 4:
            rows.append(payment(f"Y{number}", 镇街="没有这个镇", 所属年月="2021年7月"))
    return [*rows, "合计,,,,,,,,,100.00,,,,"]


def _landed(district: District, content: str) -> tuple[dict[str, Any], list[Any], list[Any]]:
    entry = _received(district, content)
    counts = {name: entry[name] for name in ("rows_read", "rows_accepted", "rows_quarantined", "rows_duplicate")}
    return counts, district.rows(entry), district.rows(entry, "quarantined")


def _received(district: District, content: str) -> dict[str, Any]:
    """Take one file in by a desk in this process, whose thresholds a test may lower."""
    district.put("civil_affairs.payment", "payment_202107.csv", content)
    files, _ = gather(district.settings, "civil_affairs", None, 0.01, lambda _: None)
    with Desk(district.settings, "run-large") as desk:
        desk.receive(files)
    (entry,) = desk.deliveries
    return entry


def test_a_large_file_lands_as_if_it_were_judged_at_once(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    content = payments(*_mixed_rows())
    at_once = _landed(district, content)
    assert min(at_once[0].values()) > 10

    landed = district.settings.landing / "civil_affairs.payment" / "period=202107"
    for folder in landed.iterdir():
        (folder / "delivery.json").unlink()
    monkeypatch.setattr(judging, "MOST_ROWS_OF_ONE", 100)
    monkeypatch.setattr(grids, "ROWS_IN_A_GROUP", 2_048)
    monkeypatch.setattr(judging, "ROWS_IN_A_GROUP", 2_048)
    while_written = _landed(district, content)
    assert while_written == at_once


def test_rows_of_a_large_file_stay_in_their_order(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grids, "ROWS_IN_A_GROUP", 2_048)
    monkeypatch.setattr(judging, "MOST_ROWS_OF_ONE", 100)
    _, rows, _ = _landed(district, payments(*(payment(number) for number in range(40_000))))
    assert [row["row_number"] for row in rows] == list(range(2, 40_002))


def test_a_failure_while_a_batch_is_written_is_not_lost(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(landed_files, "with_keys", fail)
    with pytest.raises(OSError, match="no space left"):
        _received(district, payments(payment(1)))
    monkeypatch.undo()
    (entry,) = district.take()
    assert (entry["status"], entry["rows_accepted"]) == ("accepted", 1)
