select distinct
    delivery.month,
    exemption.asset_kind,
    exemption.asset_no
from {{ ref('stg_civil_affairs__asset_exemption') }} as exemption
inner join {{ ref('int_delivery_in_force') }} as delivery on exemption.delivery_id = delivery.delivery_id
where exemption.valid_until >= delivery.month
