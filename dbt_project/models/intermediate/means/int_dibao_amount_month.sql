{#- A share as whole ten-thousandths; amounts are counted in cents of so many parts, people and months, and divided once. -#}
{% set parts = 10000 %}

with covered as (
    select
        month,
        household_key,
        coalesce(uplift, '无') as uplift,
        count(*) as people
    from {{ ref('int_member_month') }}
    where role = '共同生活' and covered
    group by month, household_key, coalesce(uplift, '无')
),

standard as (
    select month, 'current' as basis, value as standard
    from {{ ref('int_parameter_month') }}
    where parameter = 'dibao_standard'
    union all
    select month, 'before' as basis, value_before as standard
    from {{ ref('int_parameter_month') }}
    where parameter = 'dibao_standard' and value_before is not null
),

measured as (
    select
        income.month,
        income.household_key,
        income.person_months,
        {{ cents('income.annual_income - income.employment_deduction') }} as net_cents,
        standard.basis,
        {{ cents('standard.standard') }} as standard_cents,
        rounding.value_text as rounding,
        {{ cents('rounding.value') }} as step_cents
    from {{ ref('int_household_income_month') }} as income
    inner join standard on income.month = standard.month
    inner join {{ ref('int_parameter_month') }} as rounding
        on income.month = rounding.month and rounding.parameter = 'dibao_rounding' and rounding.category = ''
    where income.person_months is not null and income.annual_income is not null
),

-- What one person of each uplift is due: the standard less the income of a head, or the whole standard, and the uplift.
personal as (
    select
        measured.*,
        coalesce(covered.people, 0) as people,
        measured.net_cents < measured.person_months * measured.standard_cents as is_below_standard,
        cast(coalesce(uplift.value, 0) * {{ parts }} as bigint) as uplift_parts,
        measured.person_months * measured.standard_cents * ({{ parts }} + cast(coalesce(uplift.value, 0) * {{ parts }} as bigint))
        - case when whole.value = 1 then 0 else {{ parts }} * measured.net_cents end as gap
    from measured
    left join covered
        on measured.month = covered.month and measured.household_key = covered.household_key
    left join {{ ref('int_parameter_month') }} as uplift
        on covered.month = uplift.month and covered.uplift = uplift.category and uplift.parameter = 'dibao_uplift'
    left join {{ ref('int_parameter_month') }} as whole
        on covered.month = whole.month and covered.uplift = whole.category and whole.parameter = 'dibao_whole_standard'
),

added as (
    select
        month,
        household_key,
        basis,
        standard_cents,
        rounding,
        step_cents,
        is_below_standard,
        {{ parts }} * person_months as shares,
        {{ parts }} * person_months * step_cents as divisor,
        sum(people * gap) as gap,
        sum(people * {{ divided_up('gap', parts ~ ' * person_months * step_cents') }}) as personal_steps,
        sum(people * standard_cents * uplift_parts) as uplift
    from personal
    group by month, household_key, basis, standard_cents, rounding, step_cents, is_below_standard, person_months
)

select
    month,
    household_key,
    basis,
    {{ yuan('standard_cents') }} as standard,
    is_below_standard,
    case
        when not is_below_standard or gap <= 0 then cast(0 as decimal(18, 2))
        when rounding = 'household_ceiling' then {{ yuan(divided_up('gap', 'divisor') ~ ' * step_cents') }}
        when rounding = 'person_ceiling' then {{ yuan('personal_steps * step_cents') }}
        when rounding = 'household_round2' then {{ yuan(divided_half_up('gap', 'divisor') ~ ' * step_cents') }}
    end as dibao_amount,
    case
        when not is_below_standard or gap <= 0 then cast(0 as decimal(18, 2))
        else {{ yuan(divided_half_up('gap', 'shares')) }}
    end as unrounded_amount,
    {{ yuan(divided_half_up('uplift', parts)) }} as uplift_amount
from added
