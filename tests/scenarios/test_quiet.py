"""What is found and yet not asked about now: why, and which alert speaks for it."""

from __future__ import annotations

from include.warehouse.workbench import Workbench
from tests.scenarios.conftest import Outcome

_ABOUT = """
    select alert.rule_id, alert.quiet_reason, spokesman.rule_id
    from wh.monitoring.fct_alert as alert
    left join wh.monitoring.fct_alert as spokesman on alert.spoken_for_by = spokesman.alert_no
    left join wh.intermediate.int_person as person on alert.person_key = person.person_key
    left join (
        select distinct household_key, head_name from wh.intermediate.int_household_month
    ) as household on alert.household_key = household.household_key
    where coalesce(household.head_name, person.name) = '{name}'
    order by alert.rule_id
"""


def about(outcome: Outcome, name: str) -> list[tuple[str, str | None, str | None]]:
    """Rule, reason to be quiet and the rule that speaks, of a person's or household's alerts."""
    return outcome.query(_ABOUT.format(name=name))


def test_a_death_speaks_for_every_other_question_about_leaving_but_not_for_the_money(outcome: Outcome) -> None:
    assert about(outcome, "静亡者") == [
        ("E01", None, None),
        ("E03", "death", "E01"),
        ("E20", "death", "E01"),
        ("P09", None, None),
    ]
    assert about(outcome, "静活者") == [("E03", None, None)]


def test_without_an_authorisation_tax_data_are_not_used(outcome: Outcome) -> None:
    assert about(outcome, "静无授") == [("D11", None, None), ("E03", None, None), ("E11", "no_authorisation", "D11")]
    assert about(outcome, "静有授") == [("E11", None, None)]


def test_being_paid_twice_comes_before_the_tier(outcome: Outcome) -> None:
    assert about(outcome, "静外地") == [("P05", None, None), ("P06", "counted_twice", "P05")]
    assert about(outcome, "静本地") == [("P06", None, None)]


def test_one_car_under_two_tiers_is_told_once(outcome: Outcome) -> None:
    repeated = outcome.query("""
        select alert.programme, spokesman.programme, alert.rule_id = spokesman.rule_id
        from wh.monitoring.fct_alert as alert
        inner join wh.monitoring.fct_alert as spokesman on alert.spoken_for_by = spokesman.alert_no
        where alert.quiet_reason = 'same_evidence'
    """)
    assert all(is_same and told != quiet for quiet, told, is_same in repeated)
    twice = outcome.query("""
        select count(*) from wh.monitoring.fct_alert as alert
        inner join wh.seeds.programmes as programme on alert.programme = programme.programme
        inner join wh.restricted.alert_evidence as evidence on alert.alert_no = evidence.alert_no
        where programme.is_low_income and alert.state = 'open' and alert.quiet_reason is null
            and alert.person_key is not null
        group by alert.rule_id, alert.person_key, evidence.event_key having count(*) > 1
    """)
    assert twice == []


def test_only_open_alerts_are_quiet_and_only_for_open_ones(outcome: Outcome) -> None:
    [(quiet, closed, unspoken)] = outcome.query("""
        select count(*), count(*) filter (alert.state <> 'open'),
            count(*) filter (alert.spoken_for_by is not null and coalesce(spokesman.state, '') <> 'open')
        from wh.monitoring.fct_alert as alert
        left join wh.monitoring.fct_alert as spokesman on alert.spoken_for_by = spokesman.alert_no
        where alert.quiet_reason is not null
    """)
    assert quiet >= 4
    assert (closed, unspoken) == (0, 0)


def test_a_tolerated_car_is_left_alone_for_six_months_after_the_visit_once_the_district_agreed(
    outcome: Outcome,
) -> None:
    numbers = [
        number
        for (number,) in outcome.query("""
            select alert_no from wh.monitoring.fct_alert
            where rule_id = 'E03' and state = 'open' and quiet_reason is null order by alert_no limit 5
        """)
    ]
    answers = [
        (numbers[0], "属实", "维持-豁免资产", "2023-12-31"),
        (numbers[1], "属实", "维持-豁免资产", "2023-11-30"),
        (numbers[2], "属实", "终止", "2024-03-01"),
        (numbers[3], "不属实", "维持-豁免资产", "2024-03-01"),
        (numbers[4], "属实", "维持-豁免资产", "2024-03-01"),
    ]
    with Workbench(outcome.settings, outcome.warehouse) as bench:
        bench.replace(
            "staging.stg_civil_affairs__verification_result",
            "select alert_no, finding, action, cast(day as date) as verified_on, now() as received_at from (values "
            + ", ".join(map(str, answers))
            + ") as answer(alert_no, finding, action, day)",
        )
        reviewed = [(number, "review", "district") for number in numbers[:4]]
        bench.replace(
            "intermediate.int_case_step",
            "select alert_no, event, by_role from (values "
            + ", ".join(map(str, [*reviewed, (numbers[4], "answer", "town")]))
            + ") as step(alert_no, event, by_role)",
        )
        bench.run("int_rules__quiet")
        quiet = bench.connection.execute(
            "select alert_no from intermediate.int_rules__quiet where quiet_reason = 'exempted'"
        ).fetchall()
    assert quiet == [(numbers[0],)]
