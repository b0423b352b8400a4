with newest as (
    select region.*
    from {{ ref('stg_civil_affairs__region') }} as region
    where region.period <= date '{{ var("as_of") }}'
    qualify row_number() over (
        partition by region.region_code
        order by region.period desc nulls last, region.received_at desc nulls last, region.delivery_id desc nulls last
    ) = 1
),

standing as (
    select distinct delivery_id
    from {{ ref('int_delivery_in_force') }}
    where dataset = 'civil_affairs.region' and month = date '{{ var("as_of") }}'
),

district as (
    select max(newest.region_code) as region_code
    from newest
    inner join standing on newest.delivery_id = standing.delivery_id
    where newest.level = '区县'
),

-- Towns and villages that are no more stay: older rows still lie in them. There is one district, the one in force.
kept as (
    select
        newest.*,
        standing.delivery_id is not null as is_in_force,
        district.region_code as district_code
    from newest
    cross join district
    left join standing on newest.delivery_id = standing.delivery_id
    where newest.level <> '区县' or newest.region_code = district.region_code
)

select
    region.region_code,
    region.name,
    case region.level when '区县' then 'district' when '镇街' then 'town' else 'village' end as level,
    case when region.level <> '区县' then coalesce(parent.region_code, region.district_code) end as parent_code,
    case region.level when '镇街' then region.region_code when '村居' then parent.region_code end as town_code,
    case region.level when '镇街' then region.name when '村居' then parent.name end as town_name,
    case region.level when '村居' then region.name end as village_name,
    region.former_names,
    region.is_in_force
from kept as region
left join kept as parent on region.parent_code = parent.region_code
