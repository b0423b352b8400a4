{% set flags = [
    ('E01', 'died'), ('E14', 'custody'), ('E15', 'moved_out'), ('E18', 'certificate_invalid'),
    ('E19', 'grown_up'), ('E20', 'abroad'), ('P03', 'child_programmes'), ('P09', 'paid_after_death'),
    ('P11', 'uplift_not_justified'), ('P13', 'paid_twice'), ('P14', 'roster_and_payment'),
    ('C10', 'without_carer'), ('D03', 'two_names'),
] %}
with held as (

    select
        month,
        person_key,
        {{ joined_values('kind', '、') }} as kinds,
        sum(monthly_amount) as recorded_amount,
        max(determined_until) as determined_until,
        max(town_code) as town_code,
        max(village_code) as village_code
    from {{ ref('int_roster_month') }}
    where holds and programme in ('orphan', 'unattended_child', 'child_in_difficulty')
    group by month, person_key

),

found as ( -- a child that nobody cares for is here before any roster names it

    select distinct month, person_key, town_code, village_code
    from {{ ref('int_rules__findings') }}
    where rule_id = 'C10'

)

select
    cast(coalesce(held.month, found.month) as date) as month,
    cast(coalesce(held.person_key, found.person_key) as string) as person_key,
    cast(coalesce(held.kinds, '') as string) as kinds,
    cast(coalesce(held.recorded_amount, 0) as decimal(18, 2)) as recorded_amount,
    cast(held.determined_until as date) as determined_until,
    cast(coalesce(held.town_code, found.town_code) as string) as town_code,
    cast(coalesce(held.village_code, found.village_code) as string) as village_code,
    {{ flag_columns(flags, 'flagged') }}
from held
full outer join found on held.month = found.month and held.person_key = found.person_key
left join {{ person_flags(flags) }} as flagged
    on coalesce(held.month, found.month) = flagged.month
    and coalesce(held.person_key, found.person_key) = flagged.person_key
