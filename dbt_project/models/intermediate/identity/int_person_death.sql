with recorded as (
    select
        person_key,
        'cremation' as source,
        died_on,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        received_at
    from {{ ref('stg_civil_affairs__cremation') }}
    where person_key is not null and died_on is not null
    union all
    select
        person_key,
        'death_certificate' as source,
        died_on,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        received_at
    from {{ ref('stg_health__death_certificate') }}
    where person_key is not null and died_on is not null
    union all
    select
        person_key,
        'population' as source,
        coalesce(status_on, last_day(period)) as died_on,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        received_at
    from {{ ref('int_population_period') }}
    where status = '死亡注销' and valid_to is null
),

former as (
    select person_key, max(former_name) as former_name
    from {{ ref('int_population_period') }}
    where former_name is not null
    group by person_key
),

graded as (
    select
        filed.person_key,
        filed.name,
        filed.name_folded,
        filed.name_pattern,
        filed.id_no_status,
        recorded.source,
        recorded.died_on,
        recorded.received_at,
        recorded.source = 'population' as is_population,
        {{ match_grade('filed', 'recorded', 'former.former_name') }} as match_grade
    from {{ ref('int_person_name') }} as filed
    inner join recorded on filed.person_key = recorded.person_key
    left join former on filed.person_key = former.person_key
),

-- The earliest of cremation and certificate; the register only where neither speaks.
ranked as (
    select
        *,
        row_number() over (
            partition by person_key, name
            order by
                is_population nulls last, died_on nulls last, received_at nulls last, source nulls last,
                match_grade nulls last
        ) as choice
    from graded
    where match_grade is not null
)

select
    person_key,
    name,
    max(name_folded) as name_folded,
    max(name_pattern) as name_pattern,
    max(id_no_status) as id_no_status,
    max(case when choice = 1 then died_on end) as died_on,
    {{ month_of('max(case when choice = 1 then died_on end)') }} as died_month,
    {{ distinct_list('source') }} as sources,
    max(case when choice = 1 then source end) as source,
    max(case when choice = 1 then match_grade end) as match_grade,
    max(case when choice = 1 then received_at end) as received_at,
    min(case when source = 'cremation' then died_on end) as cremation_died_on,
    min(case when source = 'death_certificate' then died_on end) as certificate_died_on,
    min(case when source = 'population' then died_on end) as population_died_on
from ranked
group by person_key, name
