select
    cast(region_code as varchar) as region_code,
    cast(name as varchar) as name,
    cast(level as varchar) as level,
    cast(parent_code as varchar) as parent_code,
    cast(town_code as varchar) as town_code,
    cast(town_name as varchar) as town_name,
    cast(is_in_force as boolean) as is_in_force
from {{ ref('int_regions') }}
