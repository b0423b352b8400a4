{% set flags = [
    ('E01', 'died'), ('E02', 'possibly_died'), ('E14', 'custody'), ('E15', 'moved_out'),
    ('E18', 'certificate_invalid'), ('E20', 'abroad'), ('P01', 'extreme_poverty_and_subsidy'),
    ('P02', 'work_injury'), ('P03', 'child_programmes'), ('P05', 'paid_elsewhere'), ('P06', 'tier_differs'),
    ('P07', 'category_differs'), ('P09', 'paid_after_death'), ('P13', 'paid_twice'),
    ('P14', 'roster_and_payment'), ('P15', 'long_term_care'), ('D03', 'two_names'),
] %}
with held as (

    select
        month,
        person_key,
        max(case when programme = 'disability_living' then 1 else 0 end) = 1 as holds_living,
        max(case when programme = 'disability_nursing' then 1 else 0 end) = 1 as holds_nursing,
        max(case when programme = 'disability_living' then tier end) as living_tier,
        sum(case when programme = 'disability_living' then monthly_amount else 0 end) as living_amount,
        sum(case when programme = 'disability_nursing' then monthly_amount else 0 end) as nursing_amount,
        max(town_code) as town_code,
        max(village_code) as village_code
    from {{ ref('int_roster_month') }}
    where holds and programme in ('disability_living', 'disability_nursing')
    group by month, person_key

)

select
    cast(held.month as date) as month,
    cast(held.person_key as string) as person_key,
    cast(held.holds_living as boolean) as holds_living,
    cast(held.holds_nursing as boolean) as holds_nursing,
    cast(held.living_tier as string) as living_tier,
    cast(held.living_amount as decimal(18, 2)) as living_amount,
    cast(held.nursing_amount as decimal(18, 2)) as nursing_amount,
    cast(held.town_code as string) as town_code,
    cast(held.village_code as string) as village_code,
    {{ flag_columns(flags, 'flagged') }}
from held
left join {{ person_flags(flags) }} as flagged on held.month = flagged.month and held.person_key = flagged.person_key
