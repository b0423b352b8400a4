{#- What pays for a position by itself: a value by category, a share of another value by category, or both. -#}
with newest as (
    select max(month) as month from {{ ref('int_months') }}
),

held as (
    select
        roster.*,
        {{ age_in_month('person.birth_date', 'roster.month') }} as age,
        -- What can join nothing is empty, so that the join below is one of equal keys.
        case when roster.programme = 'elder_allowance' then roster.month end as elder_month,
        case roster.programme
            when 'extreme_poverty' then 'extreme_poverty_basic'
            when 'disability_nursing' then 'disability_nursing_floor'
            when 'orphan' then 'orphan_allowance'
            when 'unattended_child' then 'orphan_allowance'
        end as value_parameter,
        case roster.programme
            when 'orphan' then roster.placement
            when 'unattended_child' then '散居'
            else roster.area_kind
        end as value_category,
        case
            when roster.programme = 'extreme_poverty' then 'extreme_poverty_care_share'
            when roster.programme = 'disability_living' then 'disability_living_share_floor'
            when roster.kind = '重残重病儿童' then 'child_severe_share'
        end as share_parameter,
        case roster.programme
            when 'extreme_poverty' then roster.self_care
            when 'disability_living' then roster.tier
            else ''
        end as share_category,
        case when roster.kind = '重残重病儿童' then 'orphan_allowance' else 'dibao_standard' end as shared_parameter,
        case when roster.kind = '重残重病儿童' then '散居' else '' end as shared_category
    from {{ ref('int_roster_month') }} as roster
    inner join newest on roster.month = newest.month
    left join {{ ref('int_person') }} as person on roster.person_key = person.person_key
    where roster.holds and roster.household_key is null
)

select
    held.programme,
    held.person_key,
    held.town_code,
    held.village_code,
    cast(coalesce(held.monthly_amount, 0) as decimal(18, 2)) as recorded_amount,
    cast(
        coalesce(elder.tariff, 0) + coalesce(fixed.value, 0) + coalesce(share.value, 0) * coalesce(shared.value, 0)
        as decimal(18, 2)
    ) as policy_amount
from held
left join {{ ref('int_elder_tariff_month') }} as elder
    on held.elder_month = elder.month
    and held.age >= elder.from_age
    and (elder.below_age is null or held.age < elder.below_age)
{% for alias, role in [('fixed', 'value'), ('share', 'share'), ('shared', 'shared')] -%}
left join {{ ref('int_parameter_month') }} as {{ alias }}
    on held.month = {{ alias }}.month
    and held.{{ role }}_parameter = {{ alias }}.parameter
    and held.{{ role }}_category = {{ alias }}.category
{% endfor %}
