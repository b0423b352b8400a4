with snapshot as (
    select
        delivery.delivery_id,
        delivery.dataset,
        delivery.part_code,
        delivery.period,
        delivery.received_at,
        dataset.parts,
        row_number() over (
            partition by delivery.dataset
            order by delivery.period nulls last, delivery.received_at nulls last, delivery.delivery_id nulls last
        ) as position
    from {{ ref('int_delivery') }} as delivery
    inner join {{ ref('int_dataset') }} as dataset on delivery.dataset = dataset.dataset
    where delivery.status = 'accepted' and dataset.delivery = 'snapshot'
),

-- A whole-district file replaces every part, a part replaces itself; where parts are mere sequences of one
-- period, any newer period replaces them all.
successor as (
    select
        older.delivery_id,
        min(newer.period) as valid_to
    from snapshot as older
    inner join snapshot as newer
        on older.dataset = newer.dataset
        and newer.position > older.position
        and (
            newer.part_code = older.part_code
            or newer.part_code = ''
            or (older.parts = '' and newer.period > older.period)
        )
    group by older.delivery_id
)

select
    snapshot.delivery_id,
    snapshot.dataset,
    snapshot.part_code,
    snapshot.period,
    snapshot.received_at,
    snapshot.parts,
    snapshot.position,
    snapshot.period as valid_from,
    successor.valid_to
from snapshot
left join successor on snapshot.delivery_id = successor.delivery_id
