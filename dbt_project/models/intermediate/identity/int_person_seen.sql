-- Read from landing by the contracts, so that a new dataset's people are here without a change.
{%- set register = 'public_security.population' %}

with registered as (
    select
        person_secret,
        max(id_no) as id_no,
        min(id_no_status) as id_status,
        max(name) as name
    from {{ ref('stg_public_security__population') }}
    group by person_secret
),

seen as (
    {% for contract in var('contracts') -%}
    {% for people in contract.people if not (contract.dataset == register and people.id_column == 'id_no') -%}
    select
        landing.{{ people.id_column }}_key as person_secret,
        landing.{{ people.id_column }} as id_no,
        landing.{{ people.id_column }}_status as id_status,
        {{ 'landing.' ~ people.name_column if people.name_column else 'cast(null as string)' }} as name
    from {{ landing_rows(contract.dataset) }}
    where landing.{{ people.id_column }}_key is not null
    union all
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as string) as person_secret,
        cast(null as string) as id_no,
        cast(null as string) as id_status,
        cast(null as string) as name
    from {{ ref('int_delivery') }}
    where false
),

-- Most rows are about people whom the register knows; only the others need counting.
others as (
    select
        seen.person_secret,
        max(seen.id_no) as id_no,
        min(seen.id_status) as id_status,
        max(seen.name) as name
    from seen
    left join registered on seen.person_secret = registered.person_secret
    where registered.person_secret is null
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
