-- Whom a cash payment goes to: a household of 低保 as one, filed as dibao if anybody of it is; else a person.
select
    holder.month,
    holder.pay_programme,
    holder.pay_subject_key,
    min(holder.programme) as programme,
    max(holder.household_key) as household_key,
    max(case when holder.household_key is null then holder.person_key end) as person_key,
    max(coalesce(holder.household_amount, holder.monthly_amount)) as monthly_amount,
    max(holder.town_code) as town_code,
    max(holder.village_code) as village_code,
    max(holder.received_at) as received_at
from {{ ref('int_rules__holder') }} as holder
inner join {{ ref('programmes') }} as programme on holder.programme = programme.programme and programme.is_cash
group by holder.month, holder.pay_programme, holder.pay_subject_key
