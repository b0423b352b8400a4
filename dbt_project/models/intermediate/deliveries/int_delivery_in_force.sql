select
    delivery.dataset,
    months.month,
    delivery.delivery_id,
    delivery.part_code,
    delivery.period,
    delivery.received_at,
    delivery.position
from {{ ref('int_months') }} as months
inner join {{ ref('int_delivery_validity') }} as delivery
    on delivery.valid_from <= months.month and (delivery.valid_to is null or delivery.valid_to > months.month)
