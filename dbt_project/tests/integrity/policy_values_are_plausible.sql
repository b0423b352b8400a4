-- A value below nothing, or three times its predecessor, is a slip of the pen.
with valued as (
    select
        *,
        lag(value) over (partition by parameter, category order by valid_from nulls last) as value_before
    from {{ ref('dim_parameter') }}
)

select parameter, category, valid_from, value_before, value
from valued
where value < 0 or (value_before > 0 and value > 3 * value_before) or (value > 0 and value_before > 3 * value)
