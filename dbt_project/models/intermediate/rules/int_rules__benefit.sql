-- "paid for m": successful, 正常 or 补发, by the month it is for. A household's money is shared by those it covers.
with payment as (

    select
        benefit_month,
        amount,
        case when programme in ('dibao', 'dibao_single') then 'dibao' else programme end as pay_programme,
        case
            when programme in ('dibao', 'dibao_single') then coalesce(household_key, person_key) else person_key
        end as pay_subject_key
    from {{ ref('int_payment') }}
    where result = '成功' and kind in ('正常', '补发')

),

paid as (

    select benefit_month as month, pay_programme, pay_subject_key, sum(amount) as paid_amount
    from payment
    group by benefit_month, pay_programme, pay_subject_key

),

household as (

    select month, household_key, max(covered_rows) as covered_rows
    from {{ ref('int_household_month') }}
    group by month, household_key

)

select
    paid.month,
    paid.pay_programme,
    paid.pay_subject_key,
    cast(paid.paid_amount as decimal(18, 2)) as paid_amount,
    cast(coalesce(
        {{ money_divided('paid.paid_amount', 'household.covered_rows') }}, paid.paid_amount
    ) as decimal(18, 2)) as share_amount
from paid
left join household on paid.pay_subject_key = household.household_key and paid.month = household.month
