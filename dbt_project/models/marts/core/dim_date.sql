select
    cast(day as date) as day,
    cast(date_trunc('month', day) as date) as month,
    cast(is_working as boolean) as is_working,
    cast(working_day_number as integer) as working_day_number,
    cast(source <> 'chinesecalendar' as boolean) as is_provisional
from {{ ref('working_days') }}
