with measured as (
    select
        income.month,
        income.household_key,
        income.programme,
        income.status,
        income.holds,
        income.start_month,
        income.town_code,
        income.village_code,
        income.member_count,
        income.member_rows,
        income.covered_rows,
        income.minor_rows,
        income.wage_income,
        income.business_income,
        income.property_income,
        income.transfer_income,
        income.pension_income,
        income.other_income,
        income.annual_income,
        income.employment_deduction,
        income.rigid_expenditure,
        income.asset_conclusion,
        income.person_months,
        cast({{ money_divided('(income.annual_income - income.employment_deduction)', 'income.person_months') }} as decimal(18, 2))
            as income_per_capita,
        tier.standard,
        tier.edge_line,
        tier.is_below_standard,
        tier.is_below_edge,
        tier.qualified_members,
        tier.assessed_tier,
        income.programme as recorded_tier,
        tier.extreme_poverty_amount,
        due.dibao_amount,
        due.unrounded_amount,
        cast(case when due.is_below_standard then due.uplift_amount else 0 end as decimal(18, 2)) as uplift_amount,
        grace.grace_months_left,
        grace.grace_amount,
        income.monthly_amount,
        cast(coalesce(income.monthly_amount, 0) as decimal(18, 2)) as recorded_amount,
        income.received_at
    from {{ ref('int_household_income_month') }} as income
    inner join {{ ref('int_household_tier_month') }} as tier
        on income.month = tier.month and income.household_key = tier.household_key
    left join {{ ref('int_dibao_amount_month') }} as due
        on income.month = due.month and income.household_key = due.household_key and due.basis = 'current'
    left join {{ ref('int_household_grace_month') }} as grace
        on income.month = grace.month and income.household_key = grace.household_key
)

select
    *,
    cast(case
        when not holds or programme in ('dibao_edge', 'rigid_expenditure') then 0
        when status = '渐退' then grace_amount
        when programme = 'dibao' then dibao_amount
        when recorded_amount < 0 then 0
        else recorded_amount
    end as decimal(18, 2)) as entitled_amount
from measured
