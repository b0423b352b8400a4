-- The category of the policy row is the age from which it holds; below the first there is none.
with band as (

    select month, cast(category as integer) as from_age, value
    from {{ ref('int_parameter_month') }}
    where parameter = 'elder_tariff'

),

bounded as (

    select
        *,
        lead(from_age) over (partition by month order by from_age asc nulls last) as below_age
    from band

)

select
    month,
    from_age,
    below_age,
    case
        when below_age is null then cast(from_age as varchar) || '+'
        else cast(from_age as varchar) || '-' || cast(below_age - 1 as varchar)
    end as age_band,
    cast(value as decimal(18, 2)) as monthly_amount
from bounded
union all
select
    month,
    0 as from_age,
    min(from_age) as below_age,
    'below' || cast(min(from_age) as varchar) as age_band,
    cast(0 as decimal(18, 2)) as monthly_amount
from band
group by month
