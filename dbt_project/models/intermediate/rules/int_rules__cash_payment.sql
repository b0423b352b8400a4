{{ config(materialized='view') }}
-- What was paid in cash, 正常 or 补发, with whom it was paid to; 低保 that names no household belongs to the payee's.
with payee_household as (

    select month, person_key, min(household_key) as household_key
    from {{ ref('int_rules__holder') }}
    where programme in ('dibao', 'dibao_single')
    group by month, person_key

),

payment as (

    select
        payment.*,
        case when payment.programme in ('dibao', 'dibao_single') then 'dibao' else payment.programme end as pay_programme,
        case
            when payment.programme in ('dibao', 'dibao_single')
                then coalesce(payment.household_key, payee_household.household_key)
        end as paid_household_key
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('programmes') }} as programme on payment.programme = programme.programme and programme.is_cash
    left join payee_household
        on payment.person_key = payee_household.person_key and payment.benefit_month = payee_household.month
    where payment.result = '成功' and payment.kind in ('正常', '补发')

)

select
    *,
    coalesce(paid_household_key, person_key) as pay_subject_key
from payment
