select
    {{ delivery_columns() }},
    landing.certificate_no,
    landing.kind,
    {{ name_columns('male_name') }},
    {{ person_columns('male_id_no', 'male_') }},
    {{ name_columns('female_name') }},
    {{ person_columns('female_id_no', 'female_') }},
    landing.registered_on,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.marriage') }}
{{ latest_delivery_per(['certificate_no']) }}
