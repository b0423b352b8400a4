with register as (
    select * from {{ ref('int_population_period') }}
    where
        valid_from <= date '{{ var("as_of") }}'
        and (valid_to is null or valid_to > date '{{ var("as_of") }}')
),

-- Where the person is filed with us: the newest month, the programme that stands first in it.
filed as (
    select * from {{ ref('int_roster_month') }}
    qualify row_number() over (
        partition by person_key
        order by month desc nulls last, roster_dataset asc nulls last, programme asc nulls last, household_key asc nulls last
    ) = 1
),

number as (
    select
        person_key,
        case when substr(id_no, 17, 1) in ('1', '3', '5', '7', '9') then '男' else '女' end as sex,
        try_cast(
            substr(id_no, 7, 4) || '-' || substr(id_no, 11, 2) || '-' || substr(id_no, 13, 2) as date
        ) as birth_date
    from {{ ref('int_person_seen') }}
    where length(id_no) = 18
)

select
    seen.person_key,
    seen.person_secret,
    seen.id_no,
    seen.id_status,
    coalesce(filed.name, register.name, seen.name) as name,
    register.name as register_name,
    register.former_name,
    coalesce(register.sex, number.sex) as sex,
    coalesce(register.birth_date, number.birth_date) as birth_date,
    register.status as register_status,
    register.status_on as register_status_on,
    coalesce(register.town_code, filed.town_code) as town_code,
    coalesce(register.village_code, filed.village_code) as village_code,
    register.father_person_key,
    register.mother_person_key,
    register.spouse_person_key
from {{ ref('int_person_seen') }} as seen
left join register on seen.person_key = register.person_key
left join filed on seen.person_key = filed.person_key
left join number on seen.person_key = number.person_key
