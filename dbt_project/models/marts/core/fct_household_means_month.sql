select
    cast(month as date) as month,
    cast(household_key as varchar) as household_key,
    cast(status as varchar) as status,
    cast(member_count as integer) as member_count,
    cast(covered_rows as integer) as covered_count,
    cast(income_per_capita as decimal(18, 2)) as income_per_capita,
    cast(standard as decimal(18, 2)) as standard,
    cast(assessed_tier as varchar) as assessed_tier,
    cast(recorded_tier as varchar) as recorded_tier,
    cast(case
        when not holds or recorded_tier in ('dibao_edge', 'rigid_expenditure') then 0
        when recorded_tier = 'dibao' then dibao_amount
        else recorded_amount
    end as decimal(18, 2)) as entitled_amount,
    cast(recorded_amount as decimal(18, 2)) as recorded_amount,
    cast(town_code as varchar) as town_code,
    cast(village_code as varchar) as village_code
from {{ ref('int_household_means_month') }}
