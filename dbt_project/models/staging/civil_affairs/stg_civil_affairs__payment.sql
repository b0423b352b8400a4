select
    {{ delivery_columns() }},
    landing.payment_no,
    landing.batch_no,
    landing.programme,
    {{ household_columns() }},
    {{ name_columns('name') }},
    {{ person_columns('id_no') }},
    landing.town as town_code,
    landing.benefit_month,
    landing.paid_month,
    landing.amount,
    landing.kind,
    {{ name_columns('account_name') }},
    landing.account_no_key as account_key,
    landing.account_no,
    landing.result,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.payment') }}
{{ latest_delivery_per(['payment_no']) }}
