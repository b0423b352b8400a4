with entitled as (

    select
        register.*,
        certificate.certificate_no,
        certificate.category,
        certificate.grade,
        certificate.issued_on,
        {{ match_grade('register', 'certificate', 'register.former_name', 'certificate.by_certificate') }} as match_grade,
        greatest(register.received_at, certificate.received_at) as found_at
    from {{ ref('int_rules__registered') }} as register
    inner join {{ ref('int_rules__certificate_holder') }} as certificate
        on register.person_key = certificate.person_key
        and register.month = certificate.month
        and certificate.is_long_enough
        and certificate.is_severe

),

missed as (

    select entitled.*
    from entitled
    left join {{ ref('int_rules__present') }} as excluding
        on entitled.person_key = excluding.person_key
        and entitled.month = excluding.month
        and excluding.programme in ('disability_nursing', 'extreme_poverty')
    left join {{ ref('int_rules__work_injury') }} as injury
        on entitled.person_key = injury.person_key
        and entitled.month = injury.month
        and {{ names_fit('entitled.name', 'injury.name', 'entitled.former_name') }}
    where entitled.match_grade is not null and excluding.person_key is null and injury.person_key is null

)

select
    missed.month,
    'disability_nursing' as programme,
    'person' as subject_type,
    missed.person_key,
    cast(null as string) as household_key,
    missed.certificate_no as event_key,
    'high' as severity,
    {{ parameter('disability_nursing_floor', 'missed.month', '农村') }} as amount_at_risk,
    missed.match_grade,
    missed.town_code,
    missed.village_code,
    {{ json_object([
        ('事实', "'持有效重度残疾人证，未领重度残疾人护理补贴'"),
        ('发证年月', 'substr(cast(missed.issued_on as string), 1, 7)'),
        ('来源', "'户籍人口、残疾人证、补贴名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('残疾人证号', 'missed.certificate_no'),
        ('残疾类别', 'missed.category'),
        ('残疾等级', 'missed.grade'),
        ('发证日期', 'cast(missed.issued_on as string)'),
    ]) }} as evidence_restricted,
    missed.found_at as received_at,
    case when refused.name is not null then '名册待更正行中有同村同名，未评估' end as left_out
from missed
left join {{ ref('int_quarantined_roster_name') }} as refused
    on refused.programme = 'disability_nursing'
    and missed.month = refused.month
    and missed.name = refused.name
    and missed.village_code = refused.village_code
