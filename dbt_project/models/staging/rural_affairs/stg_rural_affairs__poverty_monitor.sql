select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.risk,
    landing.risk_removed,
    landing.identified_on,
    {{ source_place() }}
from {{ landing_rows('rural_affairs.poverty_monitor') }}
