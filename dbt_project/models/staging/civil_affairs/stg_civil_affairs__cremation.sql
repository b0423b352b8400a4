select
    {{ delivery_columns() }},
    landing.record_no,
    {{ name_columns('name') }},
    {{ person_columns('id_no') }},
    landing.sex,
    landing.age,
    landing.address,
    landing.died_on,
    landing.cremated_on,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.cremation') }}
{{ latest_delivery_per(['record_no']) }}
