with banded as (
    select
        month,
        cast(category as integer) as from_age,
        cast(lead(cast(category as integer)) over (
            partition by month order by cast(category as integer) nulls last
        ) as integer) as below_age,
        value as tariff
    from {{ ref('int_parameter_month') }}
    where parameter = 'elder_tariff'
)

select
    month,
    from_age,
    below_age,
    case
        when below_age is null then cast(from_age as string) || '+'
        else cast(from_age as string) || '-' || cast(below_age - 1 as string)
    end as age_band,
    cast(tariff as decimal(18, 2)) as tariff
from banded
