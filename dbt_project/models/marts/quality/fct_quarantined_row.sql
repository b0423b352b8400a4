select
    cast(delivery_id as string) as delivery_id,
    cast(dataset as string) as dataset,
    cast(member as string) as member,
    cast(sheet as string) as sheet,
    cast(row_number as bigint) as row_number,
    cast(column_name as string) as column_name,
    cast(reason as string) as reason
from {{ reason_rows(ref('int_quarantined_row'), ['delivery_id', 'dataset', 'member', 'sheet', 'row_number']) }}
