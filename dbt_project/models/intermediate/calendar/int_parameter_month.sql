select
    months.month,
    parameter.parameter,
    parameter.category,
    parameter.value,
    parameter.value_text
from {{ ref('int_months') }} as months
inner join {{ ref('dim_parameter') }} as parameter
    on parameter.valid_from <= months.month and (parameter.valid_to is null or parameter.valid_to > months.month)
