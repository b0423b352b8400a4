-- What is shared out over the covered people of a household is what the household has.
select enrolment.month, enrolment.household_key
from {{ ref('int_enrolment_month') }} as enrolment
inner join {{ ref('int_household_month') }} as household
    on enrolment.month = household.month and enrolment.household_key = household.household_key
where enrolment.programme in ('dibao', 'dibao_single')
group by enrolment.month, enrolment.household_key
having sum(enrolment.recorded_amount) <> max(coalesce(household.monthly_amount, 0))
