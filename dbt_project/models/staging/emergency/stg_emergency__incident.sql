select
    {{ delivery_columns() }},
    landing.incident_no,
    landing.kind,
    landing.occurred_on,
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.address,
    landing.casualty,
    landing.house_damage,
    {{ source_place() }}
from {{ landing_rows('emergency.incident') }}
{{ latest_delivery_per(['incident_no', 'name']) }}
