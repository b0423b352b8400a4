select
    cast(delivery.delivery_id as string) as delivery_id,
    cast(delivery.dataset as string) as dataset,
    cast(delivery.period as date) as period,
    cast(delivery.part as string) as part,
    cast(delivery.source_name as string) as source_name,
    cast(delivery.sha256 as string) as sha256,
    cast(delivery.bytes as bigint) as bytes,
    cast(delivery.received_at as timestamp) as received_at,
    cast(delivery.encoding as string) as encoding,
    cast(delivery.format as string) as format,
    cast(coalesce(delivery.rows_read, 0) as bigint) as rows_read,
    cast(coalesce(delivery.rows_accepted, 0) as bigint) as rows_accepted,
    cast(coalesce(delivery.rows_quarantined, 0) as bigint) as rows_quarantined,
    cast(coalesce(delivery.rows_duplicate, 0) as bigint) as rows_duplicate,
    cast(case
        when delivery.status = 'accepted' and validity.valid_to <= date '{{ var("as_of") }}' then 'superseded'
        else delivery.status
    end as string) as status,
    cast(delivery.reason as string) as reason,
    cast(delivery.decision as string) as decision,
    cast(delivery.decided_at as timestamp) as decided_at,
    cast(delivery.decided_by as string) as decided_by,
    cast(due.due_on as date) as due_on,
    cast(due.days_late as integer) as days_late,
    cast(delivery.run_id as string) as run_id,
    cast(delivery.contract_version as string) as contract_version
from {{ ref('int_delivery') }} as delivery
left join {{ ref('int_delivery_validity') }} as validity on delivery.delivery_id = validity.delivery_id
left join {{ ref('int_delivery_due') }} as due on delivery.delivery_id = due.delivery_id
