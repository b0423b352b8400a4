with asked as (

    select filed.*
    from {{ ref('int_household_month') }} as filed
    where {{ holds('filed') }} or filed.is_suspended

)

select
    month,
    '' as programme,
    'household' as subject_type,
    cast(null as string) as person_key,
    household_key,
    coalesce(cast(authorised_until as string), '') as event_key,
    'high' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "case
            when authorised_on is null then '没有核对授权'
            when authorised_until < month then '核对授权已过期'
            else '核对授权尚未生效'
        end"),
        ('授权签署年月', 'substr(cast(authorised_on as string), 1, 7)'),
        ('授权到期年月', 'substr(cast(authorised_until as string), 1, 7)'),
        ('来源', "'救助家庭名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('授权签署', 'cast(authorised_on as string)'),
        ('授权到期', 'cast(authorised_until as string)'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from asked
where authorised_on is null or authorised_on >= {{ plus_months('month', 1) }} or authorised_until < month
