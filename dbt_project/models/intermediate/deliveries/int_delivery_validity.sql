with snapshot as (
    select
        delivery.delivery_id,
        delivery.dataset,
        delivery.part_code,
        delivery.sequence,
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

-- A whole-district file replaces every part, a town's part what came of the town; several files of one period are
-- one delivery: they stand together, and fall when anything newer of their place comes.
successor as (
    select
        older.delivery_id,
        min(newer.period) as valid_to
    from snapshot as older
    inner join snapshot as newer
        on older.dataset = newer.dataset
        and newer.position > older.position
        and (newer.part_code in (older.part_code, '') or older.parts = '')
        and (
            newer.period > older.period
            or (newer.part_code = older.part_code and newer.sequence = older.sequence)
            or (newer.sequence = '' and newer.part_code in (older.part_code, ''))
        )
    group by older.delivery_id
)

select
    snapshot.delivery_id,
    snapshot.dataset,
    snapshot.part_code,
    snapshot.sequence,
    snapshot.period,
    snapshot.received_at,
    snapshot.parts,
    snapshot.position,
    snapshot.period as valid_from,
    successor.valid_to
from snapshot
left join successor on snapshot.delivery_id = successor.delivery_id
