select
    household.month,
    household.programme,
    'household' as subject_type,
    household.head_person_key as person_key,
    household.household_key,
    cast(household.grace_until as string) as event_key,
    'high' as severity,
    benefit.paid_amount as amount_at_risk,
    'M1' as match_grade,
    household.town_code,
    household.village_code,
    {{ json_object([
        ('事实', "'渐退期已经结束，名册上仍是渐退'"),
        ('渐退截止', 'substr(cast(household.grace_until as string), 1, 7)'),
        ('来源', "'救助家庭名册'"),
    ]) }} as evidence,
    {{ json_object([('渐退截止', 'cast(household.grace_until as string)')]) }} as evidence_restricted,
    household.received_at,
    {{ nobody_left_out() }} as left_out
from {{ ref('int_household_month') }} as household
left join {{ ref('int_rules__benefit') }} as benefit
    on household.month = benefit.month
    and household.programme = benefit.pay_programme
    and household.household_key = benefit.pay_subject_key
where household.programme = 'dibao'
    and household.holds
    and household.status = '渐退'
    and household.grace_until < household.month
