with valued as (
    select
        *,
        lag(value) over (partition by parameter, category order by valid_from nulls last) as row_before
    from {{ ref('dim_parameter') }}
),

-- A row that repeats the value is no change.
change as (
    select parameter, category, valid_from, row_before as value_before
    from valued
    where value <> row_before
),

dated as (
    select
        valued.*,
        max(change.valid_from) over (
            partition by valued.parameter, valued.category order by valued.valid_from nulls last
            rows between unbounded preceding and current row
        ) as changed_on
    from valued
    left join change
        on valued.parameter = change.parameter
        and valued.category = change.category
        and valued.valid_from = change.valid_from
)

select
    months.month,
    dated.parameter,
    dated.category,
    dated.value,
    dated.value_text,
    dated.changed_on,
    change.value_before
from {{ ref('int_months') }} as months
inner join dated
    on dated.valid_from <= months.month and (dated.valid_to is null or dated.valid_to > months.month)
left join change
    on dated.parameter = change.parameter
    and dated.category = change.category
    and dated.changed_on = change.valid_from
