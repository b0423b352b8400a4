select
    {{ delivery_columns() }},
    {{ name_columns('name') }},
    {{ person_columns('id_no') }},
    landing.town as town_code,
    landing.village as village_code,
    landing.area_kind,
    landing.support_mode,
    landing.institution,
    landing.self_care,
    landing.basic_amount,
    landing.care_amount,
    landing.start_month,
    landing.end_month,
    landing.end_reason,
    landing.status,
    landing.next_review_on,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.extreme_poverty') }}
