select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.grade,
    landing.monthly_amount,
    landing.start_month,
    landing.end_month,
    {{ source_place() }}
from {{ landing_rows('human_resources.work_injury') }}
