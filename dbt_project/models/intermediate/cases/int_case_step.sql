select
    alert_no,
    sequence,
    event,
    case_state,
    taken_at,
    by_role,
    episode,
    finding,
    action,
    effective_month,
    cast(amount_recovered as decimal(18, 2)) as amount_recovered,
    verified_on,
    suspended_until,
    row_number() over (partition by alert_no order by sequence desc nulls last) = 1 as is_newest
from {{ read_case_steps() }}
where kind = 'alert'
