{{ config(materialized='view') }}
with present as (

    select * from {{ ref('int_flow_unit') }}

),

-- Of each unit and month, what it held before and holds now; the first month's past is what began before it.
here as (

    select
        now.month,
        now.unit,
        now.programme,
        now.town_code,
        now.unit_key,
        now.family,
        now.person_key,
        now.household_key,
        now.delivery_id,
        before.unit_key is not null
        or (now.month = (select min(month) from {{ ref('int_months') }}) and now.start_month < now.month) as was_here
    from present as now
    left join present as before
        on now.unit = before.unit
        and now.programme = before.programme
        and now.unit_key = before.unit_key
        and coalesce(now.town_code, '') = coalesce(before.town_code, '')
        and before.month = {{ plus_months('now.month', -1) }}

),

arrived as (

    select
        *,
        row_number() over (
            partition by month, unit, family, unit_key, was_here
            order by programme asc nulls last, town_code asc nulls last
        ) as position
    from here

),

departed as (

    select
        {{ plus_months('before.month', 1) }} as month,
        before.unit,
        before.programme,
        before.town_code,
        before.unit_key,
        before.family,
        before.person_key,
        before.household_key,
        before.delivery_id,
        row_number() over (
            partition by before.month, before.unit, before.family, before.unit_key
            order by before.programme asc nulls last, before.town_code asc nulls last
        ) as position
    from present as before
    left join present as now
        on before.unit = now.unit
        and before.programme = now.programme
        and before.unit_key = now.unit_key
        and coalesce(before.town_code, '') = coalesce(now.town_code, '')
        and now.month = {{ plus_months('before.month', 1) }}
    where now.unit_key is null and before.month < date '{{ var("as_of") }}'

)

-- Whoever comes to one programme or town of a family of programmes as they leave another is transferred, not new; one
-- who left one and came to two is transferred once, so that as many arrive as depart.
select
    arrived.month,
    arrived.unit,
    arrived.programme,
    arrived.town_code,
    arrived.person_key,
    arrived.household_key,
    arrived.delivery_id,
    case when arrived.was_here then 1 else 0 end as opening,
    case when not arrived.was_here and departed.unit_key is null then 1 else 0 end as new,
    case when not arrived.was_here and departed.unit_key is not null then 1 else 0 end as transferred_in,
    0 as {{ adapter.quote('left') }},
    0 as transferred_out,
    1 as closing
from arrived
left join departed
    on arrived.month = departed.month
    and arrived.unit = departed.unit
    and arrived.family = departed.family
    and arrived.unit_key = departed.unit_key
    and arrived.position = departed.position
    and not arrived.was_here
union all
select
    departed.month,
    departed.unit,
    departed.programme,
    departed.town_code,
    departed.person_key,
    departed.household_key,
    departed.delivery_id,
    1 as opening,
    0 as new,
    0 as transferred_in,
    case when arrived.unit_key is null then 1 else 0 end as {{ adapter.quote('left') }},
    case when arrived.unit_key is null then 0 else 1 end as transferred_out,
    0 as closing
from departed
left join arrived
    on departed.month = arrived.month
    and departed.unit = arrived.unit
    and departed.family = arrived.family
    and departed.unit_key = arrived.unit_key
    and departed.position = arrived.position
    and not arrived.was_here
