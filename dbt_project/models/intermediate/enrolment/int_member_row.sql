{{ config(materialized='view') }}
-- Member files name no town: a member's is the one of their household, as last delivered.
with household as (
    select
        household_secret,
        max_by(town_code, received_at) as town_code
    from {{ ref('stg_civil_affairs__assistance_household') }}
    group by household_secret
)

select
    member.*,
    household.town_code
from {{ ref('stg_civil_affairs__assistance_member') }} as member
left join household on member.household_secret = household.household_secret
