-- "the certificate" of x in m with a valid status, as the cover rules ask for it.
{{ config(materialized='view') }}
select
    *,
    issued_on <= {{ plus_months('month', '-' ~ parameter('certificate_min_months', 'month')) }} as is_long_enough,
    grade in ('一级', '二级') as is_severe
from {{ ref('int_certificate_month') }}
where is_valid
