select
    {{ delivery_columns() }},
    {{ household_columns() }},
    {{ person_columns('id_no') }},
    landing.asset_kind,
    landing.asset_no,
    landing.reason,
    landing.approved_by,
    landing.valid_until,
    {{ source_place() }}
from {{ landing_rows('civil_affairs.asset_exemption') }}
