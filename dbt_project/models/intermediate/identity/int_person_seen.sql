-- Read from landing by the contracts, so that a new dataset's people are here without a change.
with seen as (
    {% for contract in var('contracts') -%}
    {% set outer = loop -%}
    {% for people in contract.people -%}
    select
        landing.{{ people.id_column }}_key as person_secret,
        max(landing.{{ people.id_column }}) as id_no,
        min(landing.{{ people.id_column }}_status) as id_status,
        {{ 'max(landing.' ~ people.name_column ~ ')' if people.name_column else 'cast(null as varchar)' }} as name
    from {{ landing_rows(contract.dataset) }}
    where landing.{{ people.id_column }}_key is not null
    group by landing.{{ people.id_column }}_key
    union all
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as varchar) as person_secret,
        cast(null as varchar) as id_no,
        cast(null as varchar) as id_status,
        cast(null as varchar) as name
    from {{ ref('int_delivery') }}
    where false
)

select
    {{ person_key('person_secret') }} as person_key,
    person_secret,
    max(id_no) as id_no,
    min(id_status) as id_status,
    max(name) as name
from seen
group by person_secret
