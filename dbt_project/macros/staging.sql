{# The words of a staging model: `landing` is the delivered row, `delivery` its line in the ledger. #}

{# Rows of every accepted delivery of a dataset that was known in time; whoever was merged counts as the one kept. #}
{% macro landing_rows(dataset) -%}
    {%- set aliases = ref('int_person_alias') -%}
    {%- set keys = person_key_columns(dataset) -%}
    {%- if var('aliases') and keys %}
    (
        select
            {{ all_but('delivered', keys | join(', ')) }},
            {%- for key in keys %}
            coalesce(alias_{{ loop.index }}.canonical_secret, delivered.{{ key }}) as {{ key }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ read_landing(dataset, 'data') }} as delivered
        {%- for key in keys %}
        left join {{ aliases }} as alias_{{ loop.index }} on delivered.{{ key }} = alias_{{ loop.index }}.person_secret
        {%- endfor %}
    ) as landing
    {%- else %}
    {{ read_landing(dataset, 'data') }} as landing
    {%- endif %}
inner join {{ ref('int_delivery') }} as delivery
    on landing.delivery = delivery.delivery_id and delivery.status = 'accepted'
{%- endmacro %}

{# The columns of a dataset's landing that hold the keyed hash of a citizen number. #}
{% macro person_key_columns(dataset) -%}
    {%- set keys = [] -%}
    {%- for contract in var('contracts') if contract.dataset == dataset -%}
        {%- for people in contract.people -%}{%- do keys.append(people.id_column ~ '_key') -%}{%- endfor -%}
        {%- for column in contract.holds_id_no -%}{%- do keys.append(column ~ '_id_no_key') -%}{%- endfor -%}
    {%- endfor -%}
    {{ return(keys) }}
{%- endmacro %}

{# The delivery a row came with. #}
{% macro delivery_columns() -%}
    delivery.delivery_id,
    delivery.period,
    delivery.part_code,
    delivery.received_at
{%- endmacro %}

{# Where in its file the row stood. #}
{% macro source_place() -%}
    landing.member as source_member,
    landing.sheet as source_sheet,
    landing.row_number as source_row
{%- endmacro %}

{# The pseudonym of a person. A hash over a keyed hash: whoever lacks the identity key cannot try numbers out. #}
{% macro person_key(secret) -%}
    'P' || substr({{ sha256_hex("'person:' || " ~ secret) }}, 1, 31)
{%- endmacro %}

{# The pseudonym of an assistance household. #}
{% macro household_key(secret) -%}
    'H' || substr({{ sha256_hex("'household:' || " ~ secret) }}, 1, 31)
{%- endmacro %}

{# An id_no column as key, secret, number and status; `prefix` names the role, e.g. 'head_'. #}
{% macro person_columns(id_column, prefix='') -%}
    {{ person_key('landing.' ~ id_column ~ '_key') }} as {{ prefix }}person_key,
    landing.{{ id_column }}_key as {{ prefix }}person_secret,
    landing.{{ id_column }} as {{ prefix }}id_no,
    landing.{{ id_column }}_status as {{ prefix }}id_no_status
{%- endmacro %}

{# A name as delivered after normalisation, folded for comparison, and as a pattern where it is damaged. #}
{% macro name_columns(column, name=none) -%}
    {%- set name = name or column -%}
    landing.{{ column }} as {{ name }},
    landing.{{ column }}_folded as {{ name }}_folded,
    landing.{{ column }}_pattern as {{ name }}_pattern
{%- endmacro %}

{% macro household_columns() -%}
    {{ household_key('landing.household_no_key') }} as household_key,
    landing.household_no_key as household_secret,
    landing.household_no
{%- endmacro %}

{# Of an append dataset: one row a key, the latest delivery wins. #}
{% macro latest_delivery_per(key) -%}
qualify row_number() over (
    partition by {{ key | join(', ') }}
    order by delivery.received_at desc nulls last, delivery.delivery_id desc nulls last
) = 1
{%- endmacro %}

{# The key of a delivered row as one text. #}
{% macro row_key(key) -%}
    {% for column in key -%}
        coalesce(cast(landing.{{ column }} as string), ''){{ " || '|' || " if not loop.last }}
    {%- endfor %}
{%- endmacro %}
