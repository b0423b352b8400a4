with monitored as (

    select delivery.month, monitor.*
    from {{ ref('stg_rural_affairs__poverty_monitor') }} as monitor
    inner join {{ ref('int_delivery_in_force') }} as delivery on monitor.delivery_id = delivery.delivery_id
    where not monitor.risk_removed

),

missed as (

    select
        monitored.*,
        person.town_code,
        person.village_code
    from monitored
    left join {{ ref('int_rules__present') }} as covered
        on monitored.person_key = covered.person_key
        and monitored.month = covered.month
        and covered.programme in ('dibao', 'dibao_single', 'extreme_poverty', 'dibao_edge', 'rigid_expenditure')
    left join {{ ref('int_person_death') }} as death
        on monitored.person_key = death.person_key
        and monitored.name = death.name
        and {{ died_before('death', 'monitored.month') }}
    left join {{ ref('int_person') }} as person on monitored.person_key = person.person_key
    where covered.person_key is null and death.person_key is null

)

select
    missed.month,
    'dibao' as programme,
    'person' as subject_type,
    missed.person_key,
    cast(null as string) as household_key,
    coalesce(cast(missed.identified_on as string), '') as event_key,
    'medium' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    case when missed.id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
    missed.town_code,
    missed.village_code,
    {{ json_object([
        ('事实', "'防返贫监测对象风险未消除，未享受任何低收入救助'"),
        ('识别年月', 'substr(cast(missed.identified_on as string), 1, 7)'),
        ('来源', "'防止返贫监测对象、救助名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('风险类型', 'missed.risk'),
        ('识别日期', 'cast(missed.identified_on as string)'),
    ]) }} as evidence_restricted,
    missed.received_at,
    {{ nobody_left_out() }} as left_out
from missed
