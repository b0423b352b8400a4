{{ config(severity='warn') }}
-- Before the oldest standard known nothing can be assessed; that is said, not hidden.
select months.month
from {{ ref('int_months') }} as months
left join {{ ref('int_parameter_month') }} as standard
    on months.month = standard.month and standard.parameter = 'dibao_standard'
where standard.month is null
