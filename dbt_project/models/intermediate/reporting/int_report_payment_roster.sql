{{ config(materialized='view') }}
-- Who is on a roster stands beside what was paid in the same town, household by household, row by row, payment by payment.
with listed_person as (

    select distinct month, programme, person_key
    from {{ ref('int_roster_month') }}
    where holds and person_key is not null

),

listed_household as (

    select distinct month, programme, household_key
    from {{ ref('int_household_month') }}
    where holds

),

paid as (

    select
        payment.benefit_month as month,
        payment.town_code,
        payment.programme,
        payment.person_key,
        payment.household_key,
        payment.payment_no,
        payment.delivery_id,
        case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end as amount,
        listed_person.person_key is null and listed_household.household_key is null as is_off_roster,
        row_number() over (
            partition by payment.benefit_month, payment.town_code, payment.programme, payment.person_key
            order by payment.payment_no asc nulls last, payment.delivery_id asc nulls last
        ) as position
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
    left join listed_person
        on payment.benefit_month = listed_person.month
        and payment.programme = listed_person.programme
        and payment.person_key = listed_person.person_key
    left join listed_household
        on payment.benefit_month = listed_household.month
        and payment.programme = listed_household.programme
        and payment.household_key = listed_household.household_key
    where payment.result = '成功'

)

select
    month,
    town_code,
    programme,
    person_key,
    household_key,
    cast(null as string) as payment_no,
    delivery_id,
    case when unit = 'household' then 1 else 0 end as households,
    case when unit = 'person' then 1 else 0 end as persons,
    0 as recorded_amount,
    0 as payees,
    0 as paid_amount,
    0 as off_roster_amount
from {{ ref('int_flow_unit') }}
union all
select
    month,
    town_code,
    programme,
    person_key,
    household_key,
    cast(null as string) as payment_no,
    delivery_id,
    0 as households,
    0 as persons,
    monthly_amount as recorded_amount,
    0 as payees,
    0 as paid_amount,
    0 as off_roster_amount
from {{ ref('int_roster_month') }}
where holds and monthly_amount is not null
union all
select
    month,
    town_code,
    programme,
    person_key,
    household_key,
    payment_no,
    delivery_id,
    0 as households,
    0 as persons,
    0 as recorded_amount,
    case when position = 1 then 1 else 0 end as payees,
    amount as paid_amount,
    case when is_off_roster then amount else 0 end as off_roster_amount
from paid
