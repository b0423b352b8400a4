-- A child's row names its parents by number alone: a record is theirs unless the register knows the number under a name
-- that does not fit.
with known as (

    select register.*, former.former_name
    from {{ ref('int_person_name') }} as register
    left join {{ ref('int_rules__former_name') }} as former on register.person_key = former.person_key
    where register.is_in_register

),

dead as (

    select person_key, died_on, match_grade, received_at
    from {{ ref('int_person_death') }}
    {% for source in ['stg_civil_affairs__cremation', 'stg_health__death_certificate'] -%}
    union all
    select
        person_key,
        died_on,
        case when id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
        received_at
    from {{ ref(source) }}
    where person_key is not null
        and died_on is not null
        and person_key not in (select filed.person_key from {{ ref('int_person_name') }} as filed)
    {% endfor %}
),

dead_since as (

    select
        person_key,
        {{ month_of('min(died_on)') }} as died_month,
        min(match_grade) as match_grade,
        max(received_at) as received_at
    from dead
    group by person_key

),

confined as (

    select
        custody.month,
        custody.person_key,
        case
            when known.person_key is not null then {{ match_grade('known', 'custody', 'known.former_name') }}
            when custody.id_no_status = 'upgraded15' then 'M3'
            else 'M1'
        end as match_grade,
        custody.received_at
    from {{ ref('int_rules__custody') }} as custody
    left join known on custody.person_key = known.person_key

),

disabled as (

    select
        certificate.month,
        certificate.person_key,
        case
            when known.person_key is not null
                then {{ match_grade('known', 'certificate', 'known.former_name', 'certificate.by_certificate') }}
            else certificate.match_grade
        end as match_grade,
        certificate.received_at
    from {{ ref('int_rules__certificate_holder') }} as certificate
    left join known on certificate.person_key = known.person_key
    where certificate.is_severe

),

state as (

    select
        months.month,
        dead_since.person_key,
        dead_since.died_month,
        '已故' as reason,
        dead_since.match_grade,
        dead_since.received_at
    from dead_since
    inner join {{ ref('int_months') }} as months on dead_since.died_month <= months.month
    union all
    select month, person_key, cast(null as date) as died_month, '被限制人身自由' as reason, match_grade, received_at
    from confined
    where match_grade is not null
    union all
    select month, person_key, cast(null as date) as died_month, '重度残疾' as reason, match_grade, received_at
    from disabled
    where match_grade is not null

)

select
    month,
    person_key,
    max(died_month) as died_month,
    {{ joined_values('reason', '、') }} as reasons,
    min(match_grade) as match_grade,
    max(received_at) as received_at
from state
group by month, person_key
