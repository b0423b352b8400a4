with elsewhere as (

    select delivery.month, recipient.*
    from {{ ref('stg_civil_affairs__out_of_area_recipient') }} as recipient
    inner join {{ ref('int_delivery_in_force') }} as delivery on recipient.delivery_id = delivery.delivery_id
    where recipient.status = '在享' and (recipient.start_month is null or recipient.start_month <= delivery.month)

),

overlapping as (

    select
        holder.*,
        elsewhere.region,
        elsewhere.programme as programme_elsewhere,
        elsewhere.start_month as start_month_elsewhere,
        {{ match_grade('holder', 'elsewhere', 'holder.former_name') }} as match_grade,
        greatest(holder.received_at, elsewhere.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join elsewhere on holder.person_key = elsewhere.person_key and holder.month = elsewhere.month
    inner join {{ ref('programmes') }} as programme on holder.programme = programme.programme
    where (
        elsewhere.programme in ('低保', '特困') and holder.programme in ('dibao', 'dibao_single', 'extreme_poverty')
    )
    or (elsewhere.programme not in ('低保', '特困') and elsewhere.programme = programme.out_of_area_label)

)

select
    overlapping.month,
    overlapping.programme,
    'person' as subject_type,
    overlapping.person_key,
    cast(null as string) as household_key,
    overlapping.region as event_key,
    'critical' as severity,
    benefit.share_amount as amount_at_risk,
    overlapping.match_grade,
    overlapping.town_code,
    overlapping.village_code,
    {{ json_object([
        ('事实', "'同时在外地享受同类救助'"),
        ('外地', 'overlapping.region'),
        ('外地项目', 'overlapping.programme_elsewhere'),
        ('外地起始', 'substr(cast(overlapping.start_month_elsewhere as string), 1, 7)'),
        ('来源', "'外地在享名单'"),
    ]) }} as evidence,
    {{ json_object([
        ('外地', 'overlapping.region'),
        ('外地项目', 'overlapping.programme_elsewhere'),
        ('外地起始', 'cast(overlapping.start_month_elsewhere as string)'),
        ('本月已发', 'coalesce(benefit.share_amount, 0)'),
    ]) }} as evidence_restricted,
    overlapping.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from overlapping
left join {{ ref('int_rules__benefit') }} as benefit
    on overlapping.month = benefit.month
    and overlapping.pay_programme = benefit.pay_programme
    and overlapping.pay_subject_key = benefit.pay_subject_key
where overlapping.match_grade is not null
