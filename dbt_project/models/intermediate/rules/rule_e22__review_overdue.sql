with reviewed as (

    select
        month,
        programme,
        'household' as subject_type,
        head_person_key as person_key,
        household_key,
        next_review_on,
        town_code,
        village_code,
        received_at
    from {{ ref('int_household_month') }}
    where holds
    union all
    select
        month,
        programme,
        'person' as subject_type,
        person_key,
        household_key,
        next_review_on,
        town_code,
        village_code,
        received_at
    from {{ ref('int_roster_month') }}
    where programme = 'extreme_poverty' and holds

),

overdue as (

    select *, {{ days_between('next_review_on', 'month') }} as days_late
    from reviewed
    where next_review_on < month

)

select
    month,
    programme,
    subject_type,
    person_key,
    household_key,
    cast(next_review_on as string) as event_key,
    case
        when days_late > {{ parameter('review_overdue_high_days', 'overdue.month') }} then 'high'
        when days_late > {{ parameter('review_overdue_medium_days', 'overdue.month') }} then 'medium'
        else 'low'
    end as severity,
    0 as amount_at_risk,
    'M1' as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'已过下次复核日期，还没有复核'"),
        ('应复核日期', 'cast(next_review_on as string)'),
        ('至月初超期天数', 'days_late'),
        ('来源', "'救助名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('应复核日期', 'cast(next_review_on as string)'),
        ('至月初超期天数', 'days_late'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from overdue
