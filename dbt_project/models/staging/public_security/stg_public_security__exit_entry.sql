select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.exited_on,
    landing.entered_on,
    {{ source_place() }}
from {{ landing_rows('public_security.exit_entry') }}
{{ latest_delivery_per(['person_secret', 'exited_on']) }}
