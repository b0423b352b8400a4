-- A whole month in custody; supervision in the community is none.
select delivery.month, custody.*
from {{ ref('stg_justice__custody') }} as custody
inner join {{ ref('int_delivery_in_force') }} as delivery on custody.delivery_id = delivery.delivery_id
where custody.kind in ('服刑', '羁押', '强制隔离戒毒')
    and custody.start_on < delivery.month
    and (custody.end_on is null or custody.end_on >= {{ last_day_of('delivery.month') }})
