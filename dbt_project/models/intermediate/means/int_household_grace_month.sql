with dated as (
    select
        income.month,
        income.household_key,
        income.status,
        income.grace_until,
        income.monthly_amount,
        coalesce(due.uplift_amount, 0) as uplift_amount,
        case when due.is_below_standard then due.uplift_amount else 0 end as uplift_paid,
        max(case when income.status = '在享' then income.month end) over (
            partition by income.household_key order by income.month nulls last
            rows between unbounded preceding and 1 preceding
        ) as month_before
    from {{ ref('int_household_income_month') }} as income
    left join {{ ref('int_dibao_amount_month') }} as due
        on income.month = due.month and income.household_key = due.household_key and due.basis = 'current'
    where income.programme in ('dibao', 'dibao_single')
),

-- What stood before is the ceiling, less the uplift of whoever has left the household or the uplift since.
capped as (
    select
        dated.*,
        before.monthly_amount - case
            when before.uplift_paid > dated.uplift_amount then before.uplift_paid - dated.uplift_amount else 0
        end as ceiling
    from dated
    left join dated as before on dated.household_key = before.household_key and dated.month_before = before.month
    where dated.status = '渐退'
)

select
    month,
    household_key,
    cast(case
        when grace_until < month then 0
        else {{ months_between_starts('month', 'grace_until') }}
    end as integer) as grace_months_left,
    cast(case
        when grace_until < month or ceiling < 0 or coalesce(monthly_amount, 0) < 0 then 0
        when ceiling < monthly_amount then ceiling
        else coalesce(monthly_amount, 0)
    end as decimal(18, 2)) as grace_amount
from capped
