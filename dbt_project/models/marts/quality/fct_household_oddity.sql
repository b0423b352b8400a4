-- Every rule treats these households by what their rows say; they are listed so that a person can look.
{% set month = "date '" ~ var('as_of') ~ "'" %}

with household as (
    select filed.* from {{ ref('int_household_month') }} as filed
    where filed.month = {{ month }} and {{ holds('filed') }}
),

member as (
    select
        household.household_key,
        household.town_code,
        household.village_code,
        member.person_key,
        member.relation in ('本人', '户主') as is_head,
        {{ age_in_month('person.birth_date', 'household.month') }} as age
    from household
    inner join {{ ref('int_member_month') }} as member
        on household.month = member.month
        and household.household_key = member.household_key
        and member.role = '共同生活'
    left join {{ ref('int_person') }} as person on member.person_key = person.person_key
),

elsewhere as (
    select person_key from member
    where person_key is not null
    group by person_key
    having count(distinct household_key) > 1
),

counted as (
    select
        household.household_key,
        max(household.town_code) as town_code,
        max(household.village_code) as village_code,
        count(member.household_key) as members,
        coalesce(sum(case when member.is_head then 1 else 0 end), 0) as heads,
        coalesce(sum(case when member.age >= 18 or member.age is null then 1 else 0 end), 0) as adults,
        count(elsewhere.person_key) as members_elsewhere
    from household
    left join member on household.household_key = member.household_key
    left join elsewhere on member.person_key = elsewhere.person_key
    group by household.household_key
),

-- From so many members on a household is rather a home or a list that a clerk put under one number.
odd as (
    {% for oddity, condition in [
        ('no_member', 'members = 0'),
        ('no_head', 'members > 0 and heads = 0'),
        ('several_heads', 'heads > 1'),
        ('member_in_two_households', 'members_elsewhere > 0'),
        ('minors_alone', 'members > 0 and adults = 0'),
        ('very_many_members', 'members >= 20'),
    ] -%}
    select *, '{{ oddity }}' as oddity from counted
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    cast(household_key as string) as household_key,
    cast({{ month }} as date) as month,
    cast(oddity as string) as oddity,
    cast(members as bigint) as members,
    cast(heads as bigint) as heads,
    cast(town_code as string) as town_code,
    cast(village_code as string) as village_code
from odd
