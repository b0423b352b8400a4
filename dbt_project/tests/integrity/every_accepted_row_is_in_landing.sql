-- Rows in = rows out, a delivery at a time.
with landed as (
    {% for contract in var('contracts') -%}
    select
        delivery.delivery_id,
        count(*) as found
    from {{ landing_rows(contract.dataset) }}
    group by delivery.delivery_id
    union all
    {% endfor -%}
    select
        cast(null as string) as delivery_id,
        0 as found
    from {{ ref('int_delivery') }}
    where false
)

select
    delivery.delivery_id,
    delivery.rows_accepted,
    landed.found
from {{ ref('int_delivery') }} as delivery
left join landed on delivery.delivery_id = landed.delivery_id
where delivery.status = 'accepted' and delivery.rows_accepted <> coalesce(landed.found, 0)
