{{ config(materialized='view') }}
{% set dimensions = roster_dimensions() -%}
-- Whoever is on two rosters of a programme is one person, and what was paid stands beside the first row.
with listed as (

    select
        *,
        row_number() over (
            partition by month, programme, person_key
            order by town_code asc nulls last, monthly_amount asc nulls last, delivery_id asc nulls last
        ) as position
    from {{ ref('int_roster_month') }}
    where holds and programme not in ('dibao', 'dibao_single', 'dibao_edge', 'rigid_expenditure', 'elder_allowance')

)

select
    month,
    town_code,
    programme,
    {% for dimension in dimensions -%}
    coalesce({{ dimension }}, '') as {{ dimension }},
    {% endfor -%}
    person_key,
    cast(null as string) as payment_no,
    delivery_id,
    case when position = 1 and person_key is not null then 1 else 0 end as persons,
    coalesce(monthly_amount, 0) as recorded_amount,
    0 as paid_amount
from listed
union all
-- What was paid to somebody off the roster is spending as well; what the roster would say of it stays empty.
select
    payment.benefit_month as month,
    payment.town_code,
    payment.programme,
    {% for dimension in dimensions -%}
    coalesce(listed.{{ dimension }}, '') as {{ dimension }},
    {% endfor -%}
    payment.person_key,
    payment.payment_no,
    payment.delivery_id,
    0 as persons,
    0 as recorded_amount,
    case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end as paid_amount
from {{ ref('int_payment') }} as payment
inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
left join listed
    on payment.person_key = listed.person_key
    and payment.programme = listed.programme
    and payment.benefit_month = listed.month
    and listed.position = 1
where
    payment.result = '成功'
    and payment.programme in (
        'disability_living', 'disability_nursing', 'extreme_poverty', 'orphan', 'unattended_child', 'child_in_difficulty'
    )
