with in_force as (

    select
        *,
        upper(certificate_no) as number
    from {{ ref('int_certificate_in_force') }}

),

compared as (

    select
        *,
        substr(number, 1, 18) <> id_no as number_differs,
        substr(number, 19, 1) <> case category
            when '视力' then '1'
            when '听力' then '2'
            when '言语' then '3'
            when '肢体' then '4'
            when '智力' then '5'
            when '精神' then '6'
            when '多重' then '7'
        end as category_differs,
        substr(number, 20, 1) <> case grade
            when '一级' then '1'
            when '二级' then '2'
            when '三级' then '3'
            when '四级' then '4'
        end as grade_differs
    from in_force

)

select
    month,
    '' as programme,
    'person' as subject_type,
    person_key,
    cast(null as string) as household_key,
    certificate_no as event_key,
    'medium' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    case when id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'残疾人证号与登记内容不符'"),
        ('身份证号部分', "case when number_differs then '不符' else '相符' end"),
        ('类别位', "case when category_differs then '不符' else '相符' end"),
        ('等级位', "case when grade_differs then '不符' else '相符' end"),
        ('来源', "'残疾人证'"),
    ]) }} as evidence,
    {{ json_object([
        ('残疾人证号', 'certificate_no'),
        ('残疾类别', 'category'),
        ('残疾等级', 'grade'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from compared
where number_differs or category_differs or grade_differs
