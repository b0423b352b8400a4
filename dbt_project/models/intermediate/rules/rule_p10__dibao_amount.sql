select
    month,
    programme,
    'household' as subject_type,
    cast(null as string) as person_key,
    household_key,
    {{ first_month_of_episode() }} as event_key,
    case
        when difference > dibao_amount * {{ parameter('recalculation_high_share', 'month') }} then 'high' else 'medium'
    end as severity,
    difference as amount_at_risk,
    'M1' as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'登记的月保障金额与按登记收入重算的金额不符'"),
        ('登记金额', 'monthly_amount'),
        ('重算金额', 'dibao_amount'),
        ('差额', 'monthly_amount - dibao_amount'),
        ('低保标准', 'standard'),
        ('来源', "'低保名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('家庭年收入', 'annual_income'),
        ('就业成本扣减', 'employment_deduction'),
        ('共同生活人数', 'member_count'),
        ('保障人数', 'covered_rows'),
        ('其中未成年人增发', 'minor_rows'),
        ('低保标准', 'standard'),
        ('登记金额', 'monthly_amount'),
        ('重算金额', 'dibao_amount'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from {{ ref('int_rules__dibao_difference') }}
