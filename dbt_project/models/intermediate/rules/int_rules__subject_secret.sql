-- Hashes of an alert are taken over these, so that nobody without them can try keys out.
select 'person' as subject_type, person_key as subject_key, max(person_secret) as secret
from {{ ref('int_person') }}
group by person_key
union all
select 'household' as subject_type, household_key as subject_key, max(household_secret) as secret
from {{ ref('int_household_month') }}
group by household_key
