-- Bills are many and asked about seldom: they are read once, and those kept that are of a listed disease or of somebody
-- whose costs may be high.
with settlement as (

    select
        settlement_no,
        person_key,
        id_no_status,
        name,
        name_folded,
        name_pattern,
        hospital,
        diagnosis,
        settled_on,
        {{ month_of('settled_on') }} as settled_month,
        cash,
        received_at
    from {{ ref('stg_medical_insurance__settlement') }}

),

code as (

    select distinct
        diagnosis,
        upper(replace(replace(replace(diagnosis, '.', ''), ' ', ''), '　', '')) as plain
    from settlement
    where diagnosis is not null

),

disease as (

    select code.diagnosis, listed.disease_number, listed.is_children_only
    from code
    inner join {{ ref('major_diseases') }} as listed
        on substr(code.plain, 1, 3) = substr(listed.icd_prefix, 1, 3)
        and substr(code.plain, 1, length(listed.icd_prefix)) = listed.icd_prefix

),

costly as ( -- whoever stays below the line in all months together is above it in no twelve of them

    select person_key
    from settlement
    group by person_key
    having sum(case when cash > 0 then cash else 0 end) >= (
        select min(value) from {{ ref('int_parameter_month') }}
        where parameter = 'medical_cash_medium'
    )

)

select
    settlement.*,
    disease.disease_number,
    disease.is_children_only,
    costly.person_key is not null as is_costly
from settlement
left join disease on settlement.diagnosis = disease.diagnosis
left join costly on settlement.person_key = costly.person_key
where disease.diagnosis is not null or costly.person_key is not null
