select
    dataset.dataset,
    months.month,
    {{ plus_months('months.month', '1 - dataset.period_months') }} as first_month,
    {{ plus_days(last_day_of('months.month'), 'dataset.due_days') }} as due_on
from {{ ref('int_months') }} as months
inner join {{ ref('int_dataset') }} as dataset
    on dataset.due_days is not null
    and extract(month from months.month) % dataset.period_months = dataset.period_remainder
