with moved as (

    select months.month, register.*
    from {{ ref('int_population_period') }} as register
    inner join {{ ref('int_months') }} as months
        on {{ rules_in('register', 'months.month') }}
    where register.status = '迁出' and register.status_on < months.month

),

inside as ( -- a destination that holds a name of the district lies inside it

    select distinct moved.destination
    from moved
    inner join {{ ref('int_district_name') }} as district on moved.destination like '%' || district.name || '%'

),

placed as (

    select
        holder.*,
        moved.status_on,
        moved.destination,
        {{ match_grade('holder', 'moved', 'moved.former_name') }} as match_grade,
        greatest(holder.received_at, moved.received_at) as found_at,
        district.destination is not null as is_inside
    from {{ ref('int_rules__holder') }} as holder
    inner join moved on holder.person_key = moved.person_key and holder.month = moved.month
    left join inside as district on moved.destination = district.destination

),

paid_since as (

    select placed.month, placed.programme, placed.person_key, placed.pay_subject_key, sum(benefit.share_amount) as amount
    from placed
    inner join {{ ref('int_rules__benefit') }} as benefit
        on placed.pay_programme = benefit.pay_programme
        and placed.pay_subject_key = benefit.pay_subject_key
        and benefit.month > placed.status_on
        and benefit.month <= placed.month
    group by placed.month, placed.programme, placed.person_key, placed.pay_subject_key

)

select
    placed.month,
    placed.programme,
    'person' as subject_type,
    placed.person_key,
    cast(null as string) as household_key,
    cast(placed.status_on as string) as event_key,
    'high' as severity,
    paid_since.amount as amount_at_risk,
    placed.match_grade,
    placed.town_code,
    placed.village_code,
    {{ json_object([
        ('事实', "'户籍已迁出本区'"),
        ('迁出年月', 'substr(cast(placed.status_on as string), 1, 7)'),
        ('迁往地', 'placed.destination'),
        ('迁出后已发金额', 'coalesce(paid_since.amount, 0)'),
        ('来源', "'户籍人口'"),
    ]) }} as evidence,
    {{ json_object([
        ('迁出日期', 'cast(placed.status_on as string)'),
        ('迁往地', 'placed.destination'),
    ]) }} as evidence_restricted,
    placed.found_at as received_at,
    case when coalesce(placed.destination, '') = '' then '迁往地为空，未评估' end as left_out
from placed
left join paid_since
    on placed.month = paid_since.month
    and placed.programme = paid_since.programme
    and placed.person_key = paid_since.person_key
    and placed.pay_subject_key = paid_since.pay_subject_key
where placed.match_grade is not null and not (coalesce(placed.destination, '') <> '' and placed.is_inside)
