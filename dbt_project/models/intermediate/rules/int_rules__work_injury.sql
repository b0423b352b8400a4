select distinct delivery.month, injury.person_key, injury.name, injury.name_folded, injury.name_pattern
from {{ ref('stg_human_resources__work_injury') }} as injury
inner join {{ ref('int_delivery_in_force') }} as delivery on injury.delivery_id = delivery.delivery_id
where injury.start_month <= delivery.month and (injury.end_month is null or injury.end_month >= delivery.month)
