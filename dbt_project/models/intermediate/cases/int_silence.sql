select
    rule_id,
    town_code,
    until_month
from {{ read_case_steps() }}
where kind = 'silence'
qualify row_number() over (partition by rule_id, town_code order by sequence desc nulls last) = 1 and event = 'silence'
