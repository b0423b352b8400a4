-- P10's condition: the recorded amount is further from the computed one than rounding could bring it.
select
    means.*,
    abs(means.monthly_amount - means.dibao_amount) as difference,
    means.member_count * {{ parameter('recalculation_tolerance', 'means.month') }} as tolerance
from {{ ref('int_household_means_month') }} as means
where means.programme = 'dibao'
    and means.holds
    and means.status = '在享'
    and abs(means.monthly_amount - means.dibao_amount)
        > means.member_count * {{ parameter('recalculation_tolerance', 'means.month') }}
