select
    cast(region_code as string) as region_code,
    cast(name as string) as name,
    cast(level as string) as level,
    cast(parent_code as string) as parent_code,
    cast(town_code as string) as town_code,
    cast(town_name as string) as town_name,
    cast(is_in_force as boolean) as is_in_force
from {{ ref('int_regions') }}
