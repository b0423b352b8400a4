select
    {{ delivery_columns() }},
    landing.certificate_no,
    {{ person_key('landing.certificate_no_id_no_key') }} as certificate_person_key,
    landing.certificate_no_id_no_key as certificate_person_secret,
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.category,
    landing.grade,
    landing.status,
    landing.issued_on,
    landing.valid_until,
    landing.renewal_pending,
    landing.town as town_code,
    landing.village as village_code,
    {{ source_place() }}
from {{ landing_rows('disabled_federation.certificate') }}
