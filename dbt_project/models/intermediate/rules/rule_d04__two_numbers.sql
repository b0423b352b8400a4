with listed as (

    select
        roster.month,
        roster.person_key,
        roster.name,
        person.birth_date,
        roster.village_code,
        max(roster.town_code) as town_code,
        max(case when roster.id_no_status = 'upgraded15' then 'M3' else 'M1' end) as match_grade,
        max(roster.received_at) as received_at
    from {{ ref('int_rules__roster_listed') }} as roster
    inner join {{ ref('int_person') }} as person on roster.person_key = person.person_key
    where roster.lives_there
    group by roster.month, roster.person_key, roster.name, person.birth_date, roster.village_code

)

select
    one.month,
    '' as programme,
    'person' as subject_type,
    one.person_key,
    cast(null as string) as household_key,
    one.person_key || '|' || other.person_key as event_key,
    'medium' as severity,
    0 as amount_at_risk,
    greatest(one.match_grade, other.match_grade) as match_grade,
    one.town_code,
    one.village_code,
    {{ json_object([
        ('事实', "'姓名、出生日期和村居都相同的两个身份证号都在名册上'"),
        ('来源', "'救助和补贴名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('姓名', 'one.name'),
        ('出生日期', 'cast(one.birth_date as string)'),
        ('另一人标识', 'other.person_key'),
    ]) }} as evidence_restricted,
    greatest(one.received_at, other.received_at) as received_at,
    {{ nobody_left_out() }} as left_out
from listed as one
inner join listed as other
    on one.month = other.month
    and one.name = other.name
    and one.birth_date = other.birth_date
    and one.village_code = other.village_code
    and one.person_key < other.person_key
