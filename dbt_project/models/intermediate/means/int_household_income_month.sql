{#- A household beyond a thousand people, or an income beyond a hundred million yuan, is a slip of the pen; the bounds keep
    whole cents, times people and months, within 64 bits. -#}
{% set most_people, most_yuan = 1000, 100000000 %}
{% set kinds = ['wage_income', 'business_income', 'property_income', 'transfer_income', 'other_income'] %}

with members as (
    select
        month,
        household_key,
        count(*) as member_rows,
        sum(case when covered then 1 else 0 end) as covered_rows,
        sum(case when covered and uplift = '未成年人' then 1 else 0 end) as minor_rows,
        {% for kind in kinds + ['pension_income'] -%}
        sum({{ kind }}) as {{ kind }},
        {% endfor -%}
        max(received_at) as received_at
    from {{ ref('int_member_month') }}
    where role = '共同生活'
    group by month, household_key
),

stated as (
    select
        household.*,
        coalesce(members.member_rows, 0) as member_rows,
        coalesce(members.minor_rows, 0) as minor_rows,
        {% for kind in kinds + ['pension_income'] -%}
        members.{{ kind }},
        {% endfor -%}
        -- What nobody states is not nothing: without any income of any member there is no sum.
        coalesce(
            {%- for kind in kinds %}
            members.{{ kind }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) is not null as is_stated,
        0
        {%- for kind in kinds %}
        + coalesce(members.{{ kind }}, 0)
        {%- endfor %} as summed_income,
        household.annual_income as stated_income,
        household.employment_deduction as stated_deduction,
        coalesce(members.received_at, household.received_at) as newest_received_at
    from {{ ref('int_household_month') }} as household
    left join members
        on household.month = members.month and household.household_key = members.household_key
)

select
    month,
    household_key,
    programme,
    status,
    holds,
    start_month,
    grace_until,
    town_code,
    village_code,
    member_count,
    member_rows,
    covered_rows,
    minor_rows,
    {% for kind in kinds + ['pension_income'] -%}
    {{ within('-' ~ most_yuan, kind, most_yuan) }} as {{ kind }},
    {% endfor -%}
    {{ within('-' ~ most_yuan, 'coalesce(stated_income, case when is_stated then summed_income end)', most_yuan) }} as annual_income,
    {{ within('-' ~ most_yuan, 'coalesce(stated_deduction, 0)', most_yuan) }} as employment_deduction,
    {{ within('-' ~ most_yuan, 'rigid_expenditure_amount', most_yuan) }} as rigid_expenditure,
    asset_conclusion,
    monthly_amount,
    case when member_count between 1 and {{ most_people }} then 12 * member_count end as person_months,
    newest_received_at as received_at
from stated
