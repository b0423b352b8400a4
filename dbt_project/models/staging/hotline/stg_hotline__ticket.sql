select
    {{ delivery_columns() }},
    landing.ticket_no,
    landing.received_on,
    {{ name_columns('caller_name') }},
    landing.phone,
    landing.town as town_code,
    landing.category,
    landing.content,
    {{ source_place() }}
from {{ landing_rows('hotline.ticket') }}
{{ latest_delivery_per(['ticket_no']) }}
