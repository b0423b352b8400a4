with held as (

    select
        holder.*,
        custody.start_on,
        custody.end_on,
        custody.kind as custody_kind,
        {{ match_grade('holder', 'custody', 'holder.former_name') }} as match_grade,
        greatest(holder.received_at, custody.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join {{ ref('int_rules__custody') }} as custody
        on holder.person_key = custody.person_key and holder.month = custody.month

),

benefit_since as (

    select held.month, held.programme, held.pay_subject_key, held.person_key, held.start_on, sum(benefit.share_amount) as amount
    from held
    inner join {{ ref('int_rules__benefit') }} as benefit
        on held.pay_programme = benefit.pay_programme
        and held.pay_subject_key = benefit.pay_subject_key
        and benefit.month > held.start_on
        and benefit.month <= held.month
    group by held.month, held.programme, held.pay_subject_key, held.person_key, held.start_on

)

select
    held.month,
    held.programme,
    'person' as subject_type,
    held.person_key,
    cast(null as string) as household_key,
    cast(held.start_on as string) as event_key,
    case when held.programme in ('dibao', 'dibao_edge', 'rigid_expenditure') then 'high' else 'critical' end as severity,
    benefit_since.amount as amount_at_risk,
    held.match_grade,
    held.town_code,
    held.village_code,
    {{ json_object([('事实', "'状态待与区级核实'"), ('来源', "'区级共享名单'")]) }} as evidence,
    {{ json_object([
        ('类型', 'held.custody_kind'),
        ('开始日期', 'cast(held.start_on as string)'),
        ('结束日期', 'cast(held.end_on as string)'),
    ]) }} as evidence_restricted,
    held.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from held
left join benefit_since
    on held.month = benefit_since.month
    and held.programme = benefit_since.programme
    and held.pay_subject_key = benefit_since.pay_subject_key
    and held.person_key = benefit_since.person_key
    and held.start_on = benefit_since.start_on
where held.match_grade is not null
