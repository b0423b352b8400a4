select
    cast(delivery.delivery_id as varchar) as delivery_id,
    cast(delivery.dataset as varchar) as dataset,
    cast(delivery.period as date) as period,
    cast(delivery.part as varchar) as part,
    cast(delivery.source_name as varchar) as source_name,
    cast(delivery.sha256 as varchar) as sha256,
    cast(delivery.bytes as bigint) as bytes,
    cast(delivery.received_at as timestamp) as received_at,
    cast(delivery.encoding as varchar) as encoding,
    cast(delivery.format as varchar) as format,
    cast(coalesce(delivery.rows_read, 0) as bigint) as rows_read,
    cast(coalesce(delivery.rows_accepted, 0) as bigint) as rows_accepted,
    cast(coalesce(delivery.rows_quarantined, 0) as bigint) as rows_quarantined,
    cast(coalesce(delivery.rows_duplicate, 0) as bigint) as rows_duplicate,
    cast(case
        when delivery.status = 'accepted' and validity.valid_to <= date '{{ var("as_of") }}' then 'superseded'
        else delivery.status
    end as varchar) as status,
    cast(delivery.reason as varchar) as reason,
    cast(delivery.decision as varchar) as decision,
    cast(delivery.decided_at as timestamp) as decided_at,
    cast(delivery.decided_by as varchar) as decided_by,
    cast(due.due_on as date) as due_on,
    cast(due.days_late as integer) as days_late,
    cast(delivery.run_id as varchar) as run_id,
    cast(delivery.contract_version as varchar) as contract_version
from {{ ref('int_delivery') }} as delivery
left join {{ ref('int_delivery_validity') }} as validity on delivery.delivery_id = validity.delivery_id
left join {{ ref('int_delivery_due') }} as due on delivery.delivery_id = due.delivery_id
