-- A name the register once had fits by M2.
{{ config(materialized='view') }}
select person_key, max(former_name) as former_name
from {{ ref('int_population_period') }}
where former_name is not null
group by person_key
