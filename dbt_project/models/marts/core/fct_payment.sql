select
    cast(payment_no as varchar) as payment_no,
    cast(batch_no as varchar) as batch_no,
    cast(person_key as varchar) as person_key,
    cast(household_key as varchar) as household_key,
    cast(programme as varchar) as programme,
    cast(benefit_month as date) as benefit_month,
    cast(paid_month as date) as paid_month,
    cast(amount as decimal(18, 2)) as amount,
    cast(kind as varchar) as kind,
    cast(result as varchar) as result,
    cast(town_code as varchar) as town_code,
    cast(delivery_id as varchar) as delivery_id
from {{ ref('int_payment') }}
