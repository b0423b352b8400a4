-- "a listed major disease settled in m−2…m and not in the 12 months before", of whoever is or was on the rosters.
with settled as (

    select * from {{ ref('int_rules__settlement') }}
    where disease_number is not null

),

named as (

    select distinct
        roster.person_key,
        roster.id_no_status,
        roster.name,
        roster.name_folded,
        roster.name_pattern,
        former.former_name
    from {{ ref('int_roster_month') }} as roster
    left join {{ ref('int_rules__former_name') }} as former on roster.person_key = former.person_key
    where roster.programme in ('dibao', 'dibao_edge', 'rigid_expenditure')
        and roster.person_key in (select person_key from settled)

),

graded as (

    select
        named.person_key,
        named.id_no_status,
        named.name,
        settled.disease_number,
        settled.is_children_only,
        settled.diagnosis,
        settled.settled_on,
        settled.settled_month,
        settled.received_at,
        {{ match_grade('named', 'settled', 'named.former_name') }} as match_grade
    from named
    inner join settled on named.person_key = settled.person_key

),

matched as (

    select
        person_key,
        id_no_status,
        name,
        disease_number,
        is_children_only,
        settled_month,
        min(diagnosis) as diagnosis,
        min(settled_on) as settled_on,
        max(match_grade) as match_grade,
        max(received_at) as received_at
    from graded
    where match_grade is not null
    group by person_key, id_no_status, name, disease_number, is_children_only, settled_month

),

spans as (

    select
        months.month,
        {{ plus_months('months.month', '-' ~ parameter('disease_recent_months', 'months.month')) }} as recent_from,
        {{ plus_months('months.month', '-(' ~ parameter('disease_recent_months', 'months.month')
            ~ ' + ' ~ parameter('disease_quiet_months', 'months.month') ~ ')') }} as quiet_from
    from {{ ref('int_months') }} as months

),

recent as (

    select
        spans.month,
        spans.recent_from,
        spans.quiet_from,
        matched.person_key,
        matched.id_no_status,
        matched.name,
        matched.disease_number,
        matched.is_children_only,
        min(matched.diagnosis) as diagnosis,
        min(matched.settled_on) as settled_on,
        max(matched.match_grade) as match_grade,
        max(matched.received_at) as received_at
    from matched
    inner join spans on matched.settled_month <= spans.month and matched.settled_month >= spans.recent_from
    group by
        spans.month, spans.recent_from, spans.quiet_from, matched.person_key, matched.id_no_status, matched.name,
        matched.disease_number, matched.is_children_only

)

select recent.*
from recent
left join matched as earlier
    on recent.person_key = earlier.person_key
    and recent.name = earlier.name
    and recent.disease_number = earlier.disease_number
    and earlier.settled_month >= recent.quiet_from
    and earlier.settled_month < recent.recent_from
left join {{ ref('int_person') }} as person on recent.person_key = person.person_key
where earlier.person_key is null
    and (
        not recent.is_children_only
        or {{ age_in_month('person.birth_date', 'recent.month') }} < {{ parameter('adult_age', 'recent.month') }}
    )
