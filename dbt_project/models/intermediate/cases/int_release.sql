select
    rule_id,
    until_month
from {{ read_case_steps() }}
where kind = 'release'
qualify row_number() over (partition by rule_id order by sequence desc nulls last) = 1 and event = 'release'
