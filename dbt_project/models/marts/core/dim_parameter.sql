-- A seed row names only its start; it ends where the next of the same parameter and category begins.
select
    cast(parameter as string) as parameter,
    cast(coalesce(category, '') as string) as category,
    cast(valid_from as date) as valid_from,
    cast(lead(valid_from) over (
        partition by parameter, coalesce(category, '') order by valid_from nulls last
    ) as date) as valid_to,
    cast(value as decimal(18, 6)) as value,
    cast(value_text as string) as value_text,
    cast(unit as string) as unit,
    cast(source as string) as source,
    cast(grade as string) as grade,
    cast(is_placeholder as boolean) as is_placeholder
from {{ ref('parameters') }}
