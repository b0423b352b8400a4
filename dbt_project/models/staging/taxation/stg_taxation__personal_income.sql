select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.payer,
    landing.item,
    landing.month,
    landing.income,
    {{ source_place() }}
from {{ landing_rows('taxation.personal_income') }}
{{ latest_delivery_per(['person_secret', 'payer', 'item', 'month']) }}
