"""What could not be evaluated says so, and everything that was found is counted."""

from __future__ import annotations

import json

from include.warehouse.dbt import rule_models
from tests.conftest import Ran
from tests.scenarios.conftest import Outcome

_EVALUATION = "select status, coalesce(reason, ''), population, findings from wh.monitoring.fct_rule_evaluation"


def evaluation(outcome: Outcome, rule: str, month: int) -> tuple[str, str, int, int]:
    """Status, reason, population and findings of a rule in a month of 2024."""
    [row] = outcome.query(f"{_EVALUATION} where rule_id = '{rule}' and month = date '2024-{month:02d}-01'")
    return row


def test_every_rule_is_evaluated_or_excused_in_every_month(outcome: Outcome, ran: Ran) -> None:
    [(rules, rows)] = outcome.query("select count(distinct rule_id), count(*) from wh.monitoring.fct_rule_evaluation")
    assert (rules, rows) == (len(rule_models()), 6 * len(rule_models()))
    ran("rules", rules)


def test_one_missed_list_is_tolerated_two_are_not(outcome: Outcome) -> None:
    assert [evaluation(outcome, "E14", month)[0] for month in (3, 4, 5, 6)] == [
        "evaluated", "evaluated", "not_evaluated", "evaluated",
    ]  # fmt: skip
    assert "justice.custody" in evaluation(outcome, "E14", 5)[1]
    assert evaluation(outcome, "E14", 5)[2:] == (0, 0)


def test_a_quarterly_list_is_fresh_for_four_months(outcome: Outcome) -> None:
    assert {evaluation(outcome, "C04", month)[0] for month in range(1, 7)} == {"evaluated"}


def test_a_stale_roster_leaves_out_its_own_programmes_alone(outcome: Outcome) -> None:
    status, reason, population, _ = evaluation(outcome, "E01", 3)
    assert status == "evaluated"
    assert population > 0
    assert all(programme in reason for programme in ("孤儿", "事实无人抚养儿童", "困境儿童"))
    assert "尊老金" not in reason
    assert population < evaluation(outcome, "E01", 4)[2]


def test_c41_a_rule_that_names_a_stale_roster_is_not_evaluated(outcome: Outcome) -> None:
    assert evaluation(outcome, "C03", 3)[0] == "not_evaluated"
    assert "civil_affairs.child_welfare" in evaluation(outcome, "C03", 3)[1]


def test_c41_what_could_not_be_looked_at_is_never_cleared(outcome: Outcome) -> None:
    """An alert is cleared by a month in which its rule looked and found nothing, by no other."""
    [(blind,)] = outcome.query("select count(*) from wh.monitoring.fct_rule_evaluation where status = 'not_evaluated'")
    [(cleared, by_a_blind_month)] = outcome.query("""
        select count(*), count(*) filter (not exists (
            select 1 from wh.monitoring.fct_rule_evaluation as looked
            where looked.rule_id = alert.rule_id and looked.status = 'evaluated' and looked.month > alert.last_month
        ))
        from wh.monitoring.fct_alert as alert where alert.state = 'cleared'
    """)
    assert min(blind, cleared) >= 5
    assert by_a_blind_month == 0


def test_what_departments_say_stands_beside_what_the_rules_find_in_it(outcome: Outcome) -> None:
    facts = dict(outcome.query("select fact, count(*) from wh.restricted.department_month group by fact"))
    assert set(facts) == {"employment", "pension", "vehicle", "business", "medical", "custody"}
    [(found, untold)] = outcome.query("""
        select count(*), count(*) filter (said.fact is null)
        from wh.monitoring.fct_alert as alert
        left join wh.restricted.department_month as said
            on alert.person_key = said.person_key and alert.last_month = said.month and said.fact = 'custody'
        where alert.rule_id = 'E14'
    """)
    assert found > 0
    assert untold == 0


def test_people_left_aside_are_counted(outcome: Outcome) -> None:
    assert "同村同名" in evaluation(outcome, "C05", 1)[1]
    assert "迁往地为空，未评估 1" in evaluation(outcome, "E15", 1)[1]


def test_findings_of_the_months_are_those_of_the_alerts(outcome: Outcome) -> None:
    [(counted,)] = outcome.query("select sum(findings) from wh.monitoring.fct_rule_evaluation")
    [(episodes,)] = outcome.query("select sum(months_found) from wh.intermediate.int_rules__episodes")
    assert counted == episodes


def test_each_step_of_an_alert_is_an_event(outcome: Outcome) -> None:
    steps = outcome.query("""
        select alert.alert_no, list(event.event order by event.detail, event.event desc)
        from wh.monitoring.fct_alert as alert
        inner join wh.monitoring.fct_alert_event as event on alert.alert_no = event.alert_no
        where alert.rule_id = 'E03' and alert.episode_count = 2 group by alert.alert_no
    """)
    assert [events for _, events in steps] == [["raised", "cleared", "reopened", "cleared"]]


def test_amounts_are_what_the_catalogue_says(outcome: Outcome) -> None:
    assert amounts(outcome, "E01", "裘元月") == [250]  # five months of fifty
    assert amounts(outcome, "E01", "裘家人") == [2430]  # three months of a share of 810 out of 1 620
    assert amounts(outcome, "E03", "车有财") == [3240]  # four months of the household's money
    assert amounts(outcome, "C05", "寿元月") == [250]  # five months of the tariff
    assert amounts(outcome, "P08", "档太少") == [300]  # six months of a difference of fifty
    assert amounts(outcome, "P09", "追部分") == [0.01]
    assert amounts(outcome, "P13", "复户主") == [100]  # the smaller of the two


def amounts(outcome: Outcome, rule: str, name: str) -> list[float]:
    """Amounts at risk of a person's alerts of a rule."""
    return [float(amount) for (amount,) in outcome.query(f"""
        select alert.amount_at_risk from wh.monitoring.fct_alert as alert
        left join wh.intermediate.int_person as person on alert.person_key = person.person_key
        left join wh.intermediate.int_household_month as household
            on alert.household_key = household.household_key and alert.last_month = household.month
        where alert.rule_id = '{rule}' and coalesce(household.head_name, person.name) = '{name}'
    """)]  # fmt: skip


def test_the_score_of_a_household_is_the_sum_of_its_parts(outcome: Outcome) -> None:
    rows = outcome.query("""
        select mart.risk_score, mart.risk_parts, mart.has_vehicle
        from wh.monitoring.mart_low_income_monitoring as mart
        where mart.flag_count > 0
    """)
    assert len(rows) > 100
    assert all(score == sum(int(part.split()[1]) for part in parts.split("；")) for score, parts, _ in rows)
    assert all(has_vehicle == ("E03" in parts) for _, parts, has_vehicle in rows)


def test_evidence_is_readable_and_protects_what_is_protected(outcome: Outcome) -> None:
    evidence = [text for (text,) in outcome.query("select evidence from wh.monitoring.fct_alert")]
    assert all("事实" in json.loads(text) for text in evidence)
    protected = ["苏F1", "320625", "2024-01-31", "服刑", "ZJ00", "JT80", "房00"]
    assert [word for word in protected if any(word in text for text in evidence)] == []


PERSON_MARTS = ("disability_subsidy", "elder_allowance", "child", "uncovered")


def test_the_score_of_a_person_is_the_sum_of_its_parts(outcome: Outcome) -> None:
    for mart in PERSON_MARTS:
        rows = outcome.query(f"""
            select risk_score, risk_parts, flag_count from wh.monitoring.mart_{mart}_monitoring where flag_count > 0
        """)
        assert len(rows) > 3, mart
        assert all(score == sum(int(part.split()[1]) for part in parts.split("；")) for score, parts, _ in rows)
        assert all(count == len(parts.split("；")) for _, parts, count in rows)


def test_every_holder_stands_in_the_mart_of_what_is_held(outcome: Outcome) -> None:
    for mart, programmes in (
        ("disability_subsidy", "'disability_living', 'disability_nursing'"),
        ("elder_allowance", "'elder_allowance'"),
        ("child", "'orphan', 'unattended_child', 'child_in_difficulty'"),
    ):
        missing = outcome.query(f"""
            select month, person_key from wh.core.fct_enrolment_month where holds and programme in ({programmes})
            except select month, person_key from wh.monitoring.mart_{mart}_monitoring
        """)
        assert missing == [], mart


def test_the_uncovered_hold_nothing_and_say_why_they_should(outcome: Outcome) -> None:
    [(people, helped)] = outcome.query("""
        select count(*), count(*) filter (enrolment.person_key is not null)
        from wh.monitoring.mart_uncovered_monitoring as uncovered
        left join wh.core.fct_enrolment_month as enrolment
            on uncovered.person_key = enrolment.person_key and uncovered.month = enrolment.month and enrolment.holds
    """)
    assert people > 20
    assert helped == 0
    flags = outcome.query("""
        select uncovered.has_severe_disability, uncovered.severity, uncovered.need_score
        from wh.monitoring.mart_uncovered_monitoring as uncovered
        inner join wh.intermediate.int_person as person on uncovered.person_key = person.person_key
        where person.name = '残三智' and uncovered.month = date '2024-03-01'
    """)
    assert flags == [(True, "high", 3)]
