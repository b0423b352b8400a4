-- Read from landing by the contracts, so that a new dataset's names are compared without a change.
{% for contract in var('contracts') -%}
{% for people in contract.people if people.name_column -%}
{% set named = 'landing.' ~ people.name_column -%}
select
    listed.dataset as roster_dataset,
    listed.person_key,
    listed.name as roster_name,
    '{{ contract.dataset }}' as source_dataset,
    {{ named }} as source_name,
    '{{ contract.delivery }}' = 'snapshot' as is_snapshot,
    {{ row_key(contract.key) }} as row_key,
    {% if contract.dated_by %}{{ month_of('landing.' ~ contract.dated_by) }}{% else %}delivery.period{% endif %} as stands_from,
    listed.id_no_status = 'upgraded15' or landing.{{ people.id_column }}_status = 'upgraded15' as is_upgraded,
    delivery.delivery_id,
    delivery.period,
    delivery.received_at
from {{ landing_rows(contract.dataset) }}
inner join {{ ref('int_rules__roster_name') }} as listed on landing.{{ people.id_column }}_key = listed.person_secret
left join {{ ref('int_rules__former_name') }} as former on listed.person_key = former.person_key
where {{ named }} <> listed.name -- nearly all are equal, and that is told before anything else is looked at
    and not ({{ names_fit('listed.name', named, 'former.former_name') }})
union all
{% endfor -%}
{% endfor -%}
select
    cast(null as string) as roster_dataset,
    cast(null as string) as person_key,
    cast(null as string) as roster_name,
    cast(null as string) as source_dataset,
    cast(null as string) as source_name,
    cast(null as boolean) as is_snapshot,
    cast(null as string) as row_key,
    cast(null as date) as stands_from,
    cast(null as boolean) as is_upgraded,
    cast(null as string) as delivery_id,
    cast(null as date) as period,
    cast(null as timestamp) as received_at
from {{ ref('int_delivery') }}
where false
