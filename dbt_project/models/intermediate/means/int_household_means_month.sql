with measured as (
    select
        income.*,
        {{ cents('income.annual_income - income.employment_deduction') }} as net_cents,
        cast(standard.value as decimal(18, 2)) as standard,
        cast(standard.value * edge.value as decimal(18, 2)) as edge_line,
        due.dibao_amount
    from {{ ref('int_household_income_month') }} as income
    left join {{ ref('int_dibao_amount_month') }} as due
        on income.month = due.month and income.household_key = due.household_key and due.basis = 'current'
    {% for alias, name in [('standard', 'dibao_standard'), ('edge', 'edge_multiple')] -%}
    left join {{ ref('int_parameter_month') }} as {{ alias }}
        on income.month = {{ alias }}.month and {{ alias }}.parameter = '{{ name }}'
    {% endfor %}
),

compared as (
    select
        *,
        net_cents < person_months * {{ cents('standard') }} as is_below_standard,
        net_cents < person_months * {{ cents('edge_line') }} as is_below_edge
    from measured
)

select
    month,
    household_key,
    programme,
    status,
    holds,
    start_month,
    town_code,
    village_code,
    member_count,
    covered_rows,
    minor_rows,
    annual_income,
    employment_deduction,
    person_months,
    standard,
    edge_line,
    cast({{ money_divided('(annual_income - employment_deduction)', 'person_months') }} as decimal(18, 2)) as income_per_capita,
    is_below_standard,
    is_below_edge,
    case
        when is_below_standard then 'dibao'
        when is_below_edge then 'dibao_edge'
        when is_below_edge is not null then 'none'
    end as assessed_tier,
    programme as recorded_tier,
    dibao_amount,
    monthly_amount,
    cast(coalesce(monthly_amount, 0) as decimal(18, 2)) as recorded_amount,
    received_at
from compared
