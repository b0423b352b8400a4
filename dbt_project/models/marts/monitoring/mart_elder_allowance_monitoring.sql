{% set flags = [
    ('E01', 'died'), ('E02', 'possibly_died'), ('E14', 'custody'), ('E15', 'moved_out'), ('E20', 'abroad'),
    ('P05', 'paid_elsewhere'), ('P08', 'tariff_differs'), ('P09', 'paid_after_death'), ('P13', 'paid_twice'),
    ('P14', 'roster_and_payment'), ('D02', 'birth_or_sex'), ('D03', 'two_names'),
] %}
with held as (

    select
        month,
        person_key,
        max(age) as age,
        max(age_band) as age_band,
        sum(recorded_amount) as recorded_amount,
        sum(entitled_amount) as entitled_amount,
        sum(paid_amount) as paid_amount,
        max(town_code) as town_code,
        max(village_code) as village_code
    from {{ ref('int_enrolment_month') }}
    where holds and programme = 'elder_allowance'
    group by month, person_key

)

select
    cast(held.month as date) as month,
    cast(held.person_key as string) as person_key,
    cast(held.age as integer) as age,
    cast(held.age_band as string) as age_band,
    cast(held.recorded_amount as decimal(18, 2)) as recorded_amount,
    cast(held.entitled_amount as decimal(18, 2)) as entitled_amount,
    cast(held.paid_amount as decimal(18, 2)) as paid_amount,
    cast(held.town_code as string) as town_code,
    cast(held.village_code as string) as village_code,
    {{ flag_columns(flags, 'flagged') }}
from held
left join {{ person_flags(flags) }} as flagged on held.month = flagged.month and held.person_key = flagged.person_key
