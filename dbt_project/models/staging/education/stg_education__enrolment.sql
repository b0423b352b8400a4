select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.school,
    landing.stage,
    landing.enrolled_on,
    landing.graduates_on,
    {{ source_place() }}
from {{ landing_rows('education.enrolment') }}
