with former as (
    select person_key, max(former_name) as former_name
    from {{ ref('int_population_period') }}
    where former_name is not null
    group by person_key
),

-- A valid certificate of 一级 or 二级, or of 三级 for the mind, can carry one person's dibao inside the family's band.
qualified as (
    select
        member.month,
        member.household_key,
        count(distinct member.person_key) as members
    from {{ ref('int_member_month') }} as member
    inner join {{ ref('int_certificate_month') }} as certificate
        on member.person_key = certificate.person_key and member.month = certificate.month
    left join former on member.person_key = former.person_key
    where
        member.role = '共同生活'
        and certificate.is_valid
        and (
            certificate.grade in ('一级', '二级')
            or (certificate.grade = '三级' and certificate.category in ('智力', '精神'))
        )
        and {{ match_grade('member', 'certificate', 'former.former_name', 'certificate.by_certificate') }} is not null
    group by member.month, member.household_key
),

supported as (
    select
        member.month,
        member.household_key,
        count(distinct member.person_key) as members,
        cast(sum(coalesce(person.basic_amount, 0)) as decimal(18, 2)) as basic_amount
    from {{ ref('int_member_month') }} as member
    inner join {{ ref('int_extreme_poverty_in_force') }} as person
        on member.person_key = person.person_key and member.month = person.month
    where member.role = '共同生活' and {{ holds('person') }}
    group by member.month, member.household_key
),

-- In whole cents of a year: what is left of the income, and every line times people and months.
lined as (
    select
        income.month,
        income.household_key,
        income.member_rows,
        income.asset_conclusion,
        cast(standard.value as decimal(18, 2)) as standard,
        cast(standard.value * edge.value as decimal(18, 2)) as edge_line,
        {{ cents('income.annual_income - income.employment_deduction') }} as net,
        {{ cents('income.rigid_expenditure') }} as rigid,
        income.person_months * {{ cents('standard.value') }} as standard_of_year,
        income.person_months * {{ cents('standard.value * edge.value') }} as edge_of_year,
        income.person_months * {{ cents('standard.value * single.value') }} as single_of_year,
        {{ idiv('income.person_months', 12) }} * {{ cents('average.value') }} as average_of_year,
        coalesce(qualified.members, 0) as qualified_members,
        coalesce(supported.members, 0) as supported_members,
        coalesce(supported.basic_amount, 0) as extreme_poverty_amount
    from {{ ref('int_household_income_month') }} as income
    left join qualified on income.month = qualified.month and income.household_key = qualified.household_key
    left join supported on income.month = supported.month and income.household_key = supported.household_key
    {% for alias, name in [
        ('standard', 'dibao_standard'),
        ('edge', 'edge_multiple'),
        ('single', 'single_multiple'),
        ('average', 'average_disposable_income'),
    ] -%}
    left join {{ ref('int_parameter_month') }} as {{ alias }}
        on income.month = {{ alias }}.month and {{ alias }}.parameter = '{{ name }}' and {{ alias }}.category = ''
    {% endfor %}
)

select
    month,
    household_key,
    standard,
    edge_line,
    net < standard_of_year as is_below_standard,
    net < edge_of_year as is_below_edge,
    qualified_members,
    extreme_poverty_amount,
    case
        when member_rows > 0 and supported_members = member_rows then 'extreme_poverty'
        when (net < standard_of_year) is null then null
        when asset_conclusion = '超标' then 'none'
        when net < standard_of_year then 'dibao'
        when net < single_of_year and qualified_members > 0 then 'dibao_single'
        when net < edge_of_year then 'dibao_edge'
        when net < average_of_year and net - rigid < standard_of_year then 'rigid_expenditure'
        else 'none'
    end as assessed_tier
from lined
