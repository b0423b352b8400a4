-- A snapshot's rows speak while it is in force, any other delivery's in its own month.
{{ config(materialized='view') }}
select month, delivery_id
from {{ ref('int_delivery_in_force') }}
union
select delivery.period as month, delivery.delivery_id
from {{ ref('int_delivery') }} as delivery
inner join {{ ref('int_dataset') }} as dataset on delivery.dataset = dataset.dataset
inner join {{ ref('int_months') }} as months on delivery.period = months.month
where delivery.status = 'accepted' and dataset.delivery <> 'snapshot'
