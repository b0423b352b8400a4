select
    cast(counted.month as date) as month,
    cast(counted.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(counted.programme as string) as programme,
    {% for figure in ['households', 'persons', 'payees'] -%}
    cast(sum(counted.{{ figure }}) as bigint) as {{ figure }},
    {% endfor -%}
    {% for figure in ['recorded_amount', 'paid_amount', 'off_roster_amount'] -%}
    cast(sum(counted.{{ figure }}) as decimal(18, 2)) as {{ figure }},
    {% endfor -%}
    cast(sum(counted.paid_amount) - sum(counted.recorded_amount) as decimal(18, 2)) as difference
from {{ ref('int_report_payment_roster') }} as counted
left join {{ ref('int_regions') }} as region on counted.town_code = region.region_code
group by counted.month, counted.town_code, counted.programme
