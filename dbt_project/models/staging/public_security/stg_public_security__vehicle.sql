select
    {{ delivery_columns() }},
    {{ name_columns('owner_name', 'name') }},
    {{ person_columns('owner_id_no') }},
    landing.plate_no,
    landing.plate_kind,
    landing.model,
    landing.use,
    landing.first_registered_on,
    landing.status,
    {{ source_place() }}
from {{ landing_rows('public_security.vehicle') }}
