select
    cast(delivery_id as varchar) as delivery_id,
    cast(dataset as varchar) as dataset,
    cast(member as varchar) as member,
    cast(sheet as varchar) as sheet,
    cast(row_number as bigint) as row_number,
    cast(column_name as varchar) as column_name,
    cast(reason as varchar) as reason
from {{ reason_rows(ref('int_quarantined_row'), ['delivery_id', 'dataset', 'member', 'sheet', 'row_number']) }}
