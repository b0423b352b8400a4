with lined as (

    select
        standard.month,
        standard.value as standard,
        edge.value as edge_multiple,
        high.value as high_multiple,
        higher.value as higher_multiple
    from {{ ref('int_parameter_month') }} as standard
    {% for alias, name, category in [
        ('edge', 'edge_multiple', ''), ('high', 'wage_high_multiple', 'dibao'),
        ('higher', 'wage_high_multiple', 'dibao_single'),
    ] -%}
    inner join {{ ref('int_parameter_month') }} as {{ alias }}
        on standard.month = {{ alias }}.month
        and {{ alias }}.parameter = '{{ name }}'
        and {{ alias }}.category = '{{ category }}'
    {% endfor -%}
    where standard.parameter = 'dibao_standard' and standard.category = ''

),

stated as (

    select
        member.*,
        case when member.household_key is null then 0
            else {{ cents('income.annual_income - income.employment_deduction') }}
        end as net_cents,
        {{ cents('coalesce(member.wage_income, 0)') }} as wage_cents,
        {{ cents('coalesce(member.pension_income, 0)') }} as pension_cents,
        case when member.household_key is null then 12 else income.person_months end as person_months
    from {{ ref('int_rules__low_income_member') }} as member
    left join {{ ref('int_household_income_month') }} as income
        on member.household_key = income.household_key and member.month = income.month
    where member.role = '共同生活' and member.status <> '渐退'

)

select
    stated.*,
    lined.standard,
    case when stated.programme in ('dibao', 'extreme_poverty') then 1 else lined.edge_multiple end as line_multiple,
    stated.person_months * {{ cents("lined.standard * case
            when stated.programme in ('dibao', 'extreme_poverty') then 1 else lined.edge_multiple
        end") }} as line_cents,
    stated.person_months * {{ cents("lined.standard * case
            when stated.programme in ('dibao', 'extreme_poverty') then lined.high_multiple else lined.higher_multiple
        end") }} as high_cents
from stated
inner join lined on stated.month = lined.month
where stated.net_cents is not null and stated.person_months is not null
