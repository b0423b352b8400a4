"""B27 and B31: one number under two names, one person under two numbers, and households that are no family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from include import pipeline, runs
from include.identity.decisions import MERGE, SPLIT, ContradictoryDecisionError, record
from include.settings import Settings
from include.warehouse.build import BuildResult
from include.warehouse.engine import attach_warehouse, connect
from include.warehouse.ledger import COMPLETE_PERIOD
from include.warehouse.publication import open_pair
from tests.warehouse.small_landing import REGIONS, TOWN, Landing, household_key, person_key

HOUSEHOLD, MEMBER, EXTREME, SUBSIDY, ALLOWANCE, WELFARE, PAYMENT = COMPLETE_PERIOD
POPULATION, CREMATION = "public_security.population", "civil_affairs.cremation"

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def sound(first: str) -> str:
    """A citizen number with the check character that its seventeen digits ask for."""
    rest = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11
    return first + "10X98765432"[rest]


def number(place: int) -> str:
    """The number of one of many grown-ups."""
    return sound(f"3206251970{place // 28 % 12 + 1:02d}{place % 28 + 1:02d}{place % 1000:03d}")


TWO_NAMES, REUSED = sound("32062519380412041"), sound("32062519400101003")
KEPT, MISTYPED = sound("32062519400203001"), sound("32062519400203003")
LONER = sound("32062520100202003")


def households() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Households with no head, two heads, a member of two, a child alone, and three hundred people in one."""
    members = [
        ("无头", number(1), "成员", "WT"), ("无头二", number(2), "成员", "WT"),
        ("双头", number(3), "本人", "ST"), ("双头二", number(4), "户主", "ST"),
        ("两处", number(5), "本人", "LA"), ("两处邻", number(6), "本人", "LB"), ("两处", number(5), "成员", "LB"),
        ("孤身", LONER, "本人", "GS"),
        ("平常", number(7), "本人", "PC"),
        ("院长", number(100), "本人", "YY"),
        *((f"院民{place}", number(100 + place), "成员", "YY") for place in range(1, 300)),
    ]  # fmt: skip
    rows = [
        {"household_no": home, "name": name, "id_no": id_no, "relation": relation}
        for name, id_no, relation, home in members
    ]
    homes = []
    for home in dict.fromkeys(row["household_no"] for row in rows):
        own = [row for row in rows if row["household_no"] == home]
        homes.append({
            "household_no": home, "head_name": own[0]["name"], "head_id_no": own[0]["id_no"],
            "member_count": len(own), "covered_count": len(own),
        })  # fmt: skip
    return homes, rows


def payments(period: str) -> list[dict[str, Any]]:
    """What the four people of the two rosters are paid for a month."""
    month = f"{period[:4]}-{period[4:]}"
    paid = [
        ("殷素素", TWO_NAMES, "尊老金", 50), ("曹后用", REUSED, "尊老金", 50), ("谢同人", KEPT, "尊老金", 50),
        ("谢同人", MISTYPED, "特困供养金", 1085),
    ]  # fmt: skip
    return [
        {
            "payment_no": f"F{period}{place}",
            "name": name,
            "id_no": id_no,
            "programme": programme,
            "amount": amount,
            "benefit_month": month,
            "paid_month": month,
        }
        for place, (name, id_no, programme, amount) in enumerate(paid)
    ]


def deliver(settings: Settings) -> None:
    """Two months of a small district."""
    landing = Landing(settings)
    landing.deliver("civil_affairs.region", "202101", REGIONS)
    landing.deliver(POPULATION, "202101", [
        {"name": "殷素素", "id_no": TWO_NAMES, "birth_date": date(1938, 4, 12)},
        {"name": "顾早逝", "id_no": REUSED, "birth_date": date(1940, 1, 1)},
        {"name": "谢同人", "id_no": KEPT, "birth_date": date(1940, 2, 3)},
        {"name": "谢同人", "id_no": MISTYPED, "birth_date": date(1940, 2, 3)},
    ])  # fmt: skip
    landing.deliver(CREMATION, "202101", [
        {"record_no": "H1", "name": "张翠山", "id_no": TWO_NAMES, "sex": "男", "age": 82, "died_on": "2020-12-03"},
        {"record_no": "H2", "name": "顾早逝", "id_no": REUSED, "sex": "男", "age": 80, "died_on": "2020-11-03"},
    ])  # fmt: skip
    homes, members = households()
    for period in ("202101", "202102"):
        landing.deliver(HOUSEHOLD, period, homes, part=TOWN)
        landing.deliver(MEMBER, period, members, part=TOWN)
        landing.deliver(ALLOWANCE, period, [
            {"name": "殷素素", "id_no": TWO_NAMES}, {"name": "曹后用", "id_no": REUSED},
            {"name": "谢同人", "id_no": KEPT},
        ], part=TOWN)  # fmt: skip
        landing.deliver(EXTREME, period, [{"name": "谢同人", "id_no": MISTYPED}])
        landing.deliver(SUBSIDY, period, [])
        landing.deliver(WELFARE, period, [])
        landing.deliver(PAYMENT, period, payments(period))


def run(settings: Settings, run_id: str) -> None:
    """Build, check, publish and deliver what lies in landing."""
    runs.begin(settings, run_id)
    assert pipeline.build(settings, run_id)
    assert pipeline.check(settings, run_id), runs.read(settings, run_id, "gate")
    pipeline.publish(settings, run_id)
    pipeline.deliver(settings, run_id)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = Settings(home=tmp_path_factory.mktemp("home"), environment={"IDENTITY_KEY": "a key that protects nobody"})
    deliver(home)
    run(home, "20210301T000000Z-0001")
    return home


@pytest.fixture(scope="module")
def pair(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_pair(settings)
    yield connection
    connection.close()


def alerts(pair: duckdb.DuckDBPyConnection, person: str) -> set[tuple[str, ...]]:
    """Rule and event of everything that stands about a person."""
    return set(
        pair.execute(
            "select alert.rule_id, evidence.event_key from monitoring.fct_alert as alert "
            "inner join identity.restricted.alert_evidence as evidence on alert.alert_no = evidence.alert_no "
            "where alert.person_key = ? and alert.state <> 'recalled'",
            [person],
        ).fetchall()
    )


def test_b27_one_number_under_two_names_is_an_identity_conflict_and_no_death(
    settings: Settings, pair: duckdb.DuckDBPyConnection
) -> None:
    found = alerts(pair, person_key(settings, TWO_NAMES))
    assert found == {("D03", "civil_affairs.elder_allowance|civil_affairs.cremation")}


def test_b27_the_number_of_a_dead_person_used_again_is_an_identity_conflict_and_no_death(
    settings: Settings, pair: duckdb.DuckDBPyConnection
) -> None:
    assert alerts(pair, person_key(settings, REUSED)) == {
        ("D03", "civil_affairs.elder_allowance|civil_affairs.cremation"),
        ("D03", "civil_affairs.elder_allowance|public_security.population"),
    }


def test_b27_one_person_under_two_numbers_is_found_as_a_pair(
    settings: Settings, pair: duckdb.DuckDBPyConnection
) -> None:
    first, second = sorted((person_key(settings, KEPT), person_key(settings, MISTYPED)))
    assert alerts(pair, first) == {("D04", f"{first}|{second}")}
    assert alerts(pair, second) == set()


def test_b27_conflicts_are_on_the_district_list_alone(settings: Settings) -> None:
    folder = settings.outbox / "worklists" / "202102"
    on = {path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx") if "谢同人" in words(path)}
    assert on == {"district.xlsx"}
    assert "同号不同名" in words(folder / "district.xlsx")


def test_b27_the_pair_is_proposed_to_the_district_by_keys_and_last_digits(settings: Settings) -> None:
    told = words(settings.outbox / "identity" / "proposals.xlsx")
    assert person_key(settings, KEPT) in told
    assert person_key(settings, MISTYPED) in told
    assert KEPT not in told
    assert MISTYPED not in told
    assert min((KEPT, MISTYPED), key=lambda each: person_key(settings, each))[-4:] in told


def words(path: Path) -> str:
    """Every text of a workbook."""
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


def test_b31_odd_households_are_built_by_their_rows_and_listed(
    settings: Settings, pair: duckdb.DuckDBPyConnection
) -> None:
    listed = pair.execute("select household_key, oddity, members, heads from quality.fct_household_oddity").fetchall()
    names = {household_key(settings, home): home for home in ("WT", "ST", "LA", "LB", "GS", "YY", "PC")}
    assert {(names[key], *rest) for key, *rest in listed} == {
        ("WT", "no_head", 2, 0),
        ("ST", "several_heads", 2, 2),
        ("LA", "member_in_two_households", 1, 1),
        ("LB", "member_in_two_households", 2, 1),
        ("GS", "minors_alone", 1, 1),
        ("YY", "very_many_members", 300, 1),
    }
    held = pair.execute(
        "select household_key, count(*) from core.fct_enrolment_month "
        "where programme in ('dibao', 'dibao_single') and month = date '2021-02-01' and holds group by household_key"
    ).fetchall()
    assert {(names[key], rows) for key, rows in held} == {
        ("WT", 2), ("ST", 2), ("LA", 1), ("LB", 2), ("GS", 1), ("YY", 300), ("PC", 1),
    }  # fmt: skip
    assert alerts(pair, person_key(settings, number(5))) == {("P04", "LA|LB")}


def test_b27_a_merge_makes_one_person_and_a_split_takes_it_back(settings: Settings) -> None:
    kept, other = person_key(settings, KEPT), person_key(settings, MISTYPED)
    before = tables(settings)
    merge = record(settings, MERGE, kept, other, "区救助科", "核对证件原件，系录入错误")
    run(settings, "20210302T000000Z-0002")
    with open_pair(settings) as pair:
        people = pair.execute("select person_key from core.dim_person where person_key in (?, ?)", [kept, other])
        assert people.fetchall() == [(kept,)]
        programmes = pair.execute(
            "select distinct programme from core.fct_enrolment_month where person_key = ? order by programme", [kept]
        )
        assert programmes.fetchall() == [("elder_allowance",), ("extreme_poverty",)]
        numbers = "select id_no, former_id_nos from identity.restricted.person_identity where person_key = ?"
        assert pair.execute(numbers, [kept]).fetchall() == [(KEPT, [MISTYPED])]
        assert not {rule for rule, _ in alerts(pair, kept)} & {"D03", "D04"}
    with pytest.raises(ContradictoryDecisionError):
        record(settings, MERGE, other, kept, "区救助科", "再并一次")
    record(settings, SPLIT, kept, other, "区救助科", "查明系两人")
    run(settings, "20210303T000000Z-0003")
    assert tables(settings) == before
    known_then = replace(settings, known_at=merge.decided_at)
    pipeline.build(known_then, "20210304T000000Z-0004")
    assert people_of(known_then, "20210304T000000Z-0004", kept, other) == [(kept,)]


def people_of(settings: Settings, run_id: str, *keys: str) -> list[tuple[str]]:
    """Which of the keys a run's build knows as people."""
    built = BuildResult(**runs.read(settings, run_id, "build"))
    with connect(settings) as connection:
        attach_warehouse(connection, settings, built.file)
        return connection.execute(
            "select person_key from wh.core.dim_person where list_contains(?, person_key) order by person_key",
            [list(keys)],
        ).fetchall()


def tables(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Everything published about people and alerts."""
    names = (
        "core.dim_person",
        "core.fct_enrolment_month",
        "monitoring.fct_alert",
        "identity.restricted.person_identity",
    )
    with open_pair(settings) as pair:
        return {name: pair.execute(f"select * from {name} order by all").fetchall() for name in names}
