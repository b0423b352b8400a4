-- What a rule names must be there and fresh, or the month says so: never silently clean.
with dataset_state as (

    select
        dataset,
        month,
        is_missing or is_stale as is_absent,
        reason_zh,
        newest_received_at
    from {{ ref('int_dataset_month') }}

),

newest as ( -- what a rule that names no dataset stands on: whatever came last

    select month, max(newest_received_at) as received_at
    from dataset_state
    group by month

),

all_of as (

    select
        needed.rule_id,
        needed.programme,
        dataset_state.month,
        max(case when dataset_state.is_absent then 1 else 0 end) = 1 as is_absent,
        {{ joined_values("case when dataset_state.is_absent then dataset_state.reason_zh end", '；') }} as reason,
        max(dataset_state.newest_received_at) as received_at
    from {{ ref('int_rules__needed') }} as needed
    inner join dataset_state on needed.dataset = dataset_state.dataset
    group by needed.rule_id, needed.programme, dataset_state.month

),

any_of as ( -- one of several sources is enough; the reason still names the missing

    select
        alternative.rule_id,
        dataset_state.month,
        min(case when dataset_state.is_absent then 1 else 0 end) = 1 as is_absent,
        {{ joined_values("case when dataset_state.is_absent then dataset_state.reason_zh end", '；') }} as reason,
        max(dataset_state.newest_received_at) as received_at
    from {{ split_rows(implemented_catalogue(), ['rule_id'], "coalesce(requires_any, '')", ';') }} as alternative
    inner join dataset_state on alternative.element = dataset_state.dataset
    group by alternative.rule_id, dataset_state.month

)

select
    rule_programme.rule_id,
    rule_programme.programme,
    rule_programme.programme_zh,
    months.month,
    coalesce(not all_of.is_absent, true) and coalesce(not any_of.is_absent, true) as is_evaluated,
    case when coalesce(all_of.is_absent, false) then all_of.reason else '' end as roster_reason,
    coalesce(any_of.reason, '') as alternative_reason,
    coalesce(
        greatest(
            coalesce(all_of.received_at, any_of.received_at), coalesce(any_of.received_at, all_of.received_at)
        ),
        newest.received_at
    ) as received_at
from {{ ref('int_rules__rule_programme') }} as rule_programme
cross join {{ ref('int_months') }} as months
left join newest on months.month = newest.month
left join all_of
    on rule_programme.rule_id = all_of.rule_id
    and rule_programme.programme = all_of.programme
    and months.month = all_of.month
left join any_of on rule_programme.rule_id = any_of.rule_id and months.month = any_of.month
