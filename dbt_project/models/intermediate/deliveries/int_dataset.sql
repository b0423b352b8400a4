{% set columns = {
    'dataset': 'string', 'title_zh': 'string', 'delivery': 'string', 'cadence': 'string', 'due_days': 'integer',
    'period_months': 'integer', 'period_remainder': 'integer', 'parts': 'string',
} -%}
select
    dataset,
    title_zh,
    delivery,
    cadence,
    due_days,
    period_months,
    period_remainder,
    parts
from {{ given_rows(var('contracts'), columns) }} as contract
