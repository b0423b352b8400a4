{# A household may be paid without ever standing in a list: whoever is sent there needs its number and the payee. #}
with known as (
    select household_key, household_no, head_person_key, head_name, address, phone, true as is_listed, month
    from {{ ref('int_household_month') }}
    union all
    select
        household_key, household_no, person_key, name, cast(null as string) as address, cast(null as string) as phone,
        false as is_listed, benefit_month
    from {{ ref('stg_civil_affairs__payment') }}
    where household_key is not null
)

select
    cast(household_key as string) as household_key,
    cast(household_no as string) as household_no,
    cast(head_person_key as string) as head_person_key,
    cast(head_name as string) as head_name,
    cast(address as string) as address,
    cast(phone as string) as phone
from known
qualify row_number() over (
    partition by household_key
    order by
        is_listed desc nulls last, month desc nulls last, household_no asc nulls last,
        head_person_key asc nulls last, head_name asc nulls last
) = 1
