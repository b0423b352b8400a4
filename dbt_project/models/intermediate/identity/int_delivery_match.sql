-- Read from landing by the contracts, so that a new dataset's people are looked up without a change.
-- Whom a row is about is said by the first citizen number of its contract.
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

named as (

    {% for contract in var('contracts') -%}
    {% for people in contract.people -%}
    {% if loop.first -%}
    select
        delivery.delivery_id,
        landing.{{ people.id_column }}_key as person_secret,
        {%- for part, suffix in [('name', ''), ('name_folded', '_folded'), ('name_pattern', '_pattern')] %}
        {{ 'landing.' ~ people.name_column ~ suffix if people.name_column else 'cast(null as string)' }} as {{ part }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ landing_rows(contract.dataset) }}
    where landing.{{ people.id_column }}_key is not null
    union all
    {% endif -%}
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as string) as delivery_id,
        cast(null as string) as person_secret,
        cast(null as string) as name,
        cast(null as string) as name_folded,
        cast(null as string) as name_pattern
    from {{ ref('int_delivery') }}
    where false

),

-- Nearly all rows find their spelling; of the others those that say the same stand together.
looked_up as (

    select
        named.delivery_id,
        case when spelling.person_secret is null then named.person_secret end as person_secret,
        case when spelling.person_secret is null then named.name end as name,
        case when spelling.person_secret is null then named.name_folded end as name_folded,
        case when spelling.person_secret is null then named.name_pattern end as name_pattern
    from named
    left join spelling
        on named.person_secret = spelling.person_secret and coalesce(named.name_folded, '') = spelling.spelling

),

counted as (

    select
        delivery_id,
        person_secret,
        name,
        name_folded,
        name_pattern,
        count(*) as copies
    from looked_up
    group by delivery_id, person_secret, name, name_folded, name_pattern

),

-- What remains may still be a name with a damaged character, here or in the register.
damaged as (

    select distinct
        counted.person_secret,
        counted.name
    from counted
    inner join {{ ref('stg_public_security__population') }} as registered
        on counted.person_secret = registered.person_secret
    where {{ names_fit('counted.name', 'registered.name') }}

),

-- Of a register that has not come nobody can be unknown.
register as (

    select count(*) > 0 as has_come from {{ ref('stg_public_security__population') }}

)

select
    counted.delivery_id,
    cast(sum(counted.copies) as bigint) as rows_with_number,
    cast(sum(
        case
            when not register.has_come then null
            when counted.person_secret is null or damaged.person_secret is not null then counted.copies
            else 0
        end
    ) as bigint) as rows_registered
from counted
cross join register
left join damaged on counted.person_secret = damaged.person_secret and counted.name = damaged.name
group by counted.delivery_id
