with owed as ( -- what went out for months after the death, and what came back of it

    select
        payment.programme,
        payment.person_key,
        payment.benefit_month,
        payment.paid_month,
        payment.town_code,
        death.died_on,
        death.died_month,
        death.valid_from,
        death.valid_to,
        death.match_grade,
        case when payment.kind = '扣回' then -abs(payment.amount) else payment.amount end as amount,
        greatest(payment.received_at, death.received_at) as found_at
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('int_person_death') }} as death
        on payment.person_key = death.person_key
        and payment.name = death.name
        and payment.benefit_month > death.died_month
    where payment.result = '成功' and payment.kind in ('正常', '补发', '扣回')

),

balance as (

    select
        months.month,
        owed.programme,
        owed.person_key,
        owed.died_on,
        sum(owed.amount) as amount,
        count(distinct owed.benefit_month) as months_paid,
        max(owed.benefit_month) as last_benefit_month,
        max(owed.match_grade) as match_grade,
        max(owed.town_code) as town_code,
        max(owed.found_at) as found_at
    from owed
    inner join {{ ref('int_months') }} as months
        on owed.paid_month <= months.month and {{ rules_in('owed', 'months.month') }}
    group by months.month, owed.programme, owed.person_key, owed.died_on
    having sum(owed.amount) > 0

),

filed as (

    select month, programme, person_key, max(town_code) as town_code, max(village_code) as village_code
    from {{ ref('int_roster_month') }}
    group by month, programme, person_key

)

select
    balance.month,
    balance.programme,
    'person' as subject_type,
    balance.person_key,
    cast(null as string) as household_key,
    cast(balance.died_on as string) as event_key,
    'critical' as severity,
    balance.amount as amount_at_risk,
    balance.match_grade,
    coalesce(filed.town_code, person.town_code, balance.town_code) as town_code,
    coalesce(filed.village_code, person.village_code) as village_code,
    {{ json_object([
        ('事实', "'死亡次月以后所属月份已发款，尚未全部扣回'"),
        ('请先核实', death_before_birth('balance.died_on', 'person.birth_date')),
        ('死亡年月', 'substr(cast(balance.died_on as string), 1, 7)'),
        ('涉及月数', 'balance.months_paid'),
        ('最后所属年月', 'substr(cast(balance.last_benefit_month as string), 1, 7)'),
        ('待追缴金额', 'balance.amount'),
        ('来源', "'发放明细、死亡登记'"),
    ]) }} as evidence,
    {{ json_object([
        ('死亡日期', 'cast(balance.died_on as string)'),
        ('涉及月数', 'balance.months_paid'),
        ('待追缴金额', 'balance.amount'),
    ]) }} as evidence_restricted,
    balance.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from balance
left join filed
    on balance.month = filed.month
    and balance.programme = filed.programme
    and balance.person_key = filed.person_key
left join {{ ref('int_person') }} as person on balance.person_key = person.person_key
