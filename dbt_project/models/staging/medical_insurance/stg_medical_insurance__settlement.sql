select
    {{ delivery_columns() }},
    landing.settlement_no,
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.hospital,
    landing.diagnosis,
    landing.admitted_on,
    landing.settled_on,
    landing.total,
    landing.pooled,
    landing.serious_illness,
    landing.medical_aid,
    landing.personal_account,
    landing.cash,
    {{ source_place() }}
from {{ landing_rows('medical_insurance.settlement') }}
{{ latest_delivery_per(['settlement_no']) }}
