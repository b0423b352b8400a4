-- Net of what came back: successful payments and back-payments less what was recovered for the same benefit month.
select
    programme_label,
    programme,
    case when programme_label = '低保金' then household_key end as household_key,
    case when programme_label = '低保金' then null else person_key end as person_key,
    benefit_month as month,
    cast(sum(case kind when '扣回' then -abs(amount) else amount end) as decimal(18, 2)) as paid_amount,
    max(received_at) as received_at
from {{ ref('int_payment') }}
where result = '成功' and (programme_label <> '低保金' or household_key is not null)
group by
    programme_label,
    programme,
    case when programme_label = '低保金' then household_key end,
    case when programme_label = '低保金' then null else person_key end,
    benefit_month
