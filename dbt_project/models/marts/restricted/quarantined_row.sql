select
    cast(delivery_id as varchar) as delivery_id,
    cast(dataset as varchar) as dataset,
    cast(member as varchar) as member,
    cast(sheet as varchar) as sheet,
    cast(row_number as bigint) as row_number,
    cast(raw as varchar) as raw
from {{ ref('int_quarantined_row') }}
