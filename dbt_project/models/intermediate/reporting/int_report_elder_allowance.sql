{{ config(materialized='view') }}
with enrolled as (
    select
        enrolment.*,
        previous.holds as held_before
    from {{ ref('int_enrolment_month') }} as enrolment
    left join {{ ref('int_enrolment_month') }} as previous
        on enrolment.person_key = previous.person_key
        and previous.programme = 'elder_allowance'
        and previous.month = {{ plus_months('enrolment.month', -1) }}
    where enrolment.programme = 'elder_allowance'
)

select
    month,
    town_code,
    {{ band_or_why_not('age', 'age_band') }} as age_band,
    person_key,
    cast(null as string) as payment_no,
    delivery_id,
    1 as persons,
    entitled_amount,
    recorded_amount,
    0 as paid_amount,
    case
        when coalesce(held_before, false) then 0
        when month = (select min(month) from {{ ref('int_months') }}) and start_month < month then 0
        else 1
    end as new_persons,
    0 as ended_persons
from enrolled
where holds
union all
-- Who held it last month and does not now ended in this month, where they were last month.
select
    {{ plus_months('last.month', 1) }} as month,
    last.town_code,
    {{ band_or_why_not('last.age', 'last.age_band') }} as age_band,
    last.person_key,
    cast(null as string) as payment_no,
    last.delivery_id,
    0 as persons,
    0 as entitled_amount,
    0 as recorded_amount,
    0 as paid_amount,
    0 as new_persons,
    1 as ended_persons
from enrolled as last
left join enrolled as now
    on last.person_key = now.person_key and now.month = {{ plus_months('last.month', 1) }} and now.holds
where last.holds and now.person_key is null and last.month < date '{{ var("as_of") }}'
union all
select
    payment.benefit_month as month,
    payment.town_code,
    {{ band_or_why_not('person.birth_date', 'elder.age_band') }} as age_band,
    payment.person_key,
    payment.payment_no,
    payment.delivery_id,
    0 as persons,
    0 as entitled_amount,
    0 as recorded_amount,
    case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end as paid_amount,
    0 as new_persons,
    0 as ended_persons
from {{ ref('int_payment') }} as payment
inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
left join {{ ref('int_person') }} as person on payment.person_key = person.person_key
left join {{ ref('int_elder_tariff_month') }} as elder
    on payment.benefit_month = elder.month
    and {{ age_in_month('person.birth_date', 'payment.benefit_month') }} >= elder.from_age
    and (elder.below_age is null or {{ age_in_month('person.birth_date', 'payment.benefit_month') }} < elder.below_age)
where payment.programme = 'elder_allowance' and payment.result = '成功'
