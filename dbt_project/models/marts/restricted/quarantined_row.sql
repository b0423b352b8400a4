select
    cast(delivery_id as string) as delivery_id,
    cast(dataset as string) as dataset,
    cast(member as string) as member,
    cast(sheet as string) as sheet,
    cast(row_number as bigint) as row_number,
    cast(raw as string) as raw
from {{ ref('int_quarantined_row') }}
