-- A child's row names its parents by number alone: a record is theirs unless the register knows the number under a name
-- that does not fit.
with known as (

    select register.*, former.former_name
    from {{ ref('int_person_name') }} as register
    left join {{ ref('int_rules__former_name') }} as former on register.person_key = former.person_key
    where register.is_in_register

),

dead as (

    select person_key, died_on, valid_from, valid_to, match_grade, received_at
    from {{ ref('int_person_death') }}
    {% for source in ['stg_civil_affairs__cremation', 'stg_health__death_certificate'] -%}
    union all
    select
        person_key,
        died_on,
        {{ month_of('died_on') }} as valid_from,
        cast(null as date) as valid_to,
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
        months.month,
        dead.person_key,
        {{ month_of('min(dead.died_on)') }} as died_month,
        min(dead.match_grade) as match_grade,
        max(dead.received_at) as received_at
    from dead
    inner join {{ ref('int_months') }} as months
        on {{ month_of('dead.died_on') }} <= months.month and {{ rules_in('dead', 'months.month') }}
    group by months.month, dead.person_key

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

    select month, person_key, died_month, '已故' as reason, match_grade, received_at
    from dead_since
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
