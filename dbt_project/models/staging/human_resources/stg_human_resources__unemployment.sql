select
    {{ delivery_columns() }},
    landing.registration_no,
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.registered_on,
    landing.reason,
    landing.benefit_months_left,
    landing.former_employer,
    {{ source_place() }}
from {{ landing_rows('human_resources.unemployment') }}
