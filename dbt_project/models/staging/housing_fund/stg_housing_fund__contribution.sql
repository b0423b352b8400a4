select
    {{ delivery_columns() }},
    {{ person_columns('id_no') }},
    {{ name_columns('name') }},
    landing.employer,
    landing.month,
    landing.employee_amount,
    landing.employee_rate,
    landing.loan_monthly,
    {{ source_place() }}
from {{ landing_rows('housing_fund.contribution') }}
{{ latest_delivery_per(['person_secret', 'month', 'employer']) }}
