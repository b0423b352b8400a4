select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.grade,
    landing.monthly_amount,
    landing.start_on,
    landing.end_on,
    {{ source_place() }}
from {{ landing_rows('medical_insurance.long_term_care') }}
