select
    dataset,
    person_key,
    person_secret,
    name,
    name_folded,
    name_pattern,
    max(id_no_status) as id_no_status
from {{ ref('int_rules__roster_listed') }}
where person_secret is not null and name is not null
group by dataset, person_key, person_secret, name, name_folded, name_pattern
