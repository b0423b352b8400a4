"""No shape of an identifier survives the filter; digests, dates and counts do."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.privacy import MASK, last_four, mask, mask_output, masked_id, masked_name, masked_phone, partly_shown

IDENTITY = "320625193804120410"
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "spelling",
    [
        IDENTITY,
        "11010519491231002X",
        "11010519491231002x",
        "11010519491231002×",
        IDENTITY.translate(FULL_WIDTH),
        "320625 19380412 0410",
        "320625-1938-0412-0410",
        "3 2 0 6 2 5 1 9 3 8 0 4 1 2 0 4 1 0",
        "320625\u3000193804120410",
        "320625\u200b193804120410",
        "'320625193804120410",
        "320625380412041",
        "320625 380412 041",
        "3.2062519380412E+17",
        "320625193804120000",
        "320625********0410",
        "32062519380412041042",
        "32062519380412041042B1",
        "6228480402564890018",
        "6228 4804 0256 4890 018",
        "13812345678",
        "138-1234-5678",
        "+86 138 1234 5678",
        "0513-82210001",
        "苏F12345",
        "苏F·12345",
        "苏Ｆ１２３４５",
        "苏FD12345",
        "320684100003GB00207F48110028",
        "苏(2017)海门市不动产权第0000303号",
        "J320684-2021-000123",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "证件号{}有误", "id_no={},", "({})", 'could not convert "{}" to INT', "P{}"])
def test_every_spelling_of_an_identifier_is_masked(spelling: str, frame: str) -> None:
    masked = mask(frame.format(spelling))
    assert MASK in masked
    longest_left = max((len(run) for run in "".join(c if c.isdigit() else " " for c in masked).split()), default=0)
    assert longest_left <= 4


@given(
    area=st.sampled_from(["320625", "320684", "320614", "110105", "522325"]),
    birth=st.dates(min_value=date(1900, 1, 1), max_value=date(2029, 12, 31)),
    order=st.integers(0, 999),
    check=st.sampled_from("0123456789X"),
    gap=st.sampled_from(["", " ", "-", "\u3000", "\u200b", "."]),
    before=st.text(alphabet="张三ab:= ,", max_size=6),
)
def test_any_identity_number_with_any_gap_is_masked(
    area: str, birth: date, order: int, check: str, gap: str, before: str
) -> None:
    number = f"{area}{birth:%Y%m%d}{order:03d}{check}"
    assert number[6:14] not in mask(before + gap.join(number)).replace(gap or " ", "")


@pytest.mark.parametrize(
    "harmless",
    [
        hashlib.sha256(b"delivery").hexdigest(),
        hashlib.sha256(b"delivery").hexdigest()[:32],
        "P" + hashlib.sha256(b"person").hexdigest()[:31],
        "E01-" + hashlib.sha256(b"alert").hexdigest()[:20].upper(),
        "2021-11-05T08:15:30.123456+00:00",
        "20211105T081530",
        "rows read 991782 = 991700 + 80 + 2",
        "payment_202107.csv",
        "region 320614416203",
        "money 3182000000.00",
    ],
)
def test_digests_dates_and_counts_stay_readable(harmless: str) -> None:
    assert mask(harmless) == harmless


def test_output_of_other_programs_hides_quoted_values_but_not_identifiers() -> None:
    line = (
        """Conversion Error: Could not convert string '张三丰' to INT32 in column "amount" of 'models/staging/x.sql'"""
    )
    masked = mask_output(line)
    assert "张三丰" not in masked
    assert '"amount"' in masked
    assert "'models/staging/x.sql'" in masked


def test_people_are_shown_in_part() -> None:
    assert [masked_name(name) for name in ("张三", "欧阳娜娜", "欧阳", "阿迪力·买买提", "王", "", None)] == [
        "张*", "欧阳**", "欧*", "阿**·***", "*", "", "",
    ]  # fmt: skip
    assert last_four(IDENTITY) == "0410"
    assert last_four("410") == ""
    assert masked_id(IDENTITY) == "320625********0410"
    assert masked_phone("13812340001") == "138****0001"


@pytest.mark.parametrize(
    ("text", "is_personal", "expected"),
    [
        ("2021-02-30", False, "2021-02-30"),
        ("一百元", False, "一*元"),
        ("1250.5", True, "1****5"),
        ("320625193804120411", False, "320************411"),
        ("张三", False, "张*"),
        ("张", False, "张*"),
        ("", True, ""),
        ("苏F·88A21", False, "苏******1"),
    ],
)
def test_a_senders_own_cell_is_shown_in_part(text: str, is_personal: bool, expected: str) -> None:
    assert partly_shown(text, is_personal) == expected
