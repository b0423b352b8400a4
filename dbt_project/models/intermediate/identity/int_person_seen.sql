with registered as (
    select
        person_secret,
        max(id_no) as id_no,
        min(id_no_status) as id_status,
        max(name) as name
    from {{ ref('stg_public_security__population') }}
    group by person_secret
),

-- Whom the register does not know it knows under no name.
others as (
    select
        seen.person_secret,
        max(seen.id_no) as id_no,
        min(seen.id_status) as id_status,
        max(seen.name) as name
    from {{ ref('int_number_seen') }} as seen
    left join registered on seen.person_secret = registered.person_secret
    where seen.person_secret is not null and registered.person_secret is null
    group by seen.person_secret
),

everyone as (
    select * from registered
    union all
    select * from others
)

-- Of somebody who was merged, the number that people decided to keep.
select
    {{ person_key('everyone.person_secret') }} as person_key,
    everyone.person_secret,
    coalesce(kept.id_no, everyone.id_no) as id_no,
    everyone.id_status,
    everyone.name
from everyone
left join {{ ref('int_person_number') }} as kept on everyone.person_secret = kept.person_secret and kept.is_kept
