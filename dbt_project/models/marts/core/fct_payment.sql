select
    cast(payment_no as string) as payment_no,
    cast(batch_no as string) as batch_no,
    cast(person_key as string) as person_key,
    cast(household_key as string) as household_key,
    cast(programme as string) as programme,
    cast(benefit_month as date) as benefit_month,
    cast(paid_month as date) as paid_month,
    cast(amount as decimal(18, 2)) as amount,
    cast(kind as string) as kind,
    cast(result as string) as result,
    cast(town_code as string) as town_code,
    cast(delivery_id as string) as delivery_id
from {{ ref('int_payment') }}
