select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.unit,
    landing.post,
    landing.month,
    landing.amount,
    {{ source_place() }}
from {{ landing_rows('finance.payroll') }}
{{ latest_delivery_per(['person_secret', 'unit', 'month']) }}
