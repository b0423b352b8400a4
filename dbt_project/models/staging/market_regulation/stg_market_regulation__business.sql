select
    {{ delivery_columns() }},
    landing.credit_code,
    landing.business_name,
    landing.business_kind,
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.role,
    landing.capital,
    landing.founded_on,
    landing.status,
    {{ source_place() }}
from {{ landing_rows('market_regulation.business') }}
