select
    {{ delivery_columns() }},
    landing.check_no,
    {{ household_columns() }},
    {{ person_columns('id_no') }},
    landing.checked_on,
    landing.deposit_over,
    landing.household_deposit_over,
    landing.stock_value,
    landing.fund_value,
    landing.bond_value,
    {{ source_place() }}
from {{ landing_rows('verification_centre.asset_check') }}
{{ latest_delivery_per(['check_no', 'person_secret']) }}
