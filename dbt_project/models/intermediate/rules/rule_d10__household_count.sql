with counted as (

    select
        month,
        household_key,
        sum(case when role = '共同生活' then 1 else 0 end) as members,
        sum(case when relation in ('本人', '户主') then 1 else 0 end) as heads,
        max(received_at) as received_at
    from {{ ref('int_member_month') }}
    group by month, household_key

),

compared as (

    select
        household.*,
        coalesce(counted.members, 0) as members,
        coalesce(counted.heads, 0) as heads,
        greatest(household.received_at, coalesce(counted.received_at, household.received_at)) as found_at
    from {{ ref('int_household_month') }} as household
    left join counted on household.month = counted.month and household.household_key = counted.household_key

)

select
    month,
    '' as programme,
    'household' as subject_type,
    cast(null as string) as person_key,
    household_key,
    {{ first_month_of_episode() }} as event_key,
    'medium' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "case
            when member_count <> members then '登记的共同生活人数与成员行数不一致'
            else '户主不是恰好一人'
        end"),
        ('登记人数', 'member_count'),
        ('成员行数', 'members'),
        ('户主行数', 'heads'),
        ('来源', "'救助家庭名册、救助家庭成员名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('登记人数', 'member_count'),
        ('成员行数', 'members'),
        ('户主行数', 'heads'),
    ]) }} as evidence_restricted,
    found_at as received_at,
    {{ nobody_left_out() }} as left_out
from compared
where member_count <> members or heads <> 1
