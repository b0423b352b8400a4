with numbered as (
    select
        month,
        household_key,
        programme,
        town_code,
        village_code,
        {{ months_between_starts("date '1900-01-01'", 'month') }} - row_number() over (
            partition by household_key, programme, town_code, village_code order by month nulls last
        ) as island
    from {{ ref('int_household_month') }}
)

select
    cast(household_key as string) as household_key,
    cast(programme as string) as programme,
    cast(town_code as string) as town_code,
    cast(village_code as string) as village_code,
    cast(min(month) as date) as valid_from,
    cast(case
        when max(month) < date '{{ var("as_of") }}' then {{ plus_months('max(month)', 1) }}
    end as date) as valid_to
from numbered
group by household_key, programme, town_code, village_code, island
