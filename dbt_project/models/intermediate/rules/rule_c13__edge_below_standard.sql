select
    month,
    programme,
    'household' as subject_type,
    cast(null as string) as person_key,
    household_key,
    {{ first_month_of_episode() }} as event_key,
    'medium' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'低保边缘家庭登记的人均月收入低于低保标准'"),
        ('低保标准', 'standard'),
        ('来源', "'低保边缘名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('人均月收入', 'income_per_capita'),
        ('家庭年收入', 'annual_income'),
        ('就业成本扣减', 'employment_deduction'),
        ('共同生活人数', 'member_count'),
        ('低保标准', 'standard'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from {{ ref('int_household_means_month') }}
where programme = 'dibao_edge' and holds and is_below_standard
