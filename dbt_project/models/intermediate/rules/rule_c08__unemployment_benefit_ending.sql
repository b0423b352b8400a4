with unemployed as (

    select delivery.month, unemployed.*
    from {{ ref('stg_human_resources__unemployment') }} as unemployed
    inner join {{ ref('int_delivery_in_force') }} as delivery on unemployed.delivery_id = delivery.delivery_id
    where unemployed.benefit_months_left is null
        or unemployed.benefit_months_left <= {{ parameter('unemployment_last_months', 'delivery.month') }}

),

edge as (

    select
        month,
        person_key,
        id_no_status,
        name,
        name_folded,
        name_pattern,
        former_name,
        town_code,
        village_code,
        cast(null as date) as left_month,
        received_at
    from {{ ref('int_rules__holder') }}
    where programme = 'dibao_edge'

),

-- Households that left dibao, with whoever lived together in their last month, covered or not.
household_left as (

    select months.month, held.household_key, max(held.month) as held_month
    from {{ ref('int_household_month') }} as held
    inner join {{ ref('int_months') }} as months
        on held.month < months.month
    left join {{ ref('int_household_month') }} as now
        on held.household_key = now.household_key
        and months.month = now.month
        and now.programme = 'dibao'
        and now.holds
    where held.holds and held.programme = 'dibao' and now.household_key is null
        and held.month >= {{ plus_months('months.month', '-' ~ parameter('left_window_months', 'months.month')) }}
    group by months.month, held.household_key

),

leaver as (

    select
        household_left.month,
        member.person_key,
        member.id_no_status,
        member.name,
        member.name_folded,
        member.name_pattern,
        former.former_name,
        member.town_code,
        member.village_code,
        {{ plus_months('household_left.held_month', 1) }} as left_month,
        member.received_at
    from household_left
    inner join {{ ref('int_member_month') }} as member
        on household_left.household_key = member.household_key
        and household_left.held_month = member.month
        and member.role = '共同生活'
    left join {{ ref('int_rules__ended_otherwise') }} as ended
        on household_left.household_key = ended.household_key
        and ended.month >= household_left.held_month
        and ended.month <= household_left.month
    left join {{ ref('int_rules__holder') }} as covered
        on member.person_key = covered.person_key
        and household_left.month = covered.month
        and covered.programme in ('extreme_poverty', 'dibao')
    left join {{ ref('int_rules__former_name') }} as former on member.person_key = former.person_key
    where ended.household_key is null and covered.person_key is null

),

listed as (

    select * from edge
    union all
    select * from leaver

),

found as (

    select
        listed.*,
        unemployed.registration_no,
        unemployed.registered_on,
        unemployed.benefit_months_left,
        {{ match_grade('listed', 'unemployed', 'listed.former_name') }} as match_grade,
        greatest(listed.received_at, unemployed.received_at) as found_at
    from listed
    inner join unemployed on listed.person_key = unemployed.person_key and listed.month = unemployed.month
    left join {{ ref('int_person_death') }} as death
        on listed.person_key = death.person_key and listed.name = death.name and {{ died_before('death', 'listed.month') }}
    where death.person_key is null

)

select
    found.month,
    'dibao' as programme,
    'person' as subject_type,
    found.person_key,
    cast(null as string) as household_key,
    found.registration_no as event_key,
    'medium' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    found.match_grade,
    found.town_code,
    found.village_code,
    {{ json_object([
        ('事实', "'登记失业，失业保险金即将领完或没有失业保险金'"),
        ('失业登记年月', 'substr(cast(found.registered_on as string), 1, 7)'),
        ('救助情况', "case when found.left_month is null then '低保边缘家庭成员' else '所在家庭已退出低保' end"),
        ('退出年月', 'substr(cast(found.left_month as string), 1, 7)'),
        ('来源', "'失业登记、救助名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('登记号码', 'found.registration_no'),
        ('失业登记时间', 'cast(found.registered_on as string)'),
        ('剩余失业保险金月数', 'found.benefit_months_left'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
where found.match_grade is not null
