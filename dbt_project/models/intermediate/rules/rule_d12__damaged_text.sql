with damaged as (

    {% for contract in var('contracts') -%}
    {% for column in contract.texts -%}
    select
        '{{ contract.dataset }}' as dataset,
        landing.delivery as delivery_id,
        '{{ column.name }}' as column_name,
        count(*) as rows_damaged
    from {{ read_landing(contract.dataset, 'data') }} as landing
    where {% if column.is_name %}landing.{{ column.name }}_pattern is not null and {% endif -%}
        {{ is_damaged('landing.' ~ column.name) }}
    group by landing.delivery
    union all
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as string) as dataset,
        cast(null as string) as delivery_id,
        cast(null as string) as column_name,
        0 as rows_damaged
    from {{ ref('int_delivery') }}
    where false

)

select
    standing.month,
    '' as programme,
    'delivery' as subject_type,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    damaged.delivery_id || '|' || damaged.column_name as event_key,
    'low' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    cast(null as string) as town_code,
    cast(null as string) as village_code,
    {{ json_object([
        ('事实', "'姓名或地址中有乱码字符'"),
        ('数据', 'dataset.title_zh'),
        ('所属年月', 'substr(cast(delivery.period as string), 1, 7)'),
        ('行数', 'damaged.rows_damaged'),
    ]) }} as evidence,
    {{ json_object([
        ('交付', 'damaged.delivery_id'),
        ('列', 'damaged.column_name'),
        ('行数', 'damaged.rows_damaged'),
    ]) }} as evidence_restricted,
    delivery.received_at,
    {{ nobody_left_out() }} as left_out
from damaged
inner join {{ ref('int_rules__standing_delivery') }} as standing on damaged.delivery_id = standing.delivery_id
inner join {{ ref('int_delivery') }} as delivery on damaged.delivery_id = delivery.delivery_id
inner join {{ ref('int_dataset') }} as dataset on damaged.dataset = dataset.dataset
