-- Read from landing by the contracts, so that a new dataset's people are here without a change.
-- Every name the register gives somebody or once gave them, and none at all: a row without a name fits by its number.
with spelling as (

    {% for spelt in ['name_folded', 'former_name_folded', "''"] -%}
    select
        person_secret,
        {{ spelt }} as spelling
    from {{ ref('stg_public_security__population') }}
    where person_secret is not null and {{ spelt }} is not null
    {{ 'union' if not loop.last }}
    {% endfor %}

),

seen as (

    {% for contract in var('contracts') -%}
    {% for people in contract.people -%}
    select
        delivery.delivery_id,
        {{ 'true' if loop.first else 'false' }} as is_subject,
        landing.{{ people.id_column }}_key as person_secret,
        landing.{{ people.id_column }} as id_no,
        landing.{{ people.id_column }}_status as id_status,
        {%- for part, suffix in [('name', ''), ('name_folded', '_folded'), ('name_pattern', '_pattern')] %}
        {{ 'landing.' ~ people.name_column ~ suffix if people.name_column else 'cast(null as string)' }} as {{ part }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ landing_rows(contract.dataset) }}
    where landing.{{ people.id_column }}_key is not null
    union all
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as string) as delivery_id,
        cast(null as boolean) as is_subject,
        cast(null as string) as person_secret,
        cast(null as string) as id_no,
        cast(null as string) as id_status,
        cast(null as string) as name,
        cast(null as string) as name_folded,
        cast(null as string) as name_pattern
    from {{ ref('int_delivery') }}
    where false

),

-- Nearly all rows find their spelling, and of those their number alone is asked for.
looked_up as (

    select
        seen.delivery_id,
        seen.is_subject,
        {%- for column in ['person_secret', 'id_no', 'id_status', 'name', 'name_folded', 'name_pattern'] %}
        case when spelling.person_secret is null then seen.{{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from seen
    left join spelling
        on seen.person_secret = spelling.person_secret and coalesce(seen.name_folded, '') = spelling.spelling

)

select
    delivery_id,
    is_subject,
    person_secret,
    id_no,
    id_status,
    name,
    name_folded,
    name_pattern,
    count(*) as copies
from looked_up
group by delivery_id, is_subject, person_secret, id_no, id_status, name, name_folded, name_pattern
