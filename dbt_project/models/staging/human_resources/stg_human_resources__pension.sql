select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.scheme,
    landing.status,
    landing.monthly_amount,
    landing.basic_amount,
    landing.stop_reason,
    landing.stopped_on,
    landing.last_certified_on,
    {{ source_place() }}
from {{ landing_rows('human_resources.pension') }}
