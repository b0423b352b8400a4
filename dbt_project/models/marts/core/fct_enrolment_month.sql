select
    cast(month as date) as month,
    cast(programme as string) as programme,
    cast(person_key as string) as person_key,
    cast(household_key as string) as household_key,
    cast(status as string) as status,
    cast(holds as boolean) as holds,
    cast(tier as string) as tier,
    cast(entitled_amount as decimal(18, 2)) as entitled_amount,
    cast(recorded_amount as decimal(18, 2)) as recorded_amount,
    cast(paid_amount as decimal(18, 2)) as paid_amount,
    cast(town_code as string) as town_code,
    cast(village_code as string) as village_code,
    cast(is_carried as boolean) as is_carried
from {{ ref('int_enrolment_month') }}
