"""What a column is made of: through every step, whatever its name there, and nothing that only picks rows."""

from include.dictionary.column_sources import ColumnSources

MODELS = {
    "stg_civil_affairs__payment": {
        "schema": "staging",
        "sql": "select landing.amount, landing.kind, landing.paid_month from read_parquet('data.parquet') as landing",
    },
    "int_payment": {
        "schema": "intermediate",
        "sql": """
            with paid as (
                select case kind when '扣回' then -amount else amount end as signed, paid_month, 1 as one
                from "wh"."staging"."stg_civil_affairs__payment" where kind <> '退汇'
            )
            select *, sum(signed) over (partition by paid_month) as of_month from paid
        """,
    },
    "dim_day": {"schema": "core", "sql": 'select day as date from "wh"."seeds"."days"'},
    "rpt_spending": {
        "schema": "reporting",
        "sql": 'select paid_month as month, max(of_month) as spending, max(one) as one, count(*) as n '
        'from "wh"."intermediate"."int_payment" as payment group by paid_month',
    },
}  # fmt: skip


def test_a_column_is_followed_to_what_its_department_sent() -> None:
    found = ColumnSources(MODELS, {"days": ["day"]})
    staging = "stg_civil_affairs__payment"
    assert found.of("rpt_spending", "month") == {(staging, "paid_month")}
    assert found.of("rpt_spending", "spending") == {(staging, "amount"), (staging, "kind"), (staging, "paid_month")}
    assert found.of("int_payment", "signed") == {(staging, "amount"), (staging, "kind")}
    assert found.of("dim_day", "date") == {("days", "day")}


def test_a_constant_and_a_count_are_made_of_no_column() -> None:
    found = ColumnSources(MODELS, {"days": ["day"]})
    assert found.of("rpt_spending", "one") == frozenset()
    assert found.of("rpt_spending", "n") == frozenset()
