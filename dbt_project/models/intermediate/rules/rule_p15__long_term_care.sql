with care as (

    select delivery.month, care.*
    from {{ ref('stg_medical_insurance__long_term_care') }} as care
    inner join {{ ref('int_delivery_in_force') }} as delivery on care.delivery_id = delivery.delivery_id
    where care.start_on < {{ plus_months('delivery.month', 1) }}
        and (care.end_on is null or care.end_on >= delivery.month)

),

overlapping as (

    select
        holder.*,
        care.start_on,
        care.monthly_amount as care_amount,
        {{ match_grade('holder', 'care', 'holder.former_name') }} as match_grade,
        greatest(holder.received_at, care.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join care on holder.person_key = care.person_key and holder.month = care.month
    where holder.programme = 'disability_nursing'

)

select
    overlapping.month,
    overlapping.programme,
    'person' as subject_type,
    overlapping.person_key,
    cast(null as string) as household_key,
    cast(overlapping.start_on as string) as event_key,
    'medium' as severity,
    benefit.paid_amount as amount_at_risk,
    overlapping.match_grade,
    overlapping.town_code,
    overlapping.village_code,
    {{ json_object([
        ('事实', "'领取护理补贴期间同时享受长期护理保险待遇'"),
        ('长护险起', 'substr(cast(overlapping.start_on as string), 1, 7)'),
        ('来源', "'长期护理保险待遇、护理补贴名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('长护险起', 'cast(overlapping.start_on as string)'),
        ('长护险待遇标准', 'overlapping.care_amount'),
        ('本月已发护理补贴', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence_restricted,
    overlapping.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from overlapping
left join {{ ref('int_rules__benefit') }} as benefit
    on overlapping.month = benefit.month
    and overlapping.pay_programme = benefit.pay_programme
    and overlapping.pay_subject_key = benefit.pay_subject_key
where overlapping.match_grade is not null
