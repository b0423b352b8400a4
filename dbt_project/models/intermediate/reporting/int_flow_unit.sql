-- Households of a household's programme, and a recipient of any other as one person; a 低保 household as it is filed.
with programme as (

    select
        programme,
        case
            when is_low_income then 'low_income'
            when programme in ('orphan', 'unattended_child', 'child_in_difficulty') then 'children'
            else programme
        end as family
    from {{ ref('programmes') }}

),

unit as (

    select
        'household' as unit,
        month,
        programme,
        household_key as unit_key,
        cast(null as string) as person_key,
        household_key,
        min(town_code) as town_code,
        min(start_month) as start_month,
        min(delivery_id) as delivery_id
    from {{ ref('int_household_month') }}
    where holds
    group by month, programme, household_key
    union all
    select
        'household' as unit,
        month,
        programme,
        person_key as unit_key,
        person_key,
        cast(null as string) as household_key,
        min(town_code) as town_code,
        min(start_month) as start_month,
        min(delivery_id) as delivery_id
    from {{ ref('int_roster_month') }}
    where holds and programme = 'extreme_poverty'
    group by month, programme, person_key
    union all
    select
        'person' as unit,
        month,
        programme,
        person_key as unit_key,
        person_key,
        min(household_key) as household_key,
        min(town_code) as town_code,
        min(start_month) as start_month,
        min(delivery_id) as delivery_id
    from {{ ref('int_roster_month') }}
    where holds
    group by month, programme, person_key

)

select unit.*, programme.family
from unit
inner join programme on unit.programme = programme.programme
