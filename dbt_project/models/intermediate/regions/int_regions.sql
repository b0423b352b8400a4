with in_force as (
    select region.*
    from {{ ref('stg_civil_affairs__region') }} as region
    inner join {{ ref('int_delivery_in_force') }} as delivery
        on region.delivery_id = delivery.delivery_id
    where delivery.month = date '{{ var("as_of") }}'
    qualify row_number() over (
        partition by region.region_code order by region.received_at desc nulls last, region.delivery_id desc nulls last
    ) = 1
)

select
    region.region_code,
    region.name,
    case region.level when '区县' then 'district' when '镇街' then 'town' else 'village' end as level,
    region.parent_code,
    case region.level when '镇街' then region.region_code when '村居' then parent.region_code end as town_code,
    case region.level when '镇街' then region.name when '村居' then parent.name end as town_name,
    case region.level when '村居' then region.name end as village_name,
    region.former_names
from in_force as region
left join in_force as parent on region.parent_code = parent.region_code
