with twice as (

    select
        benefit_month as month,
        programme,
        max(paid_household_key) as household_key,
        max(person_key) as person_key,
        count(*) as payments,
        sum(amount) - max(amount) as amount,
        max(town_code) as town_code,
        {{ joined_values('payment_no', '、') }} as payment_numbers,
        {{ joined_values('substr(cast(paid_month as string), 1, 7)', '、') }} as paid_months,
        max(received_at) as received_at
    from {{ ref('int_rules__cash_payment') }}
    where kind = '正常'
    group by benefit_month, programme, pay_subject_key
    having count(*) > 1

),

roster as (

    select month, programme, person_key, max(town_code) as town_code, max(village_code) as village_code
    from {{ ref('int_roster_month') }}
    group by month, programme, person_key

)

select
    twice.month,
    twice.programme,
    case when twice.household_key is null then 'person' else 'household' end as subject_type,
    twice.person_key,
    twice.household_key,
    cast(twice.month as string) as event_key,
    'critical' as severity,
    twice.amount as amount_at_risk,
    'M1' as match_grade,
    coalesce(household.town_code, roster.town_code, person.town_code, twice.town_code) as town_code,
    coalesce(household.village_code, roster.village_code, person.village_code) as village_code,
    {{ json_object([
        ('事实', "'同项目同一所属月份成功发放两笔以上'"),
        ('所属年月', 'substr(cast(twice.month as string), 1, 7)'),
        ('笔数', 'twice.payments'),
        ('发放年月', 'twice.paid_months'),
        ('多发金额', 'twice.amount'),
        ('来源', "'发放明细'"),
    ]) }} as evidence,
    {{ json_object([
        ('所属年月', 'cast(twice.month as string)'),
        ('发放流水号', 'twice.payment_numbers'),
        ('多发金额', 'twice.amount'),
    ]) }} as evidence_restricted,
    twice.received_at,
    {{ nobody_left_out() }} as left_out
from twice
left join {{ ref('int_household_month') }} as household
    on twice.household_key = household.household_key and twice.month = household.month
left join roster
    on twice.person_key = roster.person_key and twice.month = roster.month and twice.programme = roster.programme
left join {{ ref('int_person') }} as person on twice.person_key = person.person_key
