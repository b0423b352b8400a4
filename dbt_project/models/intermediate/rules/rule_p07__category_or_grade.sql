with differing as (

    select * from {{ ref('int_rules__subsidy_certificate') }}
    where programme in ('disability_living', 'disability_nursing')
        and found_no is not null
        and match_grade is not null
        and (disability_category <> found_category or disability_grade <> found_grade)

)

select
    month,
    programme,
    'person' as subject_type,
    person_key,
    cast(null as string) as household_key,
    found_no as event_key,
    'high' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'补贴名册上的残疾类别或等级与残疾人证不一致'"),
        ('不一致的项', "case
            when disability_category <> found_category and disability_grade <> found_grade then '类别和等级'
            when disability_category <> found_category then '类别'
            else '等级'
        end"),
        ('补贴档次', 'tier'),
        ('来源', "'残疾人补贴名册、残疾人证'"),
    ]) }} as evidence,
    {{ json_object([
        ('残疾人证号', 'found_no'),
        ('名册类别', 'disability_category'),
        ('证件类别', 'found_category'),
        ('名册等级', 'disability_grade'),
        ('证件等级', 'found_grade'),
    ]) }} as evidence_restricted,
    found_at as received_at,
    {{ nobody_left_out() }} as left_out
from differing
