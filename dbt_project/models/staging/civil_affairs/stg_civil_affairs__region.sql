select
    {{ delivery_columns() }},
    landing.region_code,
    landing.name,
    landing.level,
    landing.parent_code,
    landing.former_names,
    landing.valid_from,
    landing.valid_until,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.region') }}
