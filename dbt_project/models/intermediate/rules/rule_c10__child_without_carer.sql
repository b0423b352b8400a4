with asked as ( -- the few whose parents are both among those who cannot care

    select distinct father.month, child.person_key
    from {{ ref('int_population_period') }} as child
    inner join {{ ref('int_rules__unable_to_care') }} as father on child.father_person_key = father.person_key
    inner join {{ ref('int_rules__unable_to_care') }} as mother
        on child.mother_person_key = mother.person_key and father.month = mother.month
    where child.status = '正常'

),

child as (

    select
        register.*,
        father.died_month as father_died_month,
        mother.died_month as mother_died_month,
        father.reasons as father_reasons,
        mother.reasons as mother_reasons,
        greatest(
            case when register.id_no_status = 'upgraded15' then 'M3' else 'M1' end, father.match_grade, mother.match_grade
        ) as match_grade,
        greatest(register.received_at, father.received_at, mother.received_at) as found_at
    from {{ registered_among('asked') }} as register
    inner join {{ ref('int_rules__unable_to_care') }} as father
        on register.father_person_key = father.person_key and register.month = father.month
    inner join {{ ref('int_rules__unable_to_care') }} as mother
        on register.mother_person_key = mother.person_key and register.month = mother.month
    where {{ age_in_month('register.birth_date', 'register.month') }} < {{ parameter('adult_age', 'register.month') }}

)

select
    child.month,
    case
        when child.father_died_month is not null and child.mother_died_month is not null then 'orphan'
        else 'unattended_child'
    end as programme,
    'person' as subject_type,
    child.person_key,
    cast(null as string) as household_key,
    'child' as event_key,
    'critical' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    child.match_grade,
    child.town_code,
    child.village_code,
    {{ json_object([
        ('事实', "'未满十八周岁，父母双方的监护情况需要核实，未纳入孤儿或事实无人抚养儿童'"),
        ('父亲死亡年月', 'substr(cast(child.father_died_month as string), 1, 7)'),
        ('母亲死亡年月', 'substr(cast(child.mother_died_month as string), 1, 7)'),
        ('其他情况', "case
            when child.father_died_month is null or child.mother_died_month is null then '待与区级核实'
        end"),
        ('来源', "'户籍人口、区级共享名单、儿童福利名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('父亲', 'child.father_reasons'),
        ('母亲', 'child.mother_reasons'),
        ('出生日期', 'cast(child.birth_date as string)'),
    ]) }} as evidence_restricted,
    child.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from child
left join {{ ref('int_rules__present') }} as covered
    on child.person_key = covered.person_key
    and child.month = covered.month
    and covered.programme in ('orphan', 'unattended_child')
where covered.person_key is null
