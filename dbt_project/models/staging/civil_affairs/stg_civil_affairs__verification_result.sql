select
    {{ delivery_columns() }},
    landing.alert_no,
    landing.finding,
    landing.action,
    landing.verified_on,
    landing.verified_by,
    landing.effective_month,
    landing.amount_recovered,
    landing.note,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.verification_result') }}
{{ latest_delivery_per(['alert_no', 'verified_on']) }}
