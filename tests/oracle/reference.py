"""What the benchmark's two short readings of the rules find beside the models, in a district that was built."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.in_pandas import reading
from include import bench_reference
from include.settings import Settings
from include.warehouse import engine

#: Who reads the rules, rule, programme, month, whom or what it finds, and whether the models find it.
Alone = tuple[str, str, str, date, str, bool]

# The readings name people, households and accounts by their numbers, where a model has keys.
_MODELS = """
create temp table modelled as
with household as (
    select household_key, household_no from wh.intermediate.int_household_month
    union select household_key, household_no from wh.staging.stg_civil_affairs__payment where household_no is not null
)
select distinct finding.rule_id, finding.programme, finding.month, case
    when finding.rule_id in ('D01', 'D12') then split_part(finding.event_key, '|', 1)
    when finding.rule_id in ('D08', 'P16') then finding.event_key
    when finding.rule_id = 'P12' then (
        select any_value(account_no) from wh.staging.stg_civil_affairs__payment where account_key = finding.event_key
    )
    when finding.rule_id = 'D04' then (
        select string_agg(id_no, '|' order by id_no) from wh.intermediate.int_person
        where person_key in (split_part(finding.event_key, '|', 1), split_part(finding.event_key, '|', 2))
    )
    else coalesce(person.id_no, household.household_no)
end as subject
from wh.intermediate.int_rules__findings as finding
left join wh.intermediate.int_person as person
    on finding.subject_type = 'person' and finding.subject_key = person.person_key
left join household on finding.subject_type = 'household' and finding.subject_key = household.household_key
"""
_ALONE = """
select '{reader}', rule_id, programme, month, subject, bool_or(by_models)
from (
    select *, true as by_models from modelled
    union all by name select rule_id, programme, month::date as month, subject, false as by_models from {reader}
)
group by rule_id, programme, month, subject
having count(*) < 2
order by all
"""


def compare_with_models(settings: Settings, warehouse: Path) -> tuple[set[str], list[Alone]]:
    """The rules that find something, and every finding that is the models' or another reading's alone."""
    with engine.connect(settings) as connection:
        engine.attach_warehouse(connection, settings, warehouse)
        bench_reference.find_all(connection, settings)
        in_pandas = reading.find_all(settings)
        connection.register("in_pandas", in_pandas)
        connection.execute(_MODELS)
        rules = {rule for (rule,) in connection.execute("select distinct rule_id from found").fetchall()}
        alone = [connection.execute(_ALONE.format(reader=reader)).fetchall() for reader in ("found", "in_pandas")]
        return rules & set(in_pandas.rule_id), [finding for findings in alone for finding in findings]
