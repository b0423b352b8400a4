select
    {{ delivery_columns() }},
    landing.certificate_no,
    {{ name_columns('name') }},
    {{ person_columns('id_no') }},
    landing.died_on,
    landing.cause,
    {{ source_place() }}
from {{ landing_rows('health.death_certificate') }}
{{ latest_delivery_per(['certificate_no']) }}
