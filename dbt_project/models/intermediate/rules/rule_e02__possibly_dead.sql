with holder as (

    select * from {{ ref('int_rules__dated_holder') }}

),

stopped as ( -- of a reason that says several things the gravest is heard

    select
        delivery.month,
        pension.*,
        case
            when pension.stop_reason like '%死亡%' then '死亡'
            when pension.stop_reason like '%失踪%' then '失踪'
            when pension.stop_reason like '%未认证%' then '未认证'
        end as word
    from {{ ref('stg_human_resources__pension') }} as pension
    inner join {{ ref('int_delivery_in_force') }} as delivery on pension.delivery_id = delivery.delivery_id
    where pension.status <> '正常'
        and (pension.stopped_on is null or pension.stopped_on < {{ plus_months('delivery.month', 1) }})

),

hinted as (

    select
        holder.*,
        stopped.word || '|' || coalesce(cast(stopped.stopped_on as string), '') as event_key,
        stopped.word,
        stopped.scheme,
        stopped.stopped_on,
        stopped.last_certified_on,
        '养老待遇已停发，尚无死亡登记' as fact,
        '养老待遇' as source,
        {{ match_grade('holder', 'stopped', 'holder.former_name') }} as match_grade,
        greatest(holder.received_at, stopped.received_at) as found_at
    from holder
    inner join stopped on holder.person_key = stopped.person_key and holder.month = stopped.month
    where stopped.word is not null
    union all
    select
        *,
        'age110' as event_key,
        cast(null as string) as word,
        cast(null as string) as scheme,
        cast(null as date) as stopped_on,
        cast(null as date) as last_certified_on,
        '年龄超出常理，尚无死亡登记' as fact,
        '名册、户籍人口' as source,
        birth_grade as match_grade,
        received_at as found_at
    from holder
    where age > {{ parameter('oldest_plausible_age', 'holder.month') }}

)

select
    hinted.month,
    hinted.programme,
    'person' as subject_type,
    hinted.person_key,
    cast(null as string) as household_key,
    hinted.event_key,
    'high' as severity,
    benefit.share_amount as amount_at_risk,
    hinted.match_grade,
    hinted.town_code,
    hinted.village_code,
    {{ json_object([
        ('事实', 'hinted.fact'),
        ('停发原因', 'hinted.word'),
        ('险种', 'hinted.scheme'),
        ('停发年月', 'substr(cast(hinted.stopped_on as string), 1, 7)'),
        ('最近生存认证', 'substr(cast(hinted.last_certified_on as string), 1, 7)'),
        ('来源', 'hinted.source'),
    ]) }} as evidence,
    {{ json_object([
        ('停发原因', 'hinted.word'),
        ('险种', 'hinted.scheme'),
        ('停发日期', 'cast(hinted.stopped_on as string)'),
        ('最近生存认证', 'cast(hinted.last_certified_on as string)'),
        ('出生日期', 'cast(hinted.born_on as string)'),
    ]) }} as evidence_restricted,
    hinted.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from hinted
left join {{ ref('rule_e01__paid_after_death') }} as dead
    on hinted.month = dead.month
    and hinted.programme = dead.programme
    and hinted.person_key = dead.person_key
left join {{ ref('int_rules__benefit') }} as benefit
    on hinted.month = benefit.month
    and hinted.pay_programme = benefit.pay_programme
    and hinted.pay_subject_key = benefit.pay_subject_key
where hinted.match_grade is not null and dead.person_key is null
