-- Only of people who were merged: everybody else has the one number of int_person_seen.
{%- set aliases = ref('int_person_alias') %}

with merged as (
    select person_secret, canonical_secret from {{ aliases }}
    union
    select canonical_secret as person_secret, canonical_secret from {{ aliases }}
),

delivered as (
    {% for contract in var('contracts') if var('aliases') -%}
    {% for people in contract.people -%}
    select
        merged.canonical_secret,
        merged.person_secret,
        landing.{{ people.id_column }} as id_no
    from {{ read_landing(contract.dataset, 'data') }} as landing
    inner join {{ ref('int_delivery') }} as delivery
        on landing.delivery = delivery.delivery_id and delivery.status = 'accepted'
    inner join merged on landing.{{ people.id_column }}_key = merged.person_secret
    union all
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as string) as canonical_secret,
        cast(null as string) as person_secret,
        cast(null as string) as id_no
    from {{ ref('int_delivery') }}
    where false
)

select
    {{ person_key('canonical_secret') }} as person_key,
    canonical_secret as person_secret,
    {{ person_key('person_secret') }} as former_person_key,
    max(id_no) as id_no,
    person_secret = canonical_secret as is_kept
from delivered
group by canonical_secret, person_secret
