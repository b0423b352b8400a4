with found as (

    select
        holder.*,
        disease.disease_number,
        disease.diagnosis,
        disease.settled_on,
        disease.match_grade,
        greatest(holder.received_at, disease.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join {{ ref('int_rules__new_disease') }} as disease
        on holder.person_key = disease.person_key
        and holder.month = disease.month
        and holder.name = disease.name
        and holder.id_no_status = disease.id_no_status
    left join {{ ref('int_person_death') }} as death
        on holder.person_key = death.person_key and holder.name = death.name and {{ died_before('death', 'holder.month') }}
    where holder.programme in ('dibao_edge', 'rigid_expenditure') and death.person_key is null

),

listed as (

    select distinct disease_number, name_zh from {{ ref('major_diseases') }}

)

select
    found.month,
    found.programme,
    'person' as subject_type,
    found.person_key,
    cast(null as string) as household_key,
    cast(found.disease_number as string) as event_key,
    'high' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    found.match_grade,
    found.town_code,
    found.village_code,
    {{ json_object([
        ('事实', "'近三个月医疗费用结算有新情况，需入户了解'"),
        ('结算年月', 'substr(cast(found.settled_on as string), 1, 7)'),
        ('来源', "'医疗费用结算、救助名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('病种', 'listed.name_zh'),
        ('诊断编码', 'found.diagnosis'),
        ('结算日期', 'cast(found.settled_on as string)'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
left join listed on found.disease_number = listed.disease_number
