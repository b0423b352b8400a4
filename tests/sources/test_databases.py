"""Tables in real servers: what changed is pulled, all of it, once, and taken in like a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow.parquet
import pytest

from include.ingest import inbox
from include.sources.departments import pull_department
from tests.ingest.conftest import District
from tests.sources.conftest import Table, pull
from tests.sources.servers import PASSWORD, Server, free_port

ZHANG, LI, WANG = "320625193804120410", "110101199003070011", "11010519491231002X"


def pensioner(id_no: str, **cells: str | None) -> dict[str, str | None]:
    return {
        "id_no": id_no, "name": "张三", "scheme": "城乡居民", "status": "正常", "monthly_amount": "1234.10",
        "basic_amount": None, "stop_reason": "", "last_certified_on": "2021-07-31", "period": "202107",
    } | cells  # fmt: skip


def contribution(id_no: str, **cells: str | None) -> dict[str, str | None]:
    return {
        "id_no": id_no, "name": "张三", "employer": "某公司", "month": "202107", "employee_amount": "100.05",
        "employee_rate": "0.0800", "period": "202107", "updated_at": "2021-08-01 10:00:00",
    } | cells  # fmt: skip


def taken(district: District, table: Table) -> list[dict[str, Any]]:
    """Pull and take in; the new ledger entries."""
    pulled = pull(district, table.connection)
    assert [problem for problem in pulled.problems if table.contract.dataset in problem] == []
    return district.take(table.department)


def test_a_period_becomes_one_delivery_with_exact_text(district: District, server: Server) -> None:
    table = Table(server, "human_resources.pension")
    table.add(pensioner(ZHANG), pensioner(LI, name="𠮷·阿布", stopped_on="2021-02-28"))
    (entry,) = taken(district, table)
    assert entry["status"] == "accepted"
    assert (entry["source_name"], entry["format"]) == ("database:human_resources.pension", "database")
    assert (entry["period"], entry["rows_read"], entry["rows_accepted"]) == ("202107", 2, 2)
    first, second = sorted(district.rows(entry), key=lambda row: row["id_no"], reverse=True)
    assert (first["id_no"], str(first["monthly_amount"]), str(first["last_certified_on"])) == (
        ZHANG, "1234.10", "2021-07-31",
    )  # fmt: skip
    assert first["basic_amount"] is None
    assert first["stopped_on"] is None
    assert second["name"] == "𠮷·阿布"


def test_nothing_new_leaves_no_delivery_and_no_ledger_line(district: District, server: Server) -> None:
    table = Table(server, "human_resources.pension")
    table.add(pensioner(ZHANG))
    assert len(taken(district, table)) == 1
    assert taken(district, table) == []
    assert taken(district, table) == []


def test_a_row_deleted_from_a_snapshot_is_seen(district: District, server: Server) -> None:
    table = Table(server, "human_resources.pension")
    table.add(pensioner(ZHANG), pensioner(LI))
    taken(district, table)
    table.run(f"DELETE FROM {{table}} WHERE id_no = '{LI}'")
    (entry,) = taken(district, table)
    assert entry["rows_read"] == 1
    assert entry["pulled"]["scope"] == "whole"


def test_of_facts_only_changed_rows_are_pulled_again(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    long_before = {"updated_at": "2021-08-01 07:00:00"}
    table.add(contribution(ZHANG, **long_before), contribution(LI), contribution(LI, period="202106", month="202106"))
    assert len(taken(district, table)) == 2
    table.add(contribution(WANG, updated_at="2021-08-05 10:00:00"))
    (entry,) = taken(district, table)
    assert (entry["period"], entry["pulled"]["scope"], entry["rows_read"]) == ("202107", "changes", 2)
    assert {row["id_no"] for row in district.rows(entry)} == {LI, WANG}
    assert taken(district, table) == []


def test_a_late_commit_within_the_overlap_is_not_missed(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    table.add(contribution(ZHANG))
    taken(district, table)
    table.add(contribution(LI, updated_at="2021-08-01 09:30:00"))
    (entry,) = taken(district, table)
    assert LI in [row["id_no"] for row in district.rows(entry)]


def test_a_count_that_does_not_add_up_brings_the_whole_period(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    table.add(contribution(ZHANG))
    taken(district, table)
    table.add(contribution(LI, updated_at="2021-07-01 00:00:00"), contribution(WANG, updated_at="2021-06-01 00:00:00"))
    (entry,) = taken(district, table)
    assert (entry["pulled"]["scope"], entry["rows_read"]) == ("whole", 3)


def test_after_a_refused_delivery_the_whole_period_comes_again(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    table.run("ALTER TABLE {table} DROP COLUMN employer")
    row = contribution(ZHANG)
    del row["employer"]
    table.add(row)
    (refused,) = taken(district, table)
    assert (refused["status"], refused["reason"]["code"]) == ("quarantined", "missing_column")
    assert "单位名称" in refused["reason"]["text"]
    assert taken(district, table) == []
    table.run("ALTER TABLE {table} ADD COLUMN employer varchar(20) DEFAULT 'X'")
    (entry,) = taken(district, table)
    assert (entry["status"], entry["pulled"]["scope"], entry["rows_accepted"]) == ("accepted", "whole", 1)


def test_a_column_nobody_agreed_on_is_drift(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    table.run("ALTER TABLE {table} ADD COLUMN remark varchar(20)")
    table.add(contribution(ZHANG))
    (entry,) = taken(district, table)
    assert entry["drift"] == ["remark"]
    assert entry["status"] == "accepted"


def test_rows_of_no_period_or_a_future_one_stay_and_are_told(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    table.add(contribution(ZHANG), contribution(LI, period="299901"), contribution(LI, period=None))
    pulled = pull(district, table.connection)
    assert [found.period for found in pulled.files] == ["202107"]
    assert len(pulled.notes) == 2


def test_a_missing_table_and_a_wrong_password_are_told_without_secrets(
    district: District, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(server, "housing_fund.contribution")
    table.run("ALTER TABLE {table} RENAME TO elsewhere" if server.kind == "postgres" else "DROP TABLE {table}")
    (problem,) = pull(district, table.connection).problems
    assert "housing_fund.contribution" in problem
    (problem,) = pull(district, replace(table.connection, password="wrong-one")).problems
    assert "wrong-one" not in problem + caplog.text
    assert PASSWORD not in problem + repr(table.connection) + caplog.text


def test_a_table_without_period_is_a_problem(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    table.run("ALTER TABLE {table} DROP COLUMN period")
    (problem,) = pull(district, table.connection).problems
    assert "period" in problem


def test_a_server_that_is_down_is_not_ready(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    pulled = pull(district, replace(table.connection, port=free_port()))
    assert pulled.problems == []
    assert len(pulled.not_ready) == 1


def test_a_pull_that_was_not_taken_in_yet_is_not_pulled_twice(district: District, server: Server) -> None:
    table = Table(server, "human_resources.pension")
    table.add(pensioner(ZHANG))
    assert [found.period for found in pull(district, table.connection).files] == ["202107"]
    assert pull(district, table.connection).files == []
    assert len(district.take("human_resources")) == 1


def test_a_lost_pull_is_pulled_again(district: District, server: Server) -> None:
    table = Table(server, "human_resources.pension")
    table.add(pensioner(ZHANG))
    pull(district, table.connection)
    (left,) = inbox.left_behind(district.settings, "human_resources")
    left.path.unlink()
    assert len(taken(district, table)) == 1


def test_a_table_larger_than_the_memory_streams_through(district: District, server: Server) -> None:
    table = Table(server, "housing_fund.contribution")
    numbers = "generate_series(1, 150000) AS n" if server.kind == "postgres" else "seq_1_to_150000"
    number = "n" if server.kind == "postgres" else "seq"
    table.run("ALTER TABLE {table} " + ("ALTER name TYPE text" if server.kind == "postgres" else "MODIFY name text"))
    digest = "md5(n::text)" if server.kind == "postgres" else "md5(seq)"
    table.server.run(
        *([] if server.kind == "postgres" else [f"USE {table.department}"]),
        f"INSERT INTO {table.contract.dataset} (id_no, name, employer, month, period, updated_at) SELECT "
        f"concat('32062519380412', {number}), repeat({digest}, 30), 'Y', "
        f" '202107', '202107', '2021-08-01 10:00:00' FROM {numbers}",
    )
    small = replace(district.settings, memory_limit="100MB")
    (found,) = pull_department(small, table.connection).files
    (left,) = inbox.left_behind(district.settings, "housing_fund")
    assert pyarrow.parquet.read_metadata(left.path).num_rows == found.rows_at_source == 150_000
