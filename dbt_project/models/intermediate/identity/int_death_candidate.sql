with cremation as (
    select * from {{ ref('stg_civil_affairs__cremation') }}
    where person_key is null and name is not null and died_on is not null and address is not null
),

fitting as (
    select
        cremation.record_no,
        cremation.died_on,
        cremation.received_at,
        cremation.name,
        register.person_key,
        register.town_code,
        register.village_code
    from cremation
    inner join {{ ref('int_population_period') }} as register
        on cremation.name = register.name
        and cremation.sex = register.sex
        and register.status = '正常'
        and register.valid_from <= {{ month_of('cremation.died_on') }}
        and (register.valid_to is null or register.valid_to > {{ month_of('cremation.died_on') }})
    left join {{ ref('int_person_death') }} as death
        on register.person_key = death.person_key
        and register.name = death.name
        and {{ died_before('death', month_of('cremation.died_on')) }}
    left join {{ ref('int_regions') }} as village on register.village_code = village.region_code
    left join {{ ref('int_regions') }} as town on register.town_code = town.region_code
    where
        {{ age_in_month('register.birth_date', 'cremation.died_on') }} between cremation.age - 1 and cremation.age + 1
        and (
            cremation.address like '%' || village.name || '%'
            or cremation.address like '%' || town.name || '%'
        )
        and death.person_key is null
)

select
    record_no,
    max(person_key) as person_key,
    max(name) as name,
    max(died_on) as died_on,
    {{ month_of('max(died_on)') }} as died_month,
    max(town_code) as town_code,
    max(village_code) as village_code,
    'M4' as match_grade,
    max(received_at) as received_at
from fitting
group by record_no
having count(distinct person_key) = 1
