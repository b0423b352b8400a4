select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.kind,
    landing.start_on,
    landing.end_on,
    {{ source_place() }}
from {{ landing_rows('justice.custody') }}
