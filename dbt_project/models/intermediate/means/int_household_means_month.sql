with members as (
    select
        month,
        household_key,
        sum(case when covered then 1 else 0 end) as covered_rows,
        sum(case when covered and uplift = '未成年人' then 1 else 0 end) as minor_rows,
        sum(
            coalesce(wage_income, 0) + coalesce(business_income, 0) + coalesce(property_income, 0)
            + coalesce(transfer_income, 0) + coalesce(other_income, 0)
        ) as summed_income,
        max(case
            when coalesce(wage_income, business_income, property_income, transfer_income, other_income) is not null then 1
            else 0
        end) as incomes_given,
        max(received_at) as received_at
    from {{ ref('int_member_month') }}
    where role = '共同生活'
    group by month, household_key
),

measured as (
    select
        household.month,
        household.household_key,
        household.programme,
        household.status,
        household.holds,
        household.town_code,
        household.village_code,
        household.monthly_amount,
        household.member_count,
        coalesce(members.covered_rows, 0) as covered_rows,
        coalesce(members.minor_rows, 0) as minor_rows,
        cast(case
            when household.annual_income is not null then household.annual_income
            when members.incomes_given = 1 then members.summed_income
        end as decimal(18, 2)) as annual_income,
        cast(coalesce(household.employment_deduction, 0) as decimal(18, 2)) as employment_deduction,
        cast(standard.value as decimal(18, 2)) as standard,
        cast(standard.value * edge.value as decimal(18, 2)) as edge_line,
        cast(standard.value * minor.value as decimal(18, 2)) as minor_uplift,
        cast(rounding.value as decimal(18, 2)) as rounding,
        household.received_at
    from {{ ref('int_household_month') }} as household
    left join members
        on household.month = members.month and household.household_key = members.household_key
    {% for alias, name, category in [
        ('standard', 'dibao_standard', ''),
        ('edge', 'edge_multiple', ''),
        ('minor', 'dibao_uplift', '未成年人'),
        ('rounding', 'dibao_rounding', ''),
    ] -%}
    left join {{ ref('int_parameter_month') }} as {{ alias }}
        on household.month = {{ alias }}.month
        and {{ alias }}.parameter = '{{ name }}' and {{ alias }}.category = '{{ category }}'
    {% endfor %}
),

-- All amounts in cents of 12 × member_count persons and months, so that nothing is divided before it is rounded.
scaled as (
    select
        *,
        case when member_count >= 1 then 12 * member_count end as person_months,
        {{ cents('annual_income - employment_deduction') }} as net_cents,
        {{ cents('standard') }} as standard_cents,
        {{ cents('edge_line') }} as edge_cents,
        {{ cents('minor_uplift') }} as minor_cents,
        {{ cents('rounding') }} as rounding_cents
    from measured
),

gap as (
    select
        *,
        net_cents < person_months * standard_cents as is_below_standard,
        net_cents < person_months * edge_cents as is_below_edge,
        person_months * covered_rows * standard_cents - covered_rows * net_cents
        + person_months * minor_rows * minor_cents as gap_scaled
    from scaled
)

select
    month,
    household_key,
    programme,
    status,
    holds,
    town_code,
    village_code,
    member_count,
    covered_rows,
    minor_rows,
    annual_income,
    employment_deduction,
    standard,
    cast({{ money_divided('(annual_income - employment_deduction)', 'person_months') }} as decimal(18, 2)) as income_per_capita,
    is_below_standard,
    is_below_edge,
    case
        when is_below_standard then 'dibao'
        when is_below_edge then 'dibao_edge'
        when is_below_edge is not null then 'none'
    end as assessed_tier,
    programme as recorded_tier,
    cast(case
        when is_below_standard is null then null
        when not is_below_standard or gap_scaled <= 0 then 0
        else {{ yuan(idiv('gap_scaled + person_months * rounding_cents - 1', 'person_months * rounding_cents') ~ ' * rounding_cents') }}
    end as decimal(18, 2)) as dibao_amount,
    cast(coalesce(monthly_amount, 0) as decimal(18, 2)) as recorded_amount,
    received_at
from gap
