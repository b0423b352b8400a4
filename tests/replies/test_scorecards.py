"""The monthly scorecard of a department: figures of the marts, as a page without outside hosts and as a sheet."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import openpyxl
import pytest

from include import runs
from include.periods import Month
from include.replies.scorecard import Scorecard, read_scorecards
from include.replies.scorecard_files import render, write, write_page, write_sheet
from include.warehouse.publish import publish
from tests.small_warehouse import RUN_ID, make_run, make_warehouse, settings_of

OCTOBER = Month(2021, 10)
_MARTS = """
create schema quality;
create table quality.fct_dataset_freshness as select dataset, month, title_zh, due_on, received_at, days_late,
    coalesce(days_late > 0, false) as is_late, is_missing, is_stale, towns_behind_zh from (values
    ('justice.custody', date '2020-10-01', '在押和戒毒人员', date '2020-11-05', timestamp '2020-11-05 01:00:00', 0, false, false, null),
    ('justice.custody', date '2021-09-01', '在押和戒毒人员', date '2021-10-05', timestamp '2021-10-05 15:00:00', 0, false, false, null),
    ('justice.custody', date '2021-10-01', '在押和戒毒人员', date '2021-11-05', timestamp '2021-11-08 17:00:00', 4, false, false, null),
    ('health.death_certificate', date '2021-10-01', '死亡<医学>证明', date '2021-11-05', null, 9, true, false, null),
    ('civil_affairs.elder_allowance', date '2021-10-01', '尊老金', date '2021-11-05', timestamp '2021-11-06 00:00:00', null, false,
     false, '正余镇')
    ) as state(dataset, month, title_zh, due_on, received_at, days_late, is_missing, is_stale, towns_behind_zh);
create table quality.fct_delivery as select * from (values
    ('d1', 'justice.custody', date '2021-10-01', 'accepted', 200, 5), ('d2', 'justice.custody', date '2021-10-01', 'quarantined', 0, 0),
    ('d3', 'justice.custody', date '2021-10-01', 'duplicate', 0, 0), ('d4', 'justice.custody', date '2021-09-01', 'superseded', 100, 0)
    ) as delivery(delivery_id, dataset, period, status, rows_read, rows_quarantined);
create table quality.fct_dataset_scorecard as select * from (values
    ('justice.custody', date '2021-10-01', 2, 1, 200, 5, 3, 150, 120, 2), ('justice.custody', date '2020-10-01', 1, 0, 9, 9, 9, 9, 9, 9),
    ('justice.custody', date '2021-09-01', 1, 0, 100, 0, 0, 80, 72, 0),
    ('civil_affairs.elder_allowance', date '2021-10-01', 1, 0, 10, 0, 0, 10, null, 0)
    ) as came(dataset, period, files, files_repeated, rows_read, rows_quarantined, rows_duplicate, rows_with_number, rows_registered,
    columns_drifted);
create table quality.fct_quarantined_row as select 'd1' as delivery_id, unnest(['bad_date', 'bad_date', 'bad_date',
    'masked', 'bad_enum', 'bad_money']) as reason;
"""  # noqa: E501 - rows of tables


@pytest.fixture(scope="module")
def cards() -> dict[str, Scorecard]:
    with duckdb.connect() as connection:
        connection.execute(_MARTS)
        return {card.department: card for card in read_scorecards(connection, OCTOBER)}


def test_a_department_hears_of_its_own_datasets_alone(cards: dict[str, Scorecard]) -> None:
    assert set(cards) == {"civil_affairs", "health", "justice"}
    assert set(cards["justice"].datasets) == {"justice.custody"}


def test_the_figures_are_those_of_the_ledger(cards: dict[str, Scorecard]) -> None:
    lines = cards["justice"].datasets["justice.custody"]
    assert [line.month.month for line in lines] == [9, 10], "twelve months, and no month before"
    now = lines[-1]
    assert (now.files, now.files_refused, now.files_repeated, now.rows_read, now.rows_refused) == (3, 1, 1, 200, 5)
    assert now.refused_share == 2.5
    assert (now.rows_repeated, now.match_rate, now.columns_drifted) == (3, 80, 2)
    assert str(now.received_on) == "2021-11-09", "the day in Shanghai"
    assert now.reasons.startswith("日期不存在或无法识别 3；")
    assert now.reasons.count("；") == 2


def test_the_match_rate_is_compared_with_the_last_one_that_is_known(cards: dict[str, Scorecard]) -> None:
    assert cards["justice"].change("justice.custody") == -10
    page = render(cards["justice"])
    assert ("80.00%" in page, "↓10.00" in page, "近十二个月比中率" in page) == (True, True, True)
    assert [line.match_rate for line in cards["civil_affairs"].now] == [None], "the register has not come"
    assert cards["civil_affairs"].change("civil_affairs.elder_allowance") is None
    assert "↓" not in render(cards["civil_affairs"])


def test_what_nobody_delivered_has_no_figures(cards: dict[str, Scorecard]) -> None:
    [missing] = cards["health"].now
    assert (missing.files, missing.rows_read, missing.match_rate, missing.columns_drifted) == (0, 0, None, 0)
    assert cards["justice"].totals["约定外列"] == 2


def test_punctuality_is_said_in_words(cards: dict[str, Scorecard]) -> None:
    said = {line.dataset: line.punctuality for card in cards.values() for line in card.now}
    assert said == {
        "justice.custody": "迟 4 天",
        "health.death_certificate": "未收到，已迟 9 天",
        "civil_affairs.elder_allowance": "补录",
    }


def test_the_page_stands_alone_and_takes_no_markup_from_outside(cards: dict[str, Scorecard]) -> None:
    page = render(cards["health"])
    assert "死亡&lt;医学&gt;证明" in page
    assert not re.search(r"https?://|<script|<link|src=", page)
    assert "未报本月：正余镇" in render(cards["civil_affairs"])


def test_page_and_sheet_are_the_same_for_the_same_card(cards: dict[str, Scorecard], tmp_path: Path) -> None:
    for write_one, ending in ((write_page, "html"), (write_sheet, "xlsx")):
        paths = [tmp_path / f"{name}.{ending}" for name in "ab"]
        for path in paths:
            write_one(path, cards["justice"])
        assert paths[0].read_bytes() == paths[1].read_bytes()
    [sheet] = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    header, first, last = list(sheet.iter_rows(min_row=3, values_only=True))
    values = dict(zip(header, last, strict=True))
    assert (first[1], values["月份"], values["退回行"], values["退回率 %"]) == ("2021-09", "2021-10", 5, 2.5)
    names = ("重复行", "有证件号行", "户籍比中行", "比中率 %", "约定外列")
    assert [values[name] for name in names] == [3, 150, 120, 80, 2]


def test_a_publication_is_laid_out_for_every_department(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    make_warehouse(settings)
    make_run(settings)
    runs.write(settings, RUN_ID, "gate", {"verdict": "green"})
    publish(settings, RUN_ID)
    assert write(settings, RUN_ID) == 1
    folder = settings.outbox / "replies" / "civil_affairs"
    assert sorted(path.name for path in folder.iterdir()) == ["scorecard_202110.html", "scorecard_202110.xlsx"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
