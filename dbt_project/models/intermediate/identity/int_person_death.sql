with recorded as (
    select
        person_key,
        'cremation' as source,
        died_on,
        {{ month_of('died_on') }} as valid_from,
        cast(null as date) as valid_to,
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
        {{ month_of('died_on') }} as valid_from,
        cast(null as date) as valid_to,
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
        valid_from,
        valid_to,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        received_at
    from {{ ref('int_population_period') }}
    where status = '死亡注销'
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
        recorded.valid_from,
        recorded.valid_to,
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
            partition by person_key, name, is_population, case when is_population then valid_from end
            order by died_on nulls last, received_at nulls last, source nulls last, match_grade nulls last
        ) as choice,
        min(case when not is_population then valid_from end) over (partition by person_key, name) as recorded_from
    from graded
    where match_grade is not null
),

reported as (
    select
        person_key,
        name,
        {{ distinct_list('source') }} as sources,
        min(case when source = 'cremation' then died_on end) as cremation_died_on,
        min(case when source = 'death_certificate' then died_on end) as certificate_died_on,
        min(case when source = 'population' then died_on end) as population_died_on
    from ranked
    group by person_key, name
)

select
    ranked.person_key,
    ranked.name,
    ranked.name_folded,
    ranked.name_pattern,
    ranked.id_no_status,
    ranked.died_on,
    {{ month_of('ranked.died_on') }} as died_month,
    ranked.valid_from,
    case
        when not ranked.is_population or ranked.valid_to < ranked.recorded_from then ranked.valid_to
        else coalesce(ranked.recorded_from, ranked.valid_to)
    end as valid_to,
    reported.sources,
    ranked.source,
    ranked.match_grade,
    ranked.received_at,
    reported.cremation_died_on,
    reported.certificate_died_on,
    reported.population_died_on
from ranked
inner join reported on ranked.person_key = reported.person_key and ranked.name = reported.name
where ranked.choice = 1
    and (not ranked.is_population or ranked.recorded_from is null or ranked.valid_from < ranked.recorded_from)
