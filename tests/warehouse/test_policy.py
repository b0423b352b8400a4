"""Slips in the policy values stop a build before it begins, and are named by their line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.warehouse.policy import POLICY, PolicyError, check_policy

HEADER = "parameter,category,valid_from,value,value_text,unit,source,grade,is_placeholder,note"
STANDARD = "dibao_standard,,2020-07-01,710,,yuan/person/month,某通知,INF,false,"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "parameters.csv"
    path.write_text("\n".join([HEADER, STANDARD, *lines]) + "\n", encoding="utf-8")
    return path


def test_what_we_ship_is_right() -> None:
    assert check_policy() == len(POLICY.read_text(encoding="utf-8").splitlines()) - 1


def test_a_change_in_july_is_one_new_row(tmp_path: Path) -> None:
    line = "dibao_standard,,2021-07-01,750,,yuan/person/month,某报告,S-seed,false,"
    assert check_policy(write(tmp_path, line)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "7500"}, "第 3 行 dibao_standard 较第 2 行变动过大 710 . 7500"),
        ({"value": "75"}, "第 3 行 dibao_standard 较第 2 行变动过大"),
        ({"valid_from": "2020-07-01"}, "第 3 行 dibao_standard 与第 2 行重叠"),
        ({"source": ""}, "第 3 行 dibao_standard 缺少来源"),
        ({"unit": ""}, "第 3 行 dibao_standard 缺少单位"),
        ({"grade": ""}, "第 3 行 dibao_standard 缺少证据等级"),
        ({"value": "七百五"}, "第 3 行 dibao_standard 的数值不是数字"),
        ({"value": "-750"}, "第 3 行 dibao_standard 的数值为负"),
        ({"valid_from": "3021-07-01"}, "第 3 行 dibao_standard 的起始日期在两年以后"),
        ({"valid_from": "2021-06-31"}, "第 3 行 dibao_standard 的起始日期无效"),
        ({"grade": "某人说"}, "证据等级未知"),
        ({"grade": "K-lo"}, "须标明暂定"),
    ],
)
def test_c38_a_slip_is_named_by_its_line(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    right = {"valid_from": "2021-07-01", "value": "750", "unit": "yuan", "source": "某报告", "grade": "S-seed"}
    line = "dibao_standard,,{valid_from},{value},,{unit},{source},{grade},false,".format(**right | changes)
    with pytest.raises(PolicyError, match=said):
        check_policy(write(tmp_path, line))


def test_c38_no_row_can_leave_a_gap_and_one_for_next_year_is_taken(tmp_path: Path) -> None:
    """A row says from when a value holds and never until when: what stands before it holds up to its first day."""
    assert not {"valid_to", "valid_until"} & set(HEADER.split(","))
    coming = f"{datetime.now(UTC).year + 1}-07-01"
    assert check_policy(write(tmp_path, f"dibao_standard,,{coming},800,,yuan/person/month,某通知,S-seed,false,")) == 2


def test_every_slip_is_told_at_once_in_both_languages(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "dibao_standard,,2021-07-01,7500,,yuan/person/month,,S-seed,false,",
        "elder_tariff,80,2011-01-01,x,,yuan/person/month,某规定,S-DH,false,",
    )
    with pytest.raises(PolicyError) as error:
        check_policy(path)
    assert error.value.chinese.count("第 3 行") == 2
    assert "line 3 dibao_standard: an absurd step from line 2, 710 → 7500" in error.value.english
    assert "line 4 elder_tariff: the value is no number" in error.value.english
