"""Faults B33 and B34: days and moments, months' ends, clocks that go wrong, working days nobody has announced."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from include.alerts.working_days import PLACEHOLDER, SEED, calendar
from include.contracts import load_contract
from include.ingest import inbox, landing, moments
from include.periods import SHANGHAI, Month
from include.replies.lateness import shanghai_day
from include.warehouse.ledger import known_moment
from tests.ingest.conftest import District, payment, payments

PAYMENT, CREMATION = "civil_affairs.payment", "civil_affairs.cremation"
WORKING = {row.day: row for row in calendar()}


def freeze(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let every delivery from now on be received at one moment."""
    moment = datetime.fromisoformat(text)

    class Frozen(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return moment.astimezone(tz)

    monkeypatch.setattr(moments, "datetime", Frozen)


def test_b33_a_month_ends_with_its_own_last_day() -> None:
    ends = {text: Month.parse(text).plus(1).first - timedelta(days=1) for text in ("202101", "202102", "202402")}
    assert ends == {"202101": date(2021, 1, 31), "202102": date(2021, 2, 28), "202402": date(2024, 2, 29)}
    assert (Month(2021, 1).plus(-1), Month(2021, 12).plus(1)) == (Month(2020, 12), Month(2022, 1))
    payment_due = load_contract(PAYMENT).period_ending
    assert [payment_due(Month.parse(text))[1] for text in ends] == [
        date(2021, 2, 5), date(2021, 3, 5), date(2024, 3, 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2021-02-28", date(2021, 2, 28)),
        ("2021/1/31", date(2021, 1, 31)),
        ("2021-02-29", None),
        ("2021-04-31", None),
        ("2100-02-29", None),
        ("2021-02-30", None),
    ],
)
def test_b33_a_day_that_the_month_does_not_have_is_never_moved(
    district: District, written: str, read: date | None
) -> None:
    contract = load_contract(CREMATION)
    headers = [column.header for column in contract.columns.values()]
    values = {"name": "张三", "died_on": written, "cremated_on": written, "sex": "男"}
    row = [values.get(name, "1" if column.required else "") for name, column in contract.columns.items()]
    entry = district.deliver(CREMATION, "cremation_202402_01.csv", ",".join(headers) + "\n" + ",".join(row) + "\n")
    if read:
        assert [found["died_on"] for found in district.rows(entry)] == [read]
    else:
        [(_, reasons)] = district.reasons(entry)
        assert ("died_on", "bad_date") in reasons


def receive_at(district: District, moment: str) -> dict[str, Any]:
    """Take in a payment list that an earlier run took out of the inbox at a moment and did not finish."""
    folder = inbox.taking_folder(district.settings) / "civil_affairs" / "payment"
    folder.mkdir(parents=True)
    stamp = inbox.stamp(datetime.fromisoformat(moment).astimezone(UTC))
    (folder / f"{stamp}__payment_202107.csv").write_text(payments(payment(1)), encoding="utf-8")
    [entry] = district.take()
    assert datetime.fromisoformat(entry["received_at"]) == datetime.fromisoformat(moment)
    return entry


@pytest.mark.parametrize(
    ("received", "status"),
    [
        ("2021-06-30T15:59:59.999999+00:00", "quarantined"),
        ("2021-06-30T16:00:00+00:00", "accepted"),
        ("2021-07-01T00:00:00+08:00", "accepted"),
        ("2021-06-30T23:59:59+08:00", "quarantined"),
    ],
)
def test_b33_a_month_begins_at_midnight_in_shanghai(district: District, received: str, status: str) -> None:
    entry = receive_at(district, received)
    assert entry["status"] == status
    if status == "quarantined":
        assert entry["reason"]["code"] == "future_period"


def test_b33_shanghai_keeps_one_time_all_year() -> None:
    offsets = {datetime(2021, month, 1, tzinfo=SHANGHAI).utcoffset() for month in range(1, 13)}
    assert offsets == {timedelta(hours=8)}
    assert shanghai_day("2021-07-05T15:59:59+00:00") == date(2021, 7, 5)
    assert shanghai_day("2021-07-05T16:00:00Z") == date(2021, 7, 6)
    assert shanghai_day("2021-01-05T16:00:00") == date(2021, 1, 6)


def test_b33_a_time_without_a_zone_is_shanghais_and_one_with_a_zone_stays() -> None:
    same = [known_moment(text) for text in ("2021-07-31T20:00:00", "2021-07-31T12:00:00Z", "2021-07-31T14:00:00+02:00")]
    assert len(set(same)) == 1
    assert known_moment("2021-07-31").startswith("2021-07-31T15:59:59.999999")
    assert known_moment("2024-02-29").startswith("2024-02-29T15:59:59.999999")


def test_b33_a_correction_counts_though_the_clock_was_set_back(district: District) -> None:
    """The clock ran ten years ahead when the first list came, and was put right before its correction."""
    ahead = datetime.now(UTC) + timedelta(days=3650)
    (district.settings.state / "locks" / "last_moment").write_text(ahead.isoformat(), encoding="ascii")
    first = district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1, 金额="100.00")))
    second = district.deliver(PAYMENT, "payment_202107.csv", payments(payment(1, 金额="200.00")))
    ledger = landing.dataset_ledger(district.settings, PAYMENT)
    assert [entry["delivery_id"] for entry in ledger] == [first["delivery_id"], second["delivery_id"]]
    assert datetime.fromisoformat(second["received_at"]) > datetime.fromisoformat(first["received_at"]) > ahead


def test_b33_every_moment_is_later_than_the_one_before(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, "2021-08-05T09:00:00+08:00")
    given = [moments.next_moment(district.settings) for _ in range(3)]
    (district.settings.state / "locks" / "last_moment").write_text("half a mom", encoding="ascii")
    assert given == sorted(set(given))
    assert moments.next_moment(district.settings) == datetime(2021, 8, 5, 1, tzinfo=UTC)


def test_b34_a_shifted_working_saturday_counts_and_a_rest_day_on_a_weekday_does_not() -> None:
    assert WORKING[date(2021, 9, 26)].is_working  # a Sunday worked for the National holiday
    assert not WORKING[date(2021, 10, 5)].is_working  # a Tuesday of the National holiday
    assert WORKING[date(2021, 10, 9)].working_day_number == WORKING[date(2021, 9, 30)].working_day_number + 2


def test_b34_a_year_nobody_has_announced_falls_back_and_says_so() -> None:
    assert {row.source for row in WORKING.values() if row.day.year == 2027} == {PLACEHOLDER}
    assert not WORKING[date(2027, 10, 1)].is_working
    assert WORKING[date(2027, 10, 8)].is_working
    assert f"2027-10-08,true,{WORKING[date(2027, 10, 8)].working_day_number},{PLACEHOLDER}" in SEED.read_text("utf-8")
