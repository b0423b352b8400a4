select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.programme,
    landing.region,
    landing.start_month,
    landing.status,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.out_of_area_recipient') }}
