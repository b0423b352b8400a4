with conflict as ( -- of two rosters that disagree, one pair

    select * from {{ ref('int_rules__name_conflict') }}
    where source_dataset not in (
        'civil_affairs.assistance_household', 'civil_affairs.assistance_member', 'civil_affairs.extreme_poverty',
        'civil_affairs.disability_subsidy', 'civil_affairs.elder_allowance', 'civil_affairs.child_welfare'
    )
    or roster_dataset <= source_dataset

),

-- A snapshot speaks while it is in force, any other row from its own date until another replaces it.
standing as (

    select conflict.*, in_force.month
    from conflict
    inner join {{ ref('int_delivery_in_force') }} as in_force on conflict.delivery_id = in_force.delivery_id
    where conflict.is_snapshot
    union all
    select conflict.*, months.month
    from conflict
    inner join {{ ref('int_months') }} as months
        on conflict.counts_from <= months.month
        and (conflict.counts_until is null or conflict.counts_until > months.month)
    where not conflict.is_snapshot

)

select
    standing.month,
    '' as programme,
    'person' as subject_type,
    standing.person_key,
    cast(null as string) as household_key,
    standing.roster_dataset || '|' || standing.source_dataset as event_key,
    'high' as severity,
    0 as amount_at_risk,
    case when standing.is_upgraded then 'M3' else 'M1' end as match_grade, -- of the number; the names differ
    listed.town_code,
    listed.village_code,
    {{ json_object([
        ('事实', "'同一身份证号在两处姓名不同'"),
        ('名册', 'roster.title_zh'),
        ('另一处', 'other.title_zh'),
        ('来源', "roster.title_zh || '、' || other.title_zh"),
    ]) }} as evidence,
    {{ json_object([
        ('名册姓名', 'standing.roster_name'),
        ('另一处姓名', 'standing.source_name'),
    ]) }} as evidence_restricted,
    greatest(standing.received_at, listed.received_at) as received_at,
    {{ nobody_left_out() }} as left_out
from standing
inner join {{ ref('int_rules__roster_listed') }} as listed
    on standing.month = listed.month
    and standing.roster_dataset = listed.dataset
    and standing.person_key = listed.person_key
    and standing.roster_name = listed.name
inner join {{ ref('int_dataset') }} as roster on standing.roster_dataset = roster.dataset
inner join {{ ref('int_dataset') }} as other on standing.source_dataset = other.dataset
