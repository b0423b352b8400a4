select
    {{ delivery_columns() }},
    landing.unit_no,
    {{ name_columns('owner_name', 'name') }},
    {{ person_columns('owner_id_no') }},
    landing.certificate_no,
    landing.location,
    landing.use,
    landing.area,
    landing.share,
    landing.acquired_by,
    landing.registered_on,
    landing.status,
    {{ source_place() }}
from {{ landing_rows('natural_resources.real_estate') }}
