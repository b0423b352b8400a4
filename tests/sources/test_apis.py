"""A department's API, answered by a real server: whole lists only, each of them once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from include.sources import lists, services
from include.sources.departments import Pulled, pull_department
from tests.ingest.conftest import District
from tests.sources.api_server import Answer, Api, changed, instead, json_answer, serving, status
from tests.sources.servers import free_port

UNREADABLE = "<html>查询 320625193804120410 张三</html>"


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api("hotline", "ticket")) as server:
        yield server


@pytest.fixture
def october(district: District) -> District:
    """A district that monitors October 2021."""
    district.settings = replace(district.settings, as_of="202110")
    return district


def ticket(number: int, **cells: Any) -> dict[str, Any]:
    return {"工单号": f"T{number:05}", "受理时间": "2021-10-05", "诉求人": "张三", "联系电话": None, "镇街": "三星镇",
            "诉求类别": "救助", "诉求内容": "咨询"} | cells  # fmt: skip


def tickets(count: int) -> list[dict[str, Any]]:
    return [ticket(number) for number in range(count)]


def pulled(district: District, api: Api) -> Pulled:
    return pull_department(district.settings, api.connection)


def taken(district: District, api: Api) -> list[dict[str, Any]]:
    assert pulled(district, api).problems == []
    return district.take("hotline")


def test_a_list_of_many_pages_becomes_one_delivery(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(2500)
    (entry,) = taken(october, api)
    assert (entry["status"], entry["format"], entry["source_name"]) == ("accepted", "api", "api:hotline.ticket")
    assert (entry["period"], entry["rows_read"], entry["rows_accepted"]) == ("202110", 2500, 2500)
    assert [number for period, number in api.asked if period == "202110"] == [1, 2, 3, 1]


def test_the_same_list_again_is_nothing_and_a_correction_is_a_delivery(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(3)
    assert len(taken(october, api)) == 1
    assert taken(october, api) == []
    api.lists["202110"].reverse()
    assert taken(october, api) == []
    api.lists["202110"].append(ticket(9))
    (entry,) = taken(october, api)
    assert entry["rows_read"] == 4


def test_months_not_yet_received_are_asked_and_older_ones_found(october: District, api: Api) -> None:
    api.lists |= {"202110": tickets(1), "202108": tickets(2), "202012": tickets(3)}
    assert {entry["period"] for entry in taken(october, api)} == {"202110", "202108", "202012"}
    api.asked.clear()
    api.lists["202109"] = tickets(1)
    assert [entry["period"] for entry in taken(october, api)] == ["202109"]
    assert ("202012", 1) not in api.asked


def test_a_month_that_came_as_a_file_is_not_asked_for(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(1)
    row = ",".join(str(value or "") for value in ticket(1).values())
    october.deliver("hotline.ticket", "ticket_202110.csv", ",".join(ticket(1)) + "\n" + row + "\n")
    assert taken(october, api) == []
    assert "202110" not in {period for period, _ in api.asked}


def test_values_arrive_as_exact_text(october: District, api: Api) -> None:
    api.lists["202110"] = [ticket(1) | {"工单号": 320625193804120410, "诉求类别": 1.10, "诉求内容": "\ud800坏"}]
    (entry,) = taken(october, api)
    rows = october.rows(entry) + october.rows(entry, "quarantined")
    assert rows[0]["ticket_no"] == "320625193804120410"
    assert rows[0]["category"] == "1.1"


def test_a_field_nobody_agreed_on_is_drift_and_a_missing_value_one_bad_row(october: District, api: Api) -> None:
    api.lists["202110"] = [ticket(number) | {"备注": "x"} for number in range(20)]
    del api.lists["202110"][3]["工单号"]
    (entry,) = taken(october, api)
    assert entry["drift"] == ["备注"]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (19, 1)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([status(429, Retry_After="0")], id="429"),
        pytest.param([status(500), status(502), status(503)], id="5xx"),
        pytest.param([None, status(503, Retry_After="0")], id="503-on-page-2"),
    ],
)
def test_a_busy_source_is_asked_again(october: District, api: Api, faults: list[Any]) -> None:
    api.lists["202110"] = tickets(1500)
    api.faults = faults
    (entry,) = taken(october, api)
    assert entry["rows_read"] == 1500


def test_a_long_pause_is_not_sat_out(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(1)
    api.faults = [status(503, Retry_After="3600")]
    found = pulled(october, api)
    assert (found.problems, len(found.not_ready)) == ([], 1)
    assert api.asked.count(("202110", 1)) == 1


def test_a_source_that_stays_down_is_not_ready(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(1)
    api.faults = [status(500)] * services.MOST_TRIES
    found = pulled(october, api)
    assert (found.problems, len(found.not_ready)) == ([], 1)
    assert api.asked.count(("202110", 1)) == services.MOST_TRIES
    refused = pull_department(october.settings, replace(api.connection, port=free_port()))
    assert (refused.problems, len(refused.not_ready)) == ([], 1)


def test_a_month_without_rows_is_not_ready_until_it_has_some(october: District, api: Api) -> None:
    api.lists["202110"] = []
    assert len(pulled(october, api).not_ready) == 1
    api.lists["202110"] = tickets(1)
    assert pulled(october, api).not_ready == []


def test_an_answer_that_breaks_off_leaves_nothing(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(1500)
    api.faults = [None, lambda api, page: (0, {}, b"")]
    assert len(pulled(october, api).not_ready) == 1
    assert october.take("hotline") == []
    (entry,) = taken(october, api)
    assert entry["rows_read"] == 1500


def _shift(api: Api, page: dict[str, Any]) -> Answer | None:
    """A row is added in front while the pages are read, and another taken away: the total stays."""
    api.lists["202110"] = [ticket(90_000), *api.lists["202110"][:-1]]
    return None


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(_shift, id="rows-shift"),
        pytest.param(changed(total=1501), id="total-changes"),
        pytest.param(changed(rows=[]), id="a-page-is-empty"),
        pytest.param(changed(rows=tickets(400)), id="rows-are-missing"),
        pytest.param(lambda api, page: json_answer({**page, "rows": api.lists["202110"][:500]}), id="keys-come-twice"),
    ],
)
def test_a_torn_list_is_begun_again(october: District, api: Api, fault: Any) -> None:
    api.lists["202110"] = tickets(1500)
    api.faults = [None, fault]
    (entry,) = taken(october, api)
    numbers = [row["ticket_no"] for row in october.rows(entry)]
    assert len(set(numbers)) == len(numbers) == 1500
    assert set(numbers) == {row["工单号"] for row in api.lists["202110"]}


def test_a_list_that_never_holds_still_is_left_for_the_next_run(october: District, api: Api) -> None:
    api.lists["202110"] = tickets(1500)
    api.faults = [None, changed(total=1501)] * lists.MOST_READINGS
    (told,) = pulled(october, api).not_ready
    assert "202110" in told
    assert october.take("hotline") == []


def test_a_row_that_the_source_has_twice_is_counted_as_a_duplicate(october: District, api: Api) -> None:
    api.lists["202110"] = [*tickets(5), ticket(2)]
    (entry,) = taken(october, api)
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_duplicate"]) == (6, 5, 1)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(instead("text/html", UNREADABLE.encode()), id="html"),
        pytest.param(instead("application/json", UNREADABLE.encode()), id="no-json"),
        pytest.param(instead("application/json", b"[1, 2]"), id="a-list"),
        pytest.param(instead("application/json", b"[" * 100_000), id="too-deep"),
        pytest.param(instead("application/json", b'{"total": 1, "total": 2}'), id="a-name-twice"),
        pytest.param(instead("application/json", b'{"page": 1, "size": 1000, "rows": []}'), id="no-total"),
        pytest.param(changed(total=-1), id="a-negative-total"),
        pytest.param(changed(total=10**11), id="a-total-beyond-measure"),
        pytest.param(changed(page=7), id="another-page"),
        pytest.param(changed(rows=["张三"]), id="a-row-that-is-none"),
        pytest.param(changed(rows=tickets(1001)), id="more-than-a-page"),
        pytest.param(changed(rows=[{"a": 1}]), id="other-fields"),
        pytest.param(status(302, Location="http://192.0.2.1/elsewhere"), id="a-redirect"),
        pytest.param(status(401), id="a-refused-key"),
        pytest.param(status(400), id="a-bad-request"),
    ],
)
def test_an_answer_in_another_form_is_a_problem_without_data(october: District, api: Api, fault: Any) -> None:
    api.lists["202110"] = tickets(1)
    api.faults = [fault]
    found = pulled(october, api)
    (problem,) = found.problems
    assert "hotline.ticket" in problem
    assert not any(word in problem for word in ("张三", "3206251938", "127.0.0.1", "192.0.2.1", "key="))
    assert october.take("hotline") == []
    (entry,) = taken(october, api)
    assert entry["rows_read"] == 1


def test_an_answer_without_end_is_cut_off(october: District, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_BYTES_A_PAGE", 10_000)
    api.lists["202110"] = tickets(500)
    assert len(pulled(october, api).problems) == 1


def test_a_smaller_page_than_asked_for_is_followed(october: District, api: Api) -> None:
    api.largest_page = 100
    api.lists["202110"] = tickets(250)
    (entry,) = taken(october, api)
    assert entry["rows_read"] == 250


def test_a_size_that_says_how_many_rows_came_is_understood(october: District, api: Api) -> None:
    api.largest_page, api.says_rows_as_size = 100, True
    api.lists |= {"202110": tickets(250), "202109": []}
    (entry,) = taken(october, api)
    assert (entry["period"], entry["rows_read"]) == ("202110", 250)
