select
    cast(counted.month as date) as month,
    cast(counted.programme as string) as programme,
    cast(counted.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(counted.unit as string) as unit,
    cast(sum(counted.opening) as bigint) as opening,
    cast(sum(counted.new) as bigint) as new,
    cast(sum(counted.transferred_in) as bigint) as transferred_in,
    cast(sum(counted.{{ adapter.quote('left') }}) as bigint) as {{ adapter.quote('left') }},
    cast(sum(counted.transferred_out) as bigint) as transferred_out,
    cast(sum(counted.closing) as bigint) as closing
from {{ ref('int_report_flow') }} as counted
left join {{ ref('int_regions') }} as region on counted.town_code = region.region_code
group by counted.month, counted.programme, counted.town_code, counted.unit
