select
    {{ delivery_columns() }},
    landing.kind,
    landing.placement,
    {{ name_columns('name') }},
    {{ person_columns('id_no') }},
    {{ name_columns('guardian_name') }},
    {{ person_columns('guardian_id_no', 'guardian_') }},
    landing.town as town_code,
    landing.village as village_code,
    landing.monthly_amount,
    landing.determined_until,
    landing.start_month,
    landing.end_month,
    landing.status,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.child_welfare') }}
