-- Below the first band of the tariff there is nothing; the rules see that as a band of its own.
with tariff as (

    select
        month,
        from_age,
        below_age,
        age_band,
        tariff as monthly_amount
    from {{ ref('int_elder_tariff_month') }}

)

select * from tariff
union all
select
    month,
    0 as from_age,
    min(from_age) as below_age,
    'below' || cast(min(from_age) as string) as age_band,
    cast(0 as decimal(18, 2)) as monthly_amount
from tariff
group by month
