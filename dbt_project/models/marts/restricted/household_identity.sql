select
    cast(household_key as varchar) as household_key,
    cast(household_no as varchar) as household_no,
    cast(head_person_key as varchar) as head_person_key,
    cast(head_name as varchar) as head_name,
    cast(address as varchar) as address,
    cast(phone as varchar) as phone
from {{ ref('int_household_month') }}
qualify row_number() over (partition by household_key order by month desc nulls last) = 1
