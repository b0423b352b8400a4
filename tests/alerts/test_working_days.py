"""The calendar that deadlines are counted by."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from include.alerts.working_days import FIRST_YEAR, LAST_YEAR, PLACEHOLDER, SEED, calendar, seed_text

DAYS = {row.day: row for row in calendar()}


def test_the_seed_in_the_repository_is_the_one_the_code_makes() -> None:
    assert SEED.read_text(encoding="utf-8") == seed_text()


def test_every_day_is_there_once_and_numbers_rise_by_one_on_working_days() -> None:
    days = list(DAYS)
    assert days[0] == date(FIRST_YEAR, 1, 1)
    assert days[-1] == date(LAST_YEAR, 12, 31)
    assert all(after - before == timedelta(days=1) for before, after in itertools.pairwise(days))
    number = 0
    for row in DAYS.values():
        number += row.is_working
        assert row.working_day_number == number


def test_a_notice_moves_rest_days_to_weekends() -> None:
    assert DAYS[date(2021, 9, 18)].is_working  # a Saturday worked for Mid-Autumn 2021
    assert not DAYS[date(2021, 9, 20)].is_working
    assert DAYS[date(2021, 10, 9)].is_working
    assert not DAYS[date(2021, 10, 7)].is_working


def test_years_without_a_notice_say_so_and_keep_the_statutory_holidays() -> None:
    assert {row.source for row in DAYS.values() if row.day.year == 2027} == {PLACEHOLDER}
    assert PLACEHOLDER not in {row.source for row in DAYS.values() if row.day.year <= 2026}
    for holiday in (date(2027, 1, 1), date(2027, 2, 8), date(2027, 6, 9), date(2028, 10, 3), date(2031, 4, 5)):
        assert not DAYS[holiday].is_working
    assert DAYS[date(2027, 2, 10)].is_working


def test_far_years_keep_the_holidays_whose_date_is_fixed() -> None:
    assert not DAYS[date(2040, 5, 1)].is_working
    assert not DAYS[date(2040, 10, 3)].is_working
    assert DAYS[date(2040, 10, 4)].is_working
    assert DAYS[date(2045, 12, 29)].source == PLACEHOLDER


def test_five_working_days_after_the_eve_of_the_national_holiday() -> None:
    due_number = DAYS[date(2021, 9, 30)].working_day_number + 5
    due = min(row.day for row in DAYS.values() if row.working_day_number == due_number)
    assert due == date(2021, 10, 13)  # 8, 9 (a Saturday), 11, 12, 13 October
