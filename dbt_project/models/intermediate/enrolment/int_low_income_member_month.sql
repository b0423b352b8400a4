select
    member.month,
    member.household_programme as programme,
    member.household_key,
    member.household_secret,
    cast(null as string) as subject_person_key,
    member.person_key,
    member.person_secret,
    member.id_no,
    member.id_no_status,
    member.name,
    member.name_folded,
    member.name_pattern,
    member.role,
    member.covered,
    member.single_person,
    member.town_code,
    member.village_code,
    household.authorised_on,
    household.authorised_until,
    household.start_month,
    household.status,
    member.wage_income,
    member.pension_income,
    member.received_at
from {{ ref('int_member_month') }} as member
inner join {{ ref('int_household_month') }} as household
    on member.month = household.month and member.household_key = household.household_key
where household.holds and member.role in ('共同生活', '赡抚扶养人')
union all
select
    month,
    programme,
    cast(null as string) as household_key,
    cast(null as string) as household_secret,
    person_key as subject_person_key,
    person_key,
    person_secret,
    id_no,
    id_no_status,
    name,
    name_folded,
    name_pattern,
    '共同生活' as role,
    true as covered,
    true as single_person,
    town_code,
    village_code,
    cast(null as date) as authorised_on,
    cast(null as date) as authorised_until,
    start_month,
    status,
    cast(null as decimal(18, 2)) as wage_income,
    cast(null as decimal(18, 2)) as pension_income,
    received_at
from {{ ref('int_roster_month') }}
where programme = 'extreme_poverty' and holds
