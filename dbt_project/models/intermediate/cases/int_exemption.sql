select
    alert_no,
    until_month
from {{ read_case_steps() }}
where kind = 'exemption'
qualify row_number() over (partition by alert_no order by sequence desc nulls last) = 1 and event = 'exemption'
