select
    cast(counted.month as date) as month,
    cast(counted.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(counted.age_band as string) as age_band,
    cast(sum(counted.persons) as bigint) as persons,
    cast(sum(counted.entitled_amount) as decimal(18, 2)) as entitled_amount,
    cast(sum(counted.recorded_amount) as decimal(18, 2)) as recorded_amount,
    cast(sum(counted.paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(counted.new_persons) as bigint) as new_persons,
    cast(sum(counted.ended_persons) as bigint) as ended_persons
from {{ ref('int_report_elder_allowance') }} as counted
left join {{ ref('int_regions') }} as region on counted.town_code = region.region_code
group by counted.month, counted.town_code, counted.age_band
