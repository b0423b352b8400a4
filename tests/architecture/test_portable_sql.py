"""The same models run on DuckDB and Spark: what differs stays in ``macros/portable``, and the lint sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.settings import DBT_PROJECT
from tests.architecture.portable_sql import slips
from tests.architecture.project import files

PORTABLE = DBT_PROJECT / "macros" / "portable"

SLIPS = {
    "division": "select paid / months from payment",
    "round": "select round(income * 0.2, 2) from household",
    "concat": "select concat(town, village) from region",
    "regular expression": "select regexp_replace(name, 'a', 'b') from person",
    "any value": "select any_value(name) from person",
    "hash": "select hash(name) from person",
    "order without nulls": "select month from payment order by month",
    "one of two orders without nulls": "select a from t order by a nulls last, b desc",
    "order inside a window": "select row_number() over (partition by person_key order by period desc) from roster",
    "window without a partition": "select sum(amount) over (order by month nulls last) from payment",
    "distinct on": "select distinct on (person_key) * from roster",
    "uncast interval": "select born + interval '80' year from person",
    "clock": "select current_date",
    "text without a length": "select cast(month as varchar) from payment",
    "aggregate of texts": "select string_agg(name, ',') from person",
}
SOUND = {
    "in a comment": "select 1 -- paid / months, round(x)\n",
    "in a string": "select 'a / b order by c' as text",
    "in a macro": "select {{ divide('paid', 'months') }} from payment",
    "order with nulls": "select a from t order by a desc nulls last, (b + c) nulls first limit 3",
    "window": "select max(a) over (partition by b order by c nulls last rows unbounded preceding) from t",
    "cast interval": "select cast(born + interval '1' day as date) from person",
}


def _lint(folder: Path, sql: str) -> list[str]:
    path = folder / "model.sql"
    path.write_text(sql, encoding="utf-8")
    return [slip.reason for slip in slips(path)]


@pytest.mark.parametrize("sql", SLIPS.values(), ids=SLIPS)
def test_the_lint_sees_a_slip(tmp_path: Path, sql: str) -> None:
    assert len(_lint(tmp_path, sql)) == 1


@pytest.mark.parametrize("sql", SOUND.values(), ids=SOUND)
def test_the_lint_lets_sound_sql_pass(tmp_path: Path, sql: str) -> None:
    assert _lint(tmp_path, sql) == []


def test_a_slip_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "model.sql"
    path.write_text("select\n    -- a comment\n    hash(a)\nfrom t\n", encoding="utf-8")
    assert [slip.line for slip in slips(path)] == [3]


def test_models_macros_and_tests_are_portable() -> None:
    read = [path for path in files(".sql") if path.is_relative_to(DBT_PROJECT) and not path.is_relative_to(PORTABLE)]
    assert len(read) > 60
    assert [str(slip) for path in read for slip in slips(path)] == []
