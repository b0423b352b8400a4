"""A newcomer's run: the demo district through Airflow, again, and cut off in the middle."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import time
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from fastapi.testclient import TestClient

from include.desk.accounts import Account, add_account
from include.desk.app import make_desk
from include.journal.entries import first_broken, verified
from include.journal.schema import engine
from include.lineage import NAMESPACE, task_events_file
from include.periods import Month
from include.pipeline import DEPARTMENTS
from include.reports.monthly import RECONCILED, RECORDS, SHEETS
from include.settings import Settings
from include.statements import writing as statements
from include.warehouse.publication import open_identity, open_pair, standing
from tests.conftest import Ran
from tests.end_to_end.conftest import Ended
from tests.end_to_end.homes import at_work, finish, newest_run, settings_of, start


def _alerts(home: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True) as connection:
        return connection.execute("select * from monitoring.fct_alert order by alert_no nulls last").fetchall()


def test_the_first_run_publishes(first: Ended) -> None:
    assert first.code == 0, first.said
    assert "published" in first.said
    assert first.left == []


def test_the_summary_says_what_was_read_checked_found_and_where_it_lies(first: Ended) -> None:
    summary = first.record("summary")
    rows, files = summary["rows"], summary["files"]
    assert rows["read"] == rows["accepted"] + rows["quarantined"] + rows["duplicate"] > 10_000
    assert files["read"] == sum(files[name] for name in ("accepted", "refused", "held", "already known")) > 100
    assert summary["checks"]["passed"] > 100
    assert sum(summary["alerts"].values()) > 0
    assert float(summary["amount_at_risk"]) > 0
    assert len(summary["places"]) >= 6
    for place in summary["places"].values():
        assert Path(place).exists()
        assert place in first.said


def test_every_department_was_visited_and_every_row_accounted_for(first: Ended) -> None:
    for department in DEPARTMENTS:
        for delivery in first.record(f"ingest_{department}")["deliveries"]:
            parts = [delivery[f"rows_{name}"] for name in ("accepted", "quarantined", "duplicate")]
            assert delivery["rows_read"] == sum(parts)


def test_the_worklists_lie_in_the_outbox(first: Ended) -> None:
    month = first.home / "outbox" / "worklists" / first.record("build")["as_of"]
    assert (month / "district.xlsx").is_file()
    assert list(month.glob("*/*.xlsx"))


def test_the_months_reports_say_what_the_payments_say(first: Ended) -> None:
    book = openpyxl.load_workbook(first.record("reports")["file"], read_only=True)
    assert book.sheetnames == [*(sheet.name for sheet in SHEETS), "年度指标", RECONCILED, RECORDS]
    assert len(list(book[RECONCILED].iter_rows())) == 3  # title, dates and header: nothing differs
    told = dict(book[RECORDS].iter_rows(min_row=3, values_only=True))
    entries, _ = verified(settings_of(first.home), told["最后一条记录的校验值"])
    assert first.record("deliver")["journal"]["entries"] < int(told["办理记录条数"]) <= entries
    rows = list(book["低保综合统计表"].iter_rows(min_row=3, values_only=True))
    total = dict(zip(rows[0], rows[-1], strict=True))
    with duckdb.connect(str(first.home / "published" / "marts.duckdb"), read_only=True) as marts:
        spent = marts.execute(
            "select sum(case kind when '扣回' then -abs(amount) else amount end) from core.fct_payment "
            "where programme in ('dibao', 'dibao_single') and result = '成功' "
            "and benefit_month = (select max(month) from reporting.rpt_dibao_monthly)"
        ).fetchone()
    assert total["地区"] == "合计"
    assert spent is not None
    assert total["当月支出（元）"] == float(spent[0])
    assert total["当月支出（万元）"] == float(spent[0] / 10_000)


def test_every_household_gets_a_page_and_the_pages_say_what_was_paid(first: Ended) -> None:
    settings = Settings(home=first.home)
    done = statements.write(settings)
    pages = [path for path in Path(done["folder"]).rglob("*.pdf") if path.name != "公示.pdf"]
    publication = standing(settings)
    month = Month.parse(publication.read_manifest()["as_of"])
    with closing(open_pair(settings, publication)) as pair:
        households = statements.read(pair, month)
        paid = _paid_to(pair, month)
    assert len(pages) == done["statements"] == len(households) > 100
    by_code = {path.stem.rsplit("_", 1)[1]: path for path in pages}
    for number, household in enumerate(households):
        this_month, this_year = paid.get(_subject(household), (Decimal(0), Decimal(0)))
        assert sum(line["paid"] or 0 for line in household.lines) == this_month
        assert household.paid_to_date == this_year
        if number % 20 == 0:
            printed = ["pdftotext", "-layout", str(by_code[household.statement["check_code"]]), "-"]
            text = subprocess.run(printed, check=True, capture_output=True, text=True).stdout
            assert f"{this_month:,.2f} 元" in text
            assert f"本年累计 {this_year:,.2f} 元" in text


def _subject(household: statements.Household) -> str:
    return str(household.statement["household_key"] or household.statement["person_key"])


def _paid_to(pair: duckdb.DuckDBPyConnection, month: Month) -> dict[str, tuple[Decimal, Decimal]]:
    """What each household and its people were paid for the month and for the year so far, payment by payment."""
    homes: dict[str, str] = {}
    for household, person, programme in pair.execute(
        "select household_key, person_key, programme from core.fct_enrolment_month where month = ? and holds "
        "and programme in ('extreme_poverty', 'dibao', 'dibao_single', 'dibao_edge', 'rigid_expenditure') order by all",
        [month.first],
    ).fetchall():
        subject = person if programme == "extreme_poverty" else household
        homes[person] = subject if subject == person else homes.get(person, subject)
    subjects = {
        key for (key,) in pair.execute(
            "select coalesce(household_key, person_key) from reporting.rpt_household_statement where month = ?",
            [month.first],
        ).fetchall()
    }  # fmt: skip
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for household, person, benefit_month, amount in pair.execute(
        "select household_key, person_key, benefit_month, if(kind = '扣回', -abs(amount), amount) "
        "from core.fct_payment where result = '成功' and benefit_month between ? and ?",
        [date(month.year, 1, 1), month.first],
    ).fetchall():
        subject = household if household in subjects else homes.get(person, "")
        before, year = sums.get(subject, (Decimal(0), Decimal(0)))
        sums[subject] = before + (amount if benefit_month == month.first else 0), year + amount
    return sums


def test_what_was_listed_is_dispatched_and_shown_at_the_desk(first: Ended) -> None:
    settings = Settings(home=first.home)
    with engine(settings).connect() as connection:
        assert first_broken(connection) is None
    sent = first.record("deliver")
    assert sent["dispatched"] == sent["alerts"] + sent["sample_visits"] > sent["sample_visits"] > 0
    add_account(settings, Account("lead", "lead", "320614000000"), "correct horse battery", "test")
    with TestClient(make_desk(settings)) as desk:
        assert desk.post("/sign-in", data={"name": "lead", "password": "correct horse battery"}).status_code == 200
        page = desk.get("/").text
        alert, household = (re.findall(f"/{kind}/[A-Za-z0-9-]+", page)[0] for kind in ("alert", "household"))
        for path in (alert, household, "/overview", "/rules", "/audit"):
            assert desk.get(path).status_code == 200, path


def test_checks_of_dbt_and_of_the_gate_were_run(first: Ended, ran: Ran) -> None:
    dbt = first.record("checks_dbt")
    assert {check["status"] for check in dbt} <= {"passed", "not_evaluated", "warned"}
    ran("dbt tests", len(dbt))
    ran("expectations", len(first.record("checks_gx")))


def test_nobody_else_may_read_the_home(first: Ended) -> None:
    open_to_others = [
        path.name
        for path in first.home.rglob("*")
        if not path.is_symlink()
        and stat.S_IMODE(path.stat().st_mode) & 0o077
        and not _is_airflows_own(path, first.home)
    ]
    assert open_to_others == []


def test_airflow_holds_run_numbers_and_counts_and_nothing_else(first: Ended) -> None:
    import sqlite3

    (metadata,) = (first.home / "state" / "airflow").glob("metadata-*.db")
    with sqlite3.connect(f"file:{metadata}?mode=ro", uri=True) as connection:
        extras = [json.loads(extra) for (extra,) in connection.execute("select extra from asset_event")]
        exchanged = connection.execute("select count(*) from xcom where key not in ('return_value')").fetchone()
    assert len(extras) == len(DEPARTMENTS) + 5
    assert {key for extra in extras for key in extra} <= {"run_id", "files", "from_rest_api", "from_trigger"}
    assert {extra["run_id"] for extra in extras} == {newest_run(first.home)}
    assert exchanged == (0,)


def test_every_task_is_told_as_an_event_without_the_text_of_its_function(first: Ended) -> None:
    lines = task_events_file(Settings(home=first.home)).read_text(encoding="utf-8").splitlines()
    told = [event for event in map(json.loads, lines) if event["eventType"] == "COMPLETE"]
    jobs = {event["job"]["name"] for event in told}
    assert {f"ingest_{department}" for department in DEPARTMENTS} <= {name.partition(".")[0] for name in jobs}
    assert {event["job"]["namespace"] for event in told} == {NAMESPACE}
    assert not any("sourceCode" in event["job"]["facets"] for event in told)


def test_e68_nobody_stands_in_airflows_database_logs_records_or_publication(first: Ended) -> None:
    with open_identity(settings_of(first.home)) as connection:
        people = connection.execute(
            "select id_no, name, certificate_no from restricted.person_identity where id_no is not null order by id_no"
        ).fetchall()
    vehicles = str(first.home / "landing" / "public_security.vehicle" / "*" / "*" / "data.parquet")
    plates = {plate for (plate,) in duckdb.sql(f"select distinct plate_no from read_parquet('{vehicles}')").fetchall()}
    numbers = {id_no for id_no, _, _ in people} | {number for *_, number in people if number}
    names = sorted({name for _, name, _ in people if name and len(name) > 2})[::40]
    assert min(len(numbers), len(plates), len(names)) > 50

    state, published = first.home / "state", first.home / "published"
    searched = [path for folder in (state / "airflow", state / "lineage", state / "logs", state / "runs", published)
                for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]  # fmt: skip
    assert len(searched) > 50
    found = []
    for path in searched:
        text = path.read_bytes().decode("utf-8", errors="replace")
        told = numbers & set(re.findall("[0-9]{17}[0-9X](?:[0-9]{2})?", text))
        told |= plates & set(re.findall("苏[A-Z][·0-9A-Z]{5,8}", text)) | {name for name in names if name in text}
        found += [path.name] * bool(told)
    assert found == []


def test_a_run_cut_off_leaves_no_process_and_the_next_one_finds_nothing_new(first: Ended) -> None:
    before = (first.home / "published" / "marts.duckdb").resolve()
    alerts = _alerts(first.home)
    interrupted = start(first.home, "run")
    known = newest_run(first.home)
    while newest_run(first.home) == known:  # until Airflow is up and its sweep has begun
        assert interrupted.poll() is None
        time.sleep(0.2)
    interrupted.send_signal(signal.SIGINT)
    said, _ = interrupted.communicate()
    assert interrupted.returncode == 2
    assert "SIGINT" in said
    assert at_work(first.home) == []

    code, said = finish(first.home, "pipeline")
    assert code == 0, said
    assert "nothing new" in said
    assert at_work(first.home) == []
    assert (first.home / "published" / "marts.duckdb").resolve() == before
    assert _alerts(first.home) == alerts


def test_a_second_command_in_one_home_is_refused(first: Ended) -> None:
    from include.pipeline import only_one

    with only_one(settings_of(first.home)):
        code, said = finish(first.home, "pipeline", "--in-process")
    assert code == 2
    assert re.search("another run", said)


def _is_airflows_own(path: Path, home: Path) -> bool:
    """Airflow sets the modes of its log folders itself; they lie inside a folder that nobody else may enter."""
    return path.is_relative_to(home / "state" / "airflow")
