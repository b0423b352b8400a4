with injury as (

    select delivery.month, injury.*
    from {{ ref('stg_human_resources__work_injury') }} as injury
    inner join {{ ref('int_delivery_in_force') }} as delivery on injury.delivery_id = delivery.delivery_id
    where injury.start_month <= delivery.month and (injury.end_month is null or injury.end_month >= delivery.month)

),

overlapping as (

    select
        holder.*,
        injury.start_month as injury_month,
        {{ match_grade('holder', 'injury', 'holder.former_name') }} as match_grade,
        greatest(holder.received_at, injury.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join injury on holder.person_key = injury.person_key and holder.month = injury.month
    where holder.programme in ('disability_living', 'disability_nursing')

)

select
    overlapping.month,
    overlapping.programme,
    'person' as subject_type,
    overlapping.person_key,
    cast(null as string) as household_key,
    {{ first_month_of_episode() }} as event_key,
    'critical' as severity,
    benefit.paid_amount as amount_at_risk,
    overlapping.match_grade,
    overlapping.town_code,
    overlapping.village_code,
    {{ json_object([
        ('事实', "'领取工伤生活护理费期间又享残疾人补贴'"),
        ('护理费起', 'substr(cast(overlapping.injury_month as string), 1, 7)'),
        ('本月已发残疾人补贴', 'coalesce(benefit.paid_amount, 0)'),
        ('来源', "'工伤待遇、残疾人补贴名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('护理费起', 'cast(overlapping.injury_month as string)'),
        ('本月已发残疾人补贴', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence_restricted,
    overlapping.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from overlapping
left join {{ ref('int_rules__benefit') }} as benefit
    on overlapping.month = benefit.month
    and overlapping.pay_programme = benefit.pay_programme
    and overlapping.pay_subject_key = benefit.pay_subject_key
where overlapping.match_grade is not null
