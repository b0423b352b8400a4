select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.employer,
    landing.scheme,
    landing.base,
    landing.month,
    {{ source_place() }}
from {{ landing_rows('human_resources.contribution') }}
{{ latest_delivery_per(['person_secret', 'month', 'employer', 'scheme']) }}
