{% for contract in var('contracts') -%}
select
    '{{ contract.dataset }}' as dataset,
    delivery.delivery_id,
    landing.member,
    landing.sheet,
    landing.row_number,
    landing.reasons,
    {{ struct_as_json('landing.raw') }} as raw
from {{ read_landing(contract.dataset, 'quarantined') }} as landing
inner join {{ ref('int_delivery') }} as delivery on landing.delivery = delivery.delivery_id
{{ 'union all' if not loop.last }}
{% else -%}
select
    cast(null as string) as dataset,
    cast(null as string) as delivery_id,
    cast(null as string) as member,
    cast(null as string) as sheet,
    cast(null as bigint) as row_number,
    cast(null as {{ reason_list_type() }}) as reasons,
    cast(null as string) as raw
from {{ ref('int_delivery') }}
where false
{% endfor %}
