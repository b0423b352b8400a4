select
    {{ delivery_columns() }},
    {{ name_columns('name') }},
    {{ person_columns('id_no') }},
    landing.birth_date,
    landing.town as town_code,
    landing.village as village_code,
    landing.monthly_amount,
    landing.start_month,
    landing.end_month,
    landing.end_reason,
    landing.status,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.elder_allowance') }}
