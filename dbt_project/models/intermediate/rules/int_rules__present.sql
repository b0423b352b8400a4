-- "no X" is the absence of a row here: x holds X in the month, or has a suspended row of it.
{{ config(materialized='view') }}
select distinct month, programme, person_key
from {{ ref('int_roster_month') }}
where holds or is_suspended
